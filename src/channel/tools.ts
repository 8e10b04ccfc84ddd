/** What the core lends to a connection. Everything is bound to one account. */
import type { Agent as HttpAgent } from 'node:http'
import type { Bilingual } from './errors.ts'
import type { InboundMessage, MediaKind } from './events.ts'

/** How an account is doing, in words an administrator understands. */
export interface Health {
  /**
   * - `ok`
   * - `warning`: something to mend; nothing waits for it.
   * - `refused`: the credentials were refused; sends wait until a check succeeds.
   */
  readonly state: 'ok' | 'warning' | 'refused'
  /** Who the platform says we are, e.g. `@acme_care_bot`. */
  readonly name?: string
  readonly text?: Bilingual
  /**
   * What an administrator has to scan to sign in, drawn as a QR code on the account's page. A secret while it is good: only
   * those who may change the account get it.
   */
  readonly scan?: string
  /**
   * How long the credentials are good, where the channel knows; `renews`: they are renewed without anybody's doing. What was
   * said last stays until something else is; null: nothing is known any more.
   */
  readonly credentials?: { readonly until: string; readonly renews: boolean } | null
}

/** What an account used, counted by the hour over all nodes. Replies are counted by the core, under `reply`. */
export interface Usage {
  /**
   * Adds `count` of a kind (`call`, `post-read`), and what they cost in the currency of the channel's capabilities. With
   * `within`, all or nothing: false, and nothing is added, when there would be more than `max` since then (whole hours).
   * The account's page shows how much of it is used.
   */
  add(
    kind: string,
    count: number,
    options?: { readonly cost?: number; readonly within?: { readonly since: Date; readonly max: number } },
  ): Promise<boolean>
  /** How many since then. Whole hours. */
  count(kind: string, since: Date): Promise<number>
}

/** Small values of an adapter, stored encrypted and shared by all nodes. */
export interface State {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
  delete(key: string): Promise<void>
  /**
   * Runs `fn` on one node at a time. The row lease is taken before `fn` runs, so a rotating token is refreshed once:
   * the others wait, at most 15 s, and their `fn` then gets what the first one stored. `fn` has 15 s as well: a `set` of
   * this key after that is refused, because another may have taken over. Rejects with {@link ReadError} `later`
   * when the wait was too long.
   */
  exclusive<T>(key: string, fn: (current: string | null) => Promise<T>): Promise<T>
}

export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/**
 * What is written to the channel log of one exchange. No secrets: the redaction runs before it is stored. Read when `fn`
 * has ended, so `fn` may fill in `status` and `response`; without a `response` the value `fn` resolved to is written.
 */
export interface Exchange {
  readonly method: string
  readonly url: string
  readonly request?: unknown
  readonly status?: number
  readonly response?: unknown
}

export interface FetchOptions extends RequestInit {
  /** Milliseconds for the whole exchange, reading the body included. Default 8,000. */
  readonly timeoutMs?: number
  /** The answer is cut, with an error, beyond this. Default 1 MiB. */
  readonly maxBytes?: number
  /**
   * `settings`: the host was written by an administrator and may be anywhere.
   * `payload` (default): it came from a message; private, loopback and link-local addresses are refused.
   */
  readonly trust?: 'settings' | 'payload'
}

export interface Tools {
  /**
   * Time-limited, size-capped, guarded, written to the channel log. Follows no redirects. Rejects, and so does reading
   * the body, with {@link NoAnswer} when no answer came, and with {@link ReadError} `too_large` beyond `maxBytes` or
   * `gone` for an address that may not be fetched.
   */
  fetch(url: string | URL, options?: FetchOptions): Promise<Response>
  /** Wraps one call of an SDK that brings its own HTTP: times it and writes it to the channel log. */
  logged<T>(exchange: Exchange, fn: () => Promise<T>): Promise<T>
  /** Keep-alive agent for SDKs that speak through `node:http(s)`. Trusted hosts only. */
  agent(url: string): HttpAgent
  /** Replaces every secret of the account's settings in a text. */
  redact(text: string): string
  now(): Date
  readonly log: Logger
  readonly state: State
  readonly usage: Usage
  /** A thread as we have it. For channels whose platform is us (web chat). */
  thread(id: string): ThreadReader
  /** Files of a channel whose platform is us: kept here before the message that brings them is. */
  readonly files: {
    /** By its content, so that the same again changes nothing. Null, and nothing is kept: its type is none of these. */
    keep(bytes: Uint8Array, options: { readonly mimeTypes: readonly string[] }): Promise<KeptFile | null>
    /** For `download`. Rejects with {@link ReadError} `gone` a day after it was kept, when no message brought it. */
    open(key: string): Promise<Response>
  }
  /**
   * Short words between the connections of this account on all nodes, this one included. Not kept: lost where nobody
   * listens. For what is old in seconds anyhow: somebody is typing.
   */
  readonly nodes: {
    tell(word: string): void
    /** Until what it returns is called, or the connection is closed. */
    hear(fn: (word: string) => void): () => void
  }
  /** Tells the core, and through it the administrator, how the account is doing. Does not reject. */
  health(health: Health): Promise<void>
}

export interface ThreadReader {
  /** What comes after this line, the oldest first, at most 500; from the beginning where there is no such line (any more). */
  read(after: string | null): Promise<readonly ThreadLine[]>
  /** The newest lines, the oldest of them first. */
  last(count: number): Promise<readonly ThreadLine[]>
  /**
   * What comes after this line, and then each new one as it comes, once. Lines may be committed a little out of the order of
   * their times: somebody who comes back names a line a minute older than the newest they have, and knows what they have.
   */
  watch(after: string | null, signal: AbortSignal): AsyncIterable<ThreadLine>
  /** A file of one of its lines. `pending`: not fetched yet. Null: no such file in what this thread shows. */
  file(id: string): Promise<ThreadFile | 'pending' | null>
}

export interface ThreadLine {
  readonly id: string
  readonly direction: 'inbound' | 'outbound'
  /** The id the message came in with; null for ours. */
  readonly externalId: string | null
  readonly message: Pick<InboundMessage, 'text' | 'sentAt'>
  readonly authorName: string
  readonly media: readonly LineMedia[]
}

export interface LineMedia {
  readonly id: string
  readonly kind: MediaKind
  readonly name: string | null
  readonly mimeType: string | null
  readonly bytes: number | null
  readonly width: number | null
  readonly height: number | null
}

export interface ThreadFile {
  /** By its content. */
  readonly mimeType: string
  readonly bytes: number
  /** A browser may show it in place: it draws or plays it and runs nothing in it. */
  readonly inline: boolean
  /** The caller reads it to its end or cancels it. */
  readonly body: ReadableStream<Uint8Array>
}

export interface KeptFile {
  readonly key: string
  readonly mimeType: string
  readonly bytes: number
  readonly width: number | null
  readonly height: number | null
}
