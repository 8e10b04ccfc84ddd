/** May this file be attached? Said before it is uploaded, as far as one can know then. Pure. */
import type { SurfaceCapabilities } from '#channel/capabilities.ts'
import type { MediaKind } from '../api/wire.ts'

export const mostFiles = 10

export type FileRefusal =
  | { readonly reason: 'too_many' }
  | { readonly reason: 'none' }
  | { readonly reason: 'size'; readonly max: number }

/**
 * The kind is the server's to say, by the file's content; so only what no kind could carry is refused here. A note goes
 * nowhere: pass null for its surface.
 */
export function refuseFile(surface: SurfaceCapabilities | null, size: number, already: number): FileRefusal | null {
  if (already >= mostFiles) return { reason: 'too_many' }
  if (!surface) return null
  const limits = Object.values(surface.media)
  if (limits.length === 0) return { reason: 'none' }
  const max = Math.max(...limits.map(({ maxBytes }) => maxBytes))
  return size > max ? { reason: 'size', max } : null
}

/** For the file picker: what this surface takes at all. Empty: anything. */
export function acceptOf(surface: SurfaceCapabilities | null): string {
  if (!surface || surface.media.document) return ''
  const types: Record<MediaKind, string> = {
    photo: 'image/*',
    sticker: 'image/webp',
    video: 'video/*',
    voice: 'audio/*',
    audio: 'audio/*',
    document: '',
  }
  return [...new Set((Object.keys(surface.media) as MediaKind[]).map((kind) => types[kind]))].join(',')
}
