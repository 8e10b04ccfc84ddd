/** How a file is shown: in place only where the server serves the type inline. Pure. */
import type { Media } from '../api/wire.ts'

const images = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'])
const videos = new Set(['video/mp4', 'video/webm'])
const sounds = new Set(['audio/ogg', 'audio/mpeg', 'audio/mp4', 'audio/x-m4a', 'audio/opus', 'video/ogg'])

export function mediaShape({ mimeType }: Pick<Media, 'mimeType'>): 'image' | 'video' | 'audio' | 'file' {
  const type = (mimeType ?? '').replace(/;.*/u, '').trim().toLowerCase()
  if (images.has(type)) return 'image'
  if (videos.has(type)) return 'video'
  if (sounds.has(type)) return 'audio'
  return 'file'
}

const reasons = ['too_large', 'gone', 'refused_type', 'later'] as const

export function mediaReasonKey(reason: string | null) {
  const known = reasons.find((one) => one === reason)
  return known ? (`media.reason.${known}` as const) : null
}
