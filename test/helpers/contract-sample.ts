/** What an adapter brings to the shared suite (`adapters/<name>/contract.ts`): things only it can know. */
export interface ContractSample {
  /** Valid settings that lead nowhere: nobody listens at `http://127.0.0.1:9`. Secrets are long and unmistakable. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Calls of the webhook that the platform did not make. */
  readonly forged: readonly (() => Request)[]
  /** Payloads as `reread` takes them, one of every kind. */
  readonly payloads: readonly unknown[]
  /** A thread of each surface that can be answered, and the message answered there. */
  readonly threads: { readonly [surface in 'direct' | 'public']?: { readonly id: string; readonly inReplyTo: string } }
}
