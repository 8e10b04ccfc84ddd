/** Files of posts and messages. */
import type { ExternalMedia } from '#channel/events.ts'
import type { LegacyDm, Media } from './types.ts'

/** The core keeps 50 MiB; a little less, because the bit rate is an average. */
const reasonableBytes = 45 * 1024 * 1024

export function mediaOf(keys: readonly string[], all: readonly Media[]): ExternalMedia[] {
  return keys.flatMap((key) => {
    const found = all.find(({ media_key }) => media_key === key)
    return found ? fileOf(found) : []
  })
}

function fileOf({ media_key, type, url, width, height, duration_ms, variants }: Media): ExternalMedia[] {
  const shared = { externalId: media_key, width: width ?? null, height: height ?? null }
  if (type === 'photo') return url ? [photo({ ...shared, url })] : []
  const film = bestOf(
    variants.map(({ bit_rate, content_type, url }) => ({ rate: bit_rate ?? 0, type: content_type, url })),
    duration_ms ?? 0,
  )
  if (film) return [video({ ...shared, url: film, durationMs: duration_ms ?? null })]
  // Direct messages give a video's first picture only.
  return []
}

export function mediaOfLegacy({ message_create: { message_data } }: LegacyDm): ExternalMedia[] {
  const media = message_data.attachment?.media
  if (!media) return []
  const shared = { externalId: media.id_str, width: null, height: null }
  if (media.type === 'photo') return media.media_url_https ? [photo({ ...shared, url: media.media_url_https })] : []
  const { variants = [], duration_millis } = media.video_info ?? {}
  const film = bestOf(
    variants.map(({ bitrate, content_type, url }) => ({ rate: bitrate ?? 0, type: content_type, url })),
    duration_millis ?? 0,
  )
  return film ? [video({ ...shared, url: film, durationMs: duration_millis ?? null })] : []
}

interface Variant {
  readonly rate: number
  readonly type: string | undefined
  readonly url: string
}

/** The best film that can be kept; when none can, the smallest. */
function bestOf(variants: readonly Variant[], durationMs: number): string | null {
  const films = variants.filter(({ type }) => type === 'video/mp4').sort((a, b) => b.rate - a.rate)
  const bytes = ({ rate }: Variant) => (rate * durationMs) / 8000
  return (films.find((film) => bytes(film) <= reasonableBytes) ?? films.at(-1))?.url ?? null
}

interface Described {
  readonly externalId: string
  readonly url: string
  readonly width: number | null
  readonly height: number | null
}

function photo({ externalId, url, width, height }: Described): ExternalMedia {
  const type = /\.(png|webp|gif)(?:\?|$)/u.exec(url)?.[1] ?? 'jpeg'
  const mimeType = `image/${type}`
  return {
    kind: 'photo',
    externalId,
    reference: { url },
    name: null,
    mimeType,
    bytes: null,
    width,
    height,
    durationMs: null,
  }
}

function video({
  externalId,
  url,
  width,
  height,
  durationMs,
}: Described & { durationMs: number | null }): ExternalMedia {
  return {
    kind: 'video',
    externalId,
    reference: { url },
    name: null,
    mimeType: 'video/mp4',
    bytes: null,
    width,
    height,
    durationMs,
  }
}
