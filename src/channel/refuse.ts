/** May this reply be sent? One pure function for the composer, the API and the claim. */
import type { Capabilities, SurfaceCapabilities } from './capabilities.ts'
import type { Bilingual } from './errors.ts'
import type { MediaKind } from './events.ts'
import type { Standing } from './standing.ts'
import { measure } from './text.ts'

export interface ReplyDraft {
  readonly text: string
  readonly media: readonly {
    readonly kind: MediaKind
    readonly mimeType: string
    readonly size: number
  }[]
}

export type RefusalCode =
  | 'read_only' // nothing can be sent on this surface
  | 'unreachable' // the person blocked us
  | 'not_replyable' // this message may not be answered
  | 'window_closed'
  | 'quota_used'
  | 'empty'
  | 'too_long'
  | 'media_kind' // this kind of file cannot be sent here
  | 'media_type' // the kind can, this type cannot
  | 'media_size'

export interface Refusal {
  readonly code: RefusalCode
  /** Figures for the sentence the desk shows: `max`, `length`, `unit`, `kind`, `reason`. */
  readonly details: { readonly [name: string]: string | number | Bilingual | null }
}

/** Null when it may be sent. Checks the thread first: a refusal there stands whatever is written. */
export function refuseReply(
  capabilities: Capabilities,
  standing: Standing,
  draft: ReplyDraft,
  now: Date,
): Refusal | null {
  return refuseThread(capabilities, standing, now) ?? refuseDraft(capabilities.surfaces[standing.surface]!, draft)
}

/** The part that is known before anything is written. */
export function refuseThread(capabilities: Capabilities, standing: Standing, now: Date): Refusal | null {
  if (!capabilities.surfaces[standing.surface]) return refusal('read_only')
  if (!standing.reachable) return refusal('unreachable', { reason: standing.unreachableReason })
  if (!standing.replyable) return refusal('not_replyable', { reason: standing.notReplyableReason })
  if (!standing.windows) return null
  const open = standing.windows.filter((window) => window.until > now)
  if (open.length === 0) return refusal('window_closed')
  if (!open.some((window) => window.left === null || window.left > 0)) return refusal('quota_used')
  return null
}

/** The part that depends on what is written. */
export function refuseDraft(surface: SurfaceCapabilities, draft: ReplyDraft): Refusal | null {
  if (draft.text.trim() === '' && draft.media.length === 0) return refusal('empty')
  const { max, unit, whenTooLong } = surface.text
  const length = measure(draft.text, unit)
  if (length > max && whenTooLong === 'reject') return refusal('too_long', { max, length, unit })
  for (const { kind, mimeType, size } of draft.media) {
    const limit = surface.media[kind]
    if (!limit) return refusal('media_kind', { kind })
    if (limit.mimeTypes && !limit.mimeTypes.includes(mimeType)) return refusal('media_type', { kind, mimeType })
    if (size > limit.maxBytes) return refusal('media_size', { kind, max: limit.maxBytes, length: size })
  }
  return null
}

function refusal(code: RefusalCode, details: Refusal['details'] = {}): Refusal {
  return { code, details }
}
