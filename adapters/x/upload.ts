/** Files out, in pieces. https://docs.x.com/x-api/media/quickstart/media-upload-chunked, read 2026-11-24 */
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { SendError } from '#channel/errors.ts'
import type { OutboundMedia, Reply } from '#channel/reply.ts'
import { capabilities } from './capabilities.ts'
import type { Client } from './client.ts'
import { ApiFailure } from './failure.ts'
import { Id } from './types.ts'

/** Ids of the files, in their order. Nothing anybody can see has happened when it rejects. */
export type Upload = (reply: Reply) => Promise<string[]>

const pieceBytes = 4 * 1024 * 1024
const Begun = z.object({ data: z.object({ id: Id }) })
const Processing = z.object({
  state: z.string(),
  check_after_secs: z.number().min(0).max(60).catch(1),
})
const Progress = z.object({ data: z.object({ processing_info: Processing.optional().catch(undefined) }) })

export function createUpload(client: Client): Upload {
  // A film that was still being prepared when the time was over need not be sent again.
  const waiting = new Map<string, string>()

  return async ({ deliveryId, surface, media, signal }) => {
    if (media.length > 1 && media.some(isAnimated)) throw refused(oneAnimation)
    if (media.length > 1 && media.some(({ kind }) => kind !== 'photo')) throw refused(oneVideo)
    const ids: string[] = []
    for (const [index, file] of media.entries()) {
      const name = `${deliveryId}:${index}`
      const begun = waiting.get(name)
      waiting.delete(name)
      const id = begun ?? (await uploadOne(client, file, surface, signal))
      if (begun || file.kind === 'video' || isAnimated(file)) {
        if (!(await isReady(client, id, signal))) {
          if (waiting.size >= 100) waiting.clear()
          waiting.set(name, id)
          throw new SendError('retry', 'unreachable', { text: stillPreparing })
        }
      }
      ids.push(id)
    }
    return ids
  }
}

async function uploadOne(
  client: Client,
  file: OutboundMedia,
  surface: Reply['surface'],
  signal: AbortSignal,
): Promise<string> {
  const bytes = Buffer.from(await read(file))
  const timeoutMs = capabilities.timeoutMs.upload
  const begun = Begun.safeParse(
    (
      await client.call({
        method: 'POST',
        path: '/2/media/upload/initialize',
        body: { media_type: file.mimeType, total_bytes: bytes.length, media_category: categoryOf(file, surface) },
        timeoutMs,
        signal,
      })
    ).data,
  )
  if (!begun.success) throw new ApiFailure('unreadable', 'an upload without an id')
  const { id } = begun.data.data
  for (let at = 0, piece = 0; at < bytes.length; at += pieceBytes, piece += 1) {
    const media = bytes.subarray(at, at + pieceBytes)
    await client.call({
      method: 'POST',
      path: `/2/media/upload/${id}/append`,
      form: 'form-data',
      body: { segment_index: String(piece), media },
      request: `[piece ${piece}: ${media.length} bytes]`,
      timeoutMs,
      signal,
    })
  }
  await client.call({ method: 'POST', path: `/2/media/upload/${id}/finalize`, timeoutMs, signal })
  return id
}

/** False: still being prepared when the time was over. */
async function isReady(client: Client, id: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const query = { command: 'STATUS', media_id: id }
    const { data } = await client.call({ method: 'GET', path: '/2/media/upload', query, signal })
    const progress = Progress.safeParse(data)
    const info = progress.success ? progress.data.data.processing_info : undefined
    if (!info || info.state === 'succeeded') return true
    if (info.state === 'failed') throw refused(notPrepared)
    await wait(Math.max(info.check_after_secs, 0.05) * 1000, undefined, { signal }).catch(() => {})
  }
  return false
}

async function read(file: OutboundMedia): Promise<Uint8Array> {
  try {
    return await file.bytes()
  } catch (cause) {
    const text = { en: 'The file could not be read.', zh: '无法读取该文件。' }
    throw new SendError('retry', 'unreachable', { text, cause })
  }
}

/** A category of posts is refused in messages, and the other way round. */
function categoryOf(file: OutboundMedia, surface: Reply['surface']): string {
  const where = surface === 'direct' ? 'dm' : 'tweet'
  return `${where}_${isAnimated(file) ? 'gif' : file.kind === 'video' ? 'video' : 'image'}`
}

function isAnimated({ mimeType }: OutboundMedia): boolean {
  return mimeType === 'image/gif'
}

function refused(text: { en: string; zh: string }): SendError {
  return new SendError('rejected', 'media_refused', { text })
}

const oneAnimation = { en: 'X takes a GIF only by itself. Send it alone.', zh: 'X 的 GIF 只能单独发送，请分开发送。' }
const oneVideo = { en: 'X takes a video only by itself. Send it alone.', zh: 'X 的视频只能单独发送，请分开发送。' }
const notPrepared = { en: 'X could not make use of this file.', zh: 'X 无法处理该文件。' }
const stillPreparing = { en: 'X is still preparing the file.', zh: 'X 仍在处理该文件。' }
