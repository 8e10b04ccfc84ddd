/** Pictures and films of a post or comment, in every shape that Weibo's interfaces have for them. */
import { createHash } from 'node:crypto'
import type { ExternalMedia } from '#channel/events.ts'
import { field, wordOf } from './plain-text.ts'
import type { Comment, Status } from './types.ts'

const maxPictures = 18

export function mediaOf(post: Partial<Pick<Status & Comment, MediaField>>): ExternalMedia[] {
  const found = [
    ...valuesOf(post.pics),
    ...valuesOf(post.pic_infos),
    ...valuesOf(post.pic_urls),
    ...valuesOf(post.pic === undefined ? undefined : [post.pic]),
  ].flatMap((picture) => photo(picture) ?? [])
  const single = found.length === 0 ? photo(post.original_pic) : null
  const film = video(post.page_info)
  const all = [...found, ...(single ? [single] : []), ...(film ? [film] : [])]
  return [...new Map(all.map((media) => [media.externalId, media])).values()].slice(0, maxPictures)
}
type MediaField = 'pics' | 'pic_infos' | 'pic_urls' | 'pic' | 'original_pic' | 'page_info'

/** The mobile interface gives an object with the keys 0, 1, 2 where it gives a list elsewhere. */
function valuesOf(list: unknown): readonly unknown[] {
  if (Array.isArray(list)) return list.slice(0, maxPictures)
  if (typeof list !== 'object' || list === null) return []
  return Object.values(list).slice(0, maxPictures)
}

function photo(picture: unknown): ExternalMedia | null {
  const sizes = ['largest', 'original', 'large', 'mw2000'].map((size) => field(picture, size))
  const best = sizes.find((size) => address(field(size, 'url')) !== null)
  const url =
    address(field(best, 'url')) ??
    address(field(picture, 'original_pic')) ??
    address(field(picture, 'thumbnail_pic')) ??
    address(field(picture, 'url')) ??
    address(picture)
  if (url === null) return null
  // A thumbnail's address says where the whole picture is.
  const whole = url.replace(/\/(?:thumbnail|bmiddle|square|thumb150|orj360|wap180)\//u, '/large/')
  const geo = field(best, 'geo') ?? best
  return {
    ...nothingKnown,
    kind: 'photo',
    externalId: keyOf(whole),
    reference: { url: whole },
    width: figure(field(geo, 'width')),
    height: figure(field(geo, 'height')),
  }
}

function video(page: unknown): ExternalMedia | null {
  if (field(page, 'type') !== 'video' && field(page, 'object_type') !== 'video') return null
  const info = field(page, 'media_info')
  const names = ['mp4_720p_mp4', 'stream_url_hd', 'mp4_hd_url', 'stream_url', 'mp4_sd_url']
  const url = names.map((name) => address(field(info, name))).find((found) => found !== null)
  if (!url) return null
  const seconds = Number(wordOf(field(info, 'duration')))
  const durationMs = Number.isFinite(seconds) && seconds > 0 ? Math.round(seconds * 1000) : null
  const id = field(page, 'object_id')
  const externalId = typeof id === 'string' && id !== '' ? id.slice(0, 200) : keyOf(url)
  return { ...nothingKnown, kind: 'video', externalId, reference: { url }, durationMs }
}

const nothingKnown = { name: null, mimeType: null, bytes: null, width: null, height: null, durationMs: null }

function address(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 2000) return null
  const url = URL.parse(value.startsWith('//') ? `https:${value}` : value)
  return url && /^https?:$/u.test(url.protocol) && url.username === '' && url.password === '' ? url.href : null
}

/** The same picture comes from several hosts: its name is what stays. */
function keyOf(url: string): string {
  const name = new URL(url).pathname.split('/').at(-1) ?? ''
  return name !== '' && name.length <= 100 ? name : createHash('sha256').update(url).digest('base64url')
}

function figure(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return Number.isSafeInteger(number) && Number(number) > 0 ? Number(number) : null
}
