/** Files in pieces. https://docs.x.com/x-api/media/quickstart/media-upload-chunked, read 2026-11-24 */
import type { Body } from './body.ts'
import { sizeOfPicture } from './picture.ts'
import { invalid, problem, refusals } from './refusal.ts'
import type { Upload, World } from './state.ts'

const megabyte = 1024 * 1024
const most: Readonly<Record<string, number>> = { image: 5 * megabyte, gif: 15 * megabyte, video: 512 * megabyte }

export function beginUpload(world: World, json: Readonly<Record<string, unknown>>): unknown {
  const { media_type: type, total_bytes: total, media_category: category } = json
  if (typeof type !== 'string' || typeof total !== 'number') throw invalid('$: media_type and total_bytes are required')
  const kind = /^(?:tweet|dm)_(image|gif|video)$/u.exec(String(category))?.[1]
  if (!kind) throw invalid('$.media_category: unsupported media category')
  if (total <= 0 || total > (most[kind] ?? 0)) throw invalid('$.total_bytes: file size exceeds the maximum')
  const id = world.nextId()
  world.uploads.set(id, { id, type, category: String(category), total, pieces: [], finished: false, looks: 0 })
  return { data: { id, media_key: `3_${id}`, expires_after_secs: 86_400 } }
}

export function appendUpload(world: World, id: string, { parts }: Body): unknown {
  const upload = uploadOf(world, id)
  const index = Number(parts.get('segment_index')?.toString('utf8'))
  const media = parts.get('media')
  if (!Number.isInteger(index) || index < 0 || !media) throw invalid('$: segment_index and media are required')
  // "each chunk at most 5 MB"
  if (media.length > 5 * megabyte) throw problem(413, 'Payload Too Large')
  upload.pieces[index] = media
  return { data: { expires_at: Math.floor(world.now() / 1000) + 86_400 } }
}

export function finishUpload(world: World, id: string): unknown {
  const upload = uploadOf(world, id)
  const bytes = Buffer.concat(upload.pieces)
  if (bytes.length !== upload.total) throw invalid('Segments do not add up to provided total file size.')
  upload.finished = true
  const prepares = !upload.category.endsWith('_image')
  upload.looks = prepares ? 2 : 0
  const info = prepares ? { processing_info: { state: 'pending', check_after_secs: 0 } } : {}
  return { data: { id, media_key: `3_${id}`, size: bytes.length, expires_after_secs: 86_400, ...info } }
}

export function lookAtUpload(world: World, id: string): unknown {
  const upload = uploadOf(world, id)
  if (upload.looks > 0) upload.looks -= 1
  const state = upload.looks > 0 ? 'in_progress' : 'succeeded'
  return { data: { id, media_key: `3_${id}`, processing_info: { state, check_after_secs: 0, progress_percent: 50 } } }
}

function uploadOf(world: World, id: string): Upload {
  const upload = world.uploads.get(id)
  if (!upload) throw refusals.badMedia()
  return upload
}

/** Their keys. Each can be used where it was uploaded for, when it is ready: 4 pictures, or 1 of the others. */
export function takeUploads(world: World, ids: readonly string[], where: 'tweet' | 'dm'): string[] {
  const uploads = ids.map((id) => uploadOf(world, id))
  if (uploads.some(({ category }) => !category.startsWith(`${where}_`))) throw invalid('unsupported media category')
  if (uploads.some(({ finished, looks }) => !finished || looks > 0)) throw refusals.badMedia()
  const alone = uploads.some(({ category }) => !category.endsWith('_image'))
  if (uploads.length > 4 || (alone && uploads.length > 1))
    throw invalid('$.media.media_ids: maximum of 4 photos, or 1 other')
  return uploads.map(({ id, pieces, category }) => {
    const key = `3_${id}`
    const bytes = Buffer.concat(pieces)
    const { width, height } = sizeOfPicture(bytes) ?? { width: 1, height: 1 }
    const kind = category.endsWith('_image') ? 'photo' : category.endsWith('_gif') ? 'animated_gif' : 'video'
    world.media.set(key, { key, kind, bytes, width, height })
    return key
  })
}
