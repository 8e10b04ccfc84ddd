/** What an adapter brings to the shared suite (`adapters/<name>/contract.ts`): things only it can know. */
import type { SendCode } from '../../src/channel/errors.ts'
import type { Surface } from '../../src/channel/events.ts'

export interface ContractSample {
  /**
   * `ours`: the platform is us. A send is a line the core stores, so it calls nobody and cannot fail on the way; the suite
   * stores it, as the core does, and the simulator is a program that reads it through the webhook.
   */
  readonly platform?: 'ours'
  /** Valid settings that lead nowhere: nobody listens at `http://127.0.0.1:9`. Secrets are long and unmistakable. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Calls of the webhook that the platform did not make. */
  readonly forged: readonly (() => Request)[]
  /** A call that the platform did make, for `settings`, received at `at`; it brings at least one event, or a nudge. */
  readonly genuine?: (at: Date) => Request
  /** Where the platform signs the time: how old a genuine call is when it is refused as a replay, in milliseconds. */
  readonly replayAfterMs?: number
  /** Payloads as `reread` takes them, one of every kind. */
  readonly payloads: readonly unknown[]
  /** Those of them that are our own words coming back: they become echoes or nothing, never a message. */
  readonly own?: readonly unknown[]
  /** Where people bring files: some, with good rows and bad ones. */
  readonly files?: readonly Uint8Array[]
  /** A thread of each surface that can be answered, and the message answered there. */
  readonly threads: {
    readonly [surface in Surface]?: {
      readonly id: string
      readonly rootId?: string | null
      readonly to?: string
      readonly inReplyTo: string
    }
  }
  /** Starts the simulator, ready to take a reply in each of `threads`. */
  readonly simulate?: () => Promise<ContractSimulator>
}

export interface ContractSimulator {
  /** The sample's settings, connected to it. */
  readonly settings: Readonly<Record<string, unknown>>
  /** What it took from us, in order: what a customer would see. */
  accepted(): readonly { readonly surface: Surface; readonly text: string; readonly media: number }[]
  /** The next call that sends meets this, once. */
  fault(fault: ContractFault): void
  /** The kinds of fault this channel can meet. Left out: all. */
  readonly faults?: readonly ContractFault['kind'][]
  /** Refusals for good, as the platform words them: the suite asks for each. At least three. */
  readonly refusals: readonly SendCode[]
  /**
   * A customer writes this on the surface of the sample's first thread, and the platform tells us as it does: where it
   * calls us, at `door`, an account's webhook address. For the flows through whole servers. Where people bring files:
   * resolves to the one that says this, with its `name` and `bytes`.
   */
  says(text: string, door: string): unknown
  /** One of many customers, in a conversation of their own: for flows through whole servers. */
  customer(name: string, surface: Surface): ContractCustomer
  /** Where the platform is us: the webhook of the connection under test, before the first reply. */
  meets?(reach: (request: Request) => Promise<Response>): Promise<void>
  /** Access tokens given out so far, where the platform's expire. */
  tokens?(): number
  /** Whether a 429 says how long to wait. */
  readonly tellsWait: boolean
  close(): Promise<void>
}

export interface ContractCustomer {
  /** As `says` above; what comes next goes on with the same conversation. */
  says(text: string, door: string): unknown
  /** What this customer got from us, oldest first, as they read it. */
  heard(): readonly string[]
}

export type ContractFault =
  /** 5xx after the request was read; nothing is said of whether it was taken. */
  | { readonly kind: 'server-error' }
  /** The request is read and taken, the answer never comes. */
  | { readonly kind: 'hang' }
  /** Taken, and the answer breaks off in the middle. */
  | { readonly kind: 'cut' }
  /** Taken, and the answer is a success nobody can read. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'rate-limited'; readonly seconds: number }
  /** A refusal for good, as this platform says it (for many an error inside a 200). */
  | { readonly kind: 'refused'; readonly code: SendCode }
  /** The credentials are refused. */
  | { readonly kind: 'credentials' }
