/** What the surfaces of a channel can do, as data. Plain JSON: the desk reads the same object. */
import type { Bilingual } from './errors.ts'
import type { MediaKind, Surface } from './events.ts'

/**
 * How a platform counts text.
 * - `utf16`: UTF-16 units, `string.length`. Telegram.
 * - `code-points`: Unicode code points. Web chat.
 * - `utf8-bytes`: bytes. WeChat.
 * - `x-weighted`: X: 2 for Han and emoji, 23 for a link.
 * - `weibo-chars`: Weibo: a Han character is 1, a Latin letter a half, an emoji 2, rounded up.
 */
export type TextUnit = 'utf16' | 'code-points' | 'utf8-bytes' | 'x-weighted' | 'weibo-chars'

export interface TextLimit {
  readonly max: number
  readonly unit: TextUnit
  /** `split`: the core cuts the text into parts, one delivery each. `reject`: the agent has to shorten it. */
  readonly whenTooLong: 'reject' | 'split'
}

export interface MediaLimit {
  readonly maxBytes: number
  /** At most this many in one call to the platform. */
  readonly maxPerReply: number
  /** Sniffed types accepted. `null`: any. */
  readonly mimeTypes: readonly string[] | null
}

/** A reply window: how long, and how many replies, each customer act opens. */
export interface ReplyWindow {
  /** What opens it: a message of the customer, or an `opened` event of this kind. */
  readonly openedBy: 'message' | { readonly opened: readonly string[] }
  readonly lengthMs: number
  /** Replies per opening; `null`: no count. */
  readonly replies: number | null
}

export interface SurfaceCapabilities {
  readonly text: TextLimit
  /** Kinds not named cannot be sent. */
  readonly media: { readonly [kind in MediaKind]?: MediaLimit }
  /** The limit of text that travels with media; `null`: text and media go as separate parts. */
  readonly caption: TextLimit | null
  /** Any of these windows being open allows a reply; an empty list: no window. */
  readonly windows: readonly ReplyWindow[]
  readonly edit: { readonly maxAgeMs: number | null } | null
  readonly remove: { readonly maxAgeMs: number | null } | null
  readonly typing: boolean
  /** Price of one reply in the platform's currency, where it bills. */
  readonly cost: {
    readonly perReply: number
    readonly withLink: number
    readonly currency: string
  } | null
  /** Default undo time. Public posts 10 s, private chats 3 s. */
  readonly undoMs: number
  /**
   * Set where a reply is carried out by a person (a call, a talk in a store): it becomes a task instead of a call of `send`, and
   * the record of what was said is the reply. `act` is what the person does, as a button says it: *Call back*.
   */
  readonly byHand?: { readonly act: Bilingual }
}

export interface Capabilities {
  /** A surface not named cannot be answered on. */
  readonly surfaces: { readonly [surface in Surface]?: SurfaceCapabilities }
  /** Calls in flight per account, 1 to 50: the most doubt one crash can make. */
  readonly concurrency: number
  /** Calls per interval per account, kept by the sender. The platform's own answer always wins. */
  readonly rate: { readonly calls: number; readonly intervalMs: number }
  /** The platform drops a repeated send that carries the same delivery id. */
  readonly idempotentSend: boolean
  /**
   * So long after it was written, a reply in doubt is sent again without asking anybody: the platform has promised to know the
   * delivery's id that long. Left out: a person is asked, as where `idempotentSend` is false.
   */
  readonly repeatWithinMs?: number
  /** Time-out of one call, and of one with files to upload. Milliseconds. */
  readonly timeoutMs: { readonly call: number; readonly upload: number }
}
