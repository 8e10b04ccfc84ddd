/**
 * The adapter contract, on two levels: a static description of a channel, and one open connection per account.
 *
 * An adapter never touches the database, the HTTP server or another adapter. It turns payloads into `InboundEvent`s and
 * `Reply`s into calls, and says truthfully what it knows about the outcome.
 */
import type { z } from 'zod'
import type { Capabilities } from './capabilities.ts'
import type { Entry, EntryForm } from './entry.ts'
import type { Bilingual } from './errors.ts'
import type { ExternalMedia, InboundEvent } from './events.ts'
import type { FileImport, ImportFile } from './import.ts'
import type { ExternalRef, Reply, Sent } from './reply.ts'
import type { Health, Tools } from './tools.ts'

/** One configured account, as its adapter sees it. */
export interface Account<Settings> {
  readonly id: string
  readonly name: string
  readonly settings: Settings
  /** Where the platform reaches us: `<HUIXIN_URL>/webhooks/<id>`. Null while no public address is configured. */
  readonly webhookUrl: string | null
}

export interface Adapter<Settings> {
  /** Folder name, URL segment, database value. */
  readonly channel: string
  readonly title: Bilingual
  /**
   * `path` is path data: the `d` of one `<path fill="currentColor">` in a 24 × 24 view box, so that the desk draws it
   * without trusting markup.
   */
  readonly icon: { readonly path: string }
  readonly capabilities: Capabilities
  /** Where settings decide what an account can do. Left out: every account has `capabilities`. Pure, plain JSON. */
  capabilitiesOf?(settings: Settings): Capabilities
  /** What people at the desk can write down for an account by hand (a call, a visit); null: nothing. Pure. */
  entryForm?(settings: Settings): EntryForm | null
  /** `.meta(field({ title: {en, zh}, help: {en, zh}, secret: true }))` on each field draws the form and drives redaction. */
  readonly settings: z.ZodType<Settings>
  /** Defaults: 1 MiB, `application/json`. */
  readonly webhookLimits?: {
    readonly bodyBytes: number
    readonly contentTypes: readonly string[]
  }
  /**
   * Browsers load pages from its webhook: an answer may bring its own `content-security-policy`, and say who may load and
   * embed it. Without this, what the webhook answers runs nothing, whatever the answer says.
   */
  readonly servesPages?: true
  /**
   * How often `check` is asked again while all is well: webhooks fall silent without an error. Default 15 minutes;
   * null: never, where asking costs more than it is worth.
   */
  readonly checkEveryMs?: number | null
  /** What an account does with posts until somebody chooses: makes tickets (default), or lists them to be looked at. */
  readonly intake?: Intake
  /** People bring files to these accounts; with it comes {@link Connection.openFile}. */
  readonly imports?: FileImport
  /**
   * What people call the place behind an account, where the channel's title does not say it: the platform whose exports it
   * takes. Null: the channel's title will do.
   */
  platform?(settings: Settings): string | null
  /** Opens without any call to the platform, so that a dead platform does not stop the start. */
  connect(account: Account<Settings>, tools: Tools): Connection
}

/** `tickets`: every post becomes a ticket. `watch`: posts are mentions, without a clock, until somebody makes a ticket of one. */
export type Intake = 'tickets' | 'watch'

export interface PollPosition {
  readonly stream: string
  /** As this adapter returned it last; null at the first poll. */
  readonly cursor: string | null
  /** From a webhook's nudge, used once. */
  readonly hint: string | null
}

export interface PollResult {
  readonly events: readonly InboundEvent[]
  /** Stored in the transaction that stores the events. */
  readonly cursor: string | null
  /** There is more to read: poll again at once. */
  readonly more: boolean
  /** Not before this time; null: at once, for platforms with long polling. */
  readonly nextAt: Date | null
}

/** Who called the webhook, for a channel whose callers are strangers. */
export interface Caller {
  /** What limits count by: the peer's, or what a trusted proxy says; IPv6 by /64. */
  readonly address: string
  /** Aborts when the caller went away, when the account's settings change, and when the server stops. */
  readonly signal: AbortSignal
}

/** A message that is stored now, and its ticket. */
export interface Placed {
  readonly externalId: string
  readonly ticket: { readonly id: string; readonly number: number }
}

export interface WebhookResult {
  readonly events: readonly InboundEvent[]
  /** Sent only after the events are committed. */
  readonly response: Response
  /**
   * The body is handed on piece by piece, and may go on for as long as the caller stays: it is cancelled when
   * `caller.signal` aborts. Without it the body is read whole and sent.
   */
  readonly streams?: true
  /** A customer is typing in this thread: shown in the desk for seconds, and kept nowhere. */
  readonly typing?: { readonly threadId: string }
  /** In place of `response`, made after the commit from where the messages of these events are. */
  readonly respond?: (placed: readonly Placed[]) => Response
  /** Wakes the poller of this stream. */
  readonly nudge?: { readonly stream: string; readonly hint: string | null }
}

/** Only `send` and `check` are required. Every method may be called at any time from several places at once. */
export interface Connection {
  /**
   * Verifies, parses, prepares the answer. Throws {@link WebhookRejected} when the request is not genuine and
   * {@link WebhookMalformed} when its body is no document. Any other throw is kept as unread and answered 200.
   * `receivedAt` is when the request came: what is good for minutes only is judged by it, not by the clock, because a
   * request that was kept is read again later with the time it came; nobody waits for its answer then: no `caller`.
   */
  webhook?(request: Request, receivedAt: Date, caller?: Caller): Promise<WebhookResult>
  /** The streams this account is polled on; none: not polled. Asked again when settings change. */
  streams?(): readonly string[]
  /** One read. Throws {@link ReadError}; never loses what it read: what it returns is stored with the cursor. */
  poll?(at: PollPosition, signal: AbortSignal): Promise<PollResult>
  /** A connection that stays open. Resolves when the signal aborts; rejects when it broke (it is opened again). */
  listen?(deliver: (events: readonly InboundEvent[]) => Promise<void>, signal: AbortSignal): Promise<void>
  /** Reads a payload again that was kept as `unread`. */
  reread?(raw: unknown): readonly InboundEvent[]
  /**
   * The id under which the platform will speak of a reply, where we choose it: the same for every attempt. It is stored
   * before the call, so that what the platform tells later finds the reply, whatever the call came to.
   */
  externalIdOf?(deliveryId: string): string
  /** Reads a file somebody brought: the table that is in it. Throws {@link FileUnreadable}. Only with `Adapter.imports`. */
  openFile?(file: { readonly name: string; readonly bytes: Uint8Array }): ImportFile
  /** What was written down at the desk, checked by `entryForm`, as events; for the same entry always the same ones. */
  enter?(entry: Entry): Promise<readonly InboundEvent[]>
  /** Resolves when the platform accepted the reply. Throws {@link SendError} when it did not, or may not have. */
  send(reply: Reply): Promise<Sent>
  /** Once, after commit, best effort: answer a callback query, use a welcome code. */
  acknowledge?(event: InboundEvent): Promise<void>
  /** "Is typing", best effort. */
  typing?(thread: { readonly externalId: string; readonly rootId: string | null }): Promise<void>
  /** After an unknown outcome: did it arrive? Only where the platform lets us read back. */
  findSent?(reply: Omit<Reply, 'signal' | 'media'>): Promise<Sent | 'absent' | 'cannot-tell'>
  /** Is this echo the text we sent? Platforms rewrite links and spaces. Default: equal after trimming. */
  sameText?(ours: string, theirs: string): boolean
  edit?(target: ExternalRef, text: string): Promise<void>
  remove?(target: ExternalRef): Promise<void>
  /** The body is streamed and capped by the core. Throws {@link ReadError} `gone` or `too_large` for good. */
  download?(media: ExternalMedia, signal: AbortSignal): Promise<Response>
  /** Are the settings right? Says in words what is wrong. Also makes the platform call us (sets the webhook). */
  check(): Promise<Health>
  /** The account is being removed: undo at the platform what `check` set up there (the webhook). Best effort. */
  release?(): Promise<void>
  close?(): Promise<void>
}

/** Keeps the settings' type inside the adapter and hides it from the list. */
export function defineAdapter<Settings>(adapter: Adapter<Settings>): Adapter<Settings> {
  return adapter
}
