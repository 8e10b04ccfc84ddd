/**
 * What a channel tells us, in one shape for all channels.
 *
 * Rules for every field:
 * - ids are strings, never numbers: platforms use 64-bit ids that JavaScript numbers round;
 * - times are the platform's, as `Date`; the core adds its own time of arrival;
 * - text is plain: HTML already turned into text, entities already decoded. The core cleans NUL and lone surrogates.
 */
import type { Bilingual } from './errors.ts'

/** Where a message stands: between two people, or for everybody to read. */
export type Surface = 'direct' | 'public'

export type MediaKind = 'photo' | 'video' | 'voice' | 'audio' | 'document' | 'sticker'

/**
 * A file at the platform. `reference` is whatever the adapter's `download` needs (a file id, an address); plain JSON,
 * stored encrypted, never sent to a browser, holds no credentials.
 */
export interface ExternalMedia {
  readonly kind: MediaKind
  /** The same for the same file, within the account. Makes a repeated edit harmless. */
  readonly externalId: string
  readonly reference: {
    readonly [key: string]: string | number | boolean | null
  }
  readonly name: string | null
  readonly mimeType: string | null
  readonly bytes: number | null
  readonly width: number | null
  readonly height: number | null
  readonly durationMs: number | null
}

export interface Author {
  /** The person's id, unique within the account. A channel or anonymous sender is a person too. */
  readonly externalId: string
  /** As shown. One string: names are not split. Never empty: fall back to the handle or id. */
  readonly name: string
  /** False: the platform told no name, and `name` stands in for one. It never replaces a name that is known. */
  readonly isNamed?: boolean
  readonly handle: string | null
  readonly avatarUrl: string | null
  readonly followers: number | null
}

export interface Location {
  readonly latitude: number
  readonly longitude: number
  readonly title: string | null
}

export interface InboundMessage {
  /** Unique within the account. Composed where the platform's id is unique per chat only: `<chat>:<message>`. */
  readonly externalId: string
  /** Breaks ties where times are whole seconds. Compared as text: make it with {@link sequenceOf}. */
  readonly sequence: string | null
  /** The person's conversation, unique within the account. See *Thread* in docs/design.md. */
  readonly threadId: string
  /** The public post, group or topic this belongs to. */
  readonly rootId: string | null
  /** `externalId` of the message this one answers. */
  readonly parentId: string | null
  readonly surface: Surface
  readonly author: Author
  readonly text: string
  /** Quoted, reposted or replied-to text: not the customer's own words. */
  readonly context: { readonly text: string; readonly author: string } | null
  readonly media: readonly ExternalMedia[]
  readonly location: Location | null
  /** The public post's address. */
  readonly url: string | null
  readonly sentAt: Date
  /**
   * X: not summoned; feed: read-only. `reason` is shown to the agent, in both languages. `until`: where one message may be
   * answered for a time only, and the surface's windows do not say it (a business chat on Telegram).
   */
  readonly replyable: {
    readonly allowed: boolean
    readonly reason: Bilingual | null
    readonly until?: Date | null
  }
  /** The same for the parts of an album, which become one message. Unique within the thread. */
  readonly groupKey: string | null
  /** The payload as it came. Stored encrypted for 30 days for support, read by nobody else. */
  readonly raw: unknown
}

export type InboundEvent =
  | { readonly type: 'message'; readonly message: InboundMessage }
  | {
      readonly type: 'edited'
      readonly message: InboundMessage
      readonly editedAt: Date
    }
  | { readonly type: 'deleted'; readonly externalId: string; readonly at: Date }
  | {
      readonly type: 'receipt'
      readonly externalId: string
      readonly status: 'delivered' | 'read' | 'failed'
      /** Of `failed`, for the agent. */
      readonly reason?: Bilingual
      readonly at: Date
    }
  /** Follow, menu, scan, enter. Opens a reply window; becomes no ticket. */
  | {
      readonly type: 'opened'
      readonly identity: string
      readonly threadId: string
      readonly kind: string
      readonly at: Date
      readonly welcome?: { readonly code: string; readonly until: Date }
    }
  | {
      readonly type: 'reachability'
      readonly identity: string
      readonly reachable: boolean
      /** Where: somebody who blocked a bot may still be answered in public. Left out: nowhere, or everywhere again. */
      readonly surface?: Surface
      readonly reason: string
      readonly at: Date
    }
  /** Written by us outside Huixin, or our own reply coming back. */
  | { readonly type: 'echo'; readonly message: InboundMessage }
  /** Something to press was pressed; only `acknowledge` has anything to do. */
  | {
      readonly type: 'signal'
      readonly externalId: string
      readonly kind: string
      readonly at: Date
      readonly raw: unknown
    }
  /**
   * A chat goes on under another id (Telegram: a group became a supergroup). In every thread whose root is `from`, or stands
   * below it (`<from>/…`), the leading `from` of root and id becomes `to`: so the ids of such threads begin with their
   * chat's. What comes after it, also in the same batch, finds them under their new ids.
   */
  | {
      readonly type: 'moved'
      readonly externalId: string
      readonly from: string
      readonly to: string
      readonly at: Date
    }
  /**
   * Genuine, but this adapter cannot read it: kept encrypted, counted in health, replayed through
   * `Connection.reread` after a fix. Only for payloads without a chat and a sender; an unknown kind of content
   * with both is a message "[unsupported]".
   */
  | {
      readonly type: 'unread'
      readonly externalId: string
      readonly reason: string
      readonly raw: unknown
    }

/** Turns a platform's number into a sequence that sorts as text. */
export function sequenceOf(value: number | bigint | string): string {
  return String(value).padStart(20, '0')
}
