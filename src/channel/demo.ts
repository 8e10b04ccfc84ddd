/** What a channel brings for `npm run demo`: its simulator, and people who complain through it. */
export interface ChannelDemo {
  readonly channel: string
  /** Starts the simulated platform on loopback and its customers; both end with the signal. */
  start(options: { readonly signal: AbortSignal }): Promise<readonly DemoAccount[]>
}

export interface DemoAccount {
  /** What the account is called in the desk. */
  readonly name: string
  /** Settings that connect an account to it. */
  readonly settings: Readonly<Record<string, unknown>>
  /** A page to look at in a browser; the demo prints its address. */
  readonly page?: { readonly title: string; readonly url: string }
  /** Where people bring files: one that was brought. */
  readonly file?: { readonly name: string; readonly bytes: Uint8Array }
  /** Lets the customers begin; called once the account is there. `webhookUrl` is its door on loopback. */
  begin(at: { readonly webhookUrl: string }): void
}
