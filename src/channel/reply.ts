/** One call to the platform, already cut to size by the core. */
import type { ExternalMedia, MediaKind, Surface } from './events.ts'

/** A file we hold. `bytes()` reads it whole; sizes are bounded by the capabilities before it gets here. */
export interface OutboundMedia {
  readonly kind: MediaKind
  readonly name: string
  readonly mimeType: string
  readonly size: number
  readonly bytes: () => Promise<Uint8Array>
}

export interface Reply {
  /** The same on every attempt. Where the platform takes an id from us, this is it. */
  readonly deliveryId: string
  readonly thread: {
    readonly externalId: string
    readonly rootId: string | null
  }
  readonly surface: Surface
  /** The customer's identity in this thread. */
  readonly to: string
  /** The message being answered: its `externalId`; null where there is none yet. */
  readonly inReplyTo: string | null
  readonly text: string
  readonly media: readonly OutboundMedia[]
  /**
   * An earlier attempt ended in doubt, and a person asked for this one: a refusal of it as a repetition is then evidence
   * that the earlier one arrived, and resolves.
   */
  readonly doubted: boolean
  /** Aborts when the call's time is over. */
  readonly signal: AbortSignal
}

/** The platform accepted the reply. `externalId` is null where it tells none. */
export interface Sent {
  readonly externalId: string | null
  /** The adapter learned that the thread goes on under another id (Telegram: group became supergroup). */
  readonly movedTo?: string
  readonly url?: string | null
}

/** Something of ours at the platform. */
export interface ExternalRef {
  readonly externalId: string
  readonly threadId: string
}

export type { ExternalMedia }
