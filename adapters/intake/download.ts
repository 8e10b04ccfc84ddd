import { ReadError } from '#channel/errors.ts'
import type { ExternalMedia } from '#channel/events.ts'
import type { Tools } from '#channel/tools.ts'

const maxBytes = 50 * 1024 * 1024
const gone = { en: 'The file is not there any more.', zh: '文件已不存在。' }

/** A file came with the post, or stands at an address the program gave; redirects are not followed. */
export async function download(tools: Tools, { reference }: ExternalMedia, signal: AbortSignal): Promise<Response> {
  if (typeof reference.data === 'string') return new Response(Buffer.from(reference.data, 'base64'))
  if (typeof reference.url !== 'string') throw new ReadError('gone', { text: gone })
  const response = await tools.fetch(reference.url, { maxBytes, timeoutMs: 60_000, signal })
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel()
    throw new ReadError('gone', { text: gone })
  }
  return response
}
