/** Files of a post. https://docs.joinmastodon.org/entities/MediaAttachment/, read 2026-11-24 */
import type { ExternalMedia, MediaKind } from '#channel/events.ts'
import { Attachment, type Status } from './types.ts'

export function attachmentsOf(status: Status): readonly Attachment[] {
  return status.media_attachments.flatMap((given) => {
    const read = Attachment.safeParse(given)
    return read.success ? [read.data] : []
  })
}

/** Null while the server has no address for it. */
export function mediaOf({ id, type, url, remote_url, meta }: Attachment): ExternalMedia | null {
  const address = [url, remote_url].find((candidate) => candidate != null && isWeb(candidate))
  if (!address) return null
  const { width, height, duration } = meta?.original ?? {}
  return {
    kind: kinds[type] ?? 'document',
    externalId: id,
    reference: { url: address },
    name: nameOf(address),
    mimeType: null,
    bytes: null,
    width: whole(width),
    height: whole(height),
    durationMs: whole(duration == null ? null : duration * 1000),
  }
}

/** `gifv` is a film without sound; `unknown` is what the server could not convert, still at its origin. */
const kinds: Readonly<Record<string, MediaKind>> = { image: 'photo', gifv: 'video', video: 'video', audio: 'audio' }

function whole(value: number | null | undefined): number | null {
  const rounded = Math.round(value ?? Number.NaN)
  return Number.isSafeInteger(rounded) && rounded >= 0 ? rounded : null
}

export function isWeb(address: string): boolean {
  return URL.canParse(address) && /^https?:$/u.test(new URL(address).protocol)
}

/** `/media_proxy/7/original` names no file. */
function nameOf(address: string): string | null {
  const last = new URL(address).pathname.split('/').at(-1) ?? ''
  return last.includes('.') ? last : null
}
