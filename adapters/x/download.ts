/** Files in. Those of posts are anybody's; those of messages are given to the account alone. */
import { NoAnswer, ReadError } from '#channel/errors.ts'
import type { ExternalMedia } from '#channel/events.ts'
import type { Tools } from '#channel/tools.ts'
import { capabilities } from './capabilities.ts'
import type { Client } from './client.ts'
import { readErrorOf } from './explain.ts'
import type { Settings } from './settings.ts'

const maxBytes = 64 * 1024 * 1024
/** https://docs.x.com/x-api/direct-messages/media/introduction, read 2026-11-24 */
const ofMessages =
  /^https:\/\/ton\.(?:x|twitter)\.com\/(?:1\.1\/ton\/data|i\/ton\/data)\/dm\/(\d+)\/(\d+)\/([\w.-]+)(?:\?.*)?$/u

export async function download(
  client: Client,
  settings: Settings,
  tools: Tools,
  media: ExternalMedia,
  signal: AbortSignal,
): Promise<Response> {
  const { url } = media.reference
  if (typeof url !== 'string' || !URL.canParse(url)) throw new ReadError('gone', { text: noFile })
  try {
    const message = ofMessages.exec(url)
    if (message) return await fromMessage(client, settings, message, signal)
    const ours = new URL(url).origin === new URL(settings.apiRoot).origin
    const timeoutMs = capabilities.timeoutMs.upload
    const response = await tools.fetch(url, { trust: ours ? 'settings' : 'payload', timeoutMs, maxBytes, signal })
    if (response.ok || [404, 410, 413].includes(response.status)) return response
    await response.body?.cancel()
    throw new ReadError('later', { text: notGiven })
  } catch (error) {
    if (error instanceof NoAnswer) throw new ReadError('later', { text: notGiven, cause: error })
    throw readErrorOf(error, tools.now())
  }
}

/** OAuth 2 has an address of its own for it; OAuth 1.0a signs for the file itself. */
async function fromMessage(
  client: Client,
  { auth }: Settings,
  [url, dm, id, name]: RegExpExecArray,
  signal: AbortSignal,
): Promise<Response> {
  const path = auth === 'oauth2' ? `/2/dm_conversations/media/${dm}/${id}/${name}` : url
  const { data, contentType } = await client.call({
    method: 'GET',
    path,
    bytes: true,
    signal,
    timeoutMs: capabilities.timeoutMs.upload,
    summary: (bytes) => `[${Buffer.isBuffer(bytes) ? bytes.length : '?'} bytes]`,
  })
  if (!Buffer.isBuffer(data)) throw new ReadError('later', { text: notGiven })
  return new Response(new Uint8Array(data), { headers: contentType ? { 'content-type': contentType } : {} })
}

const noFile = { en: 'X has no such file.', zh: 'X 上没有该文件。' }
const notGiven = { en: 'The file could not be fetched from X.', zh: '无法从 X 获取该文件。' }
