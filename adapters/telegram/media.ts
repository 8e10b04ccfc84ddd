/** Files out, files in. */
import { NoAnswer, ReadError, SendError } from '#channel/errors.ts'
import type { ExternalMedia } from '#channel/events.ts'
import type { OutboundMedia } from '#channel/reply.ts'
import type { Tools } from '#channel/tools.ts'
import type { BotApi, Upload } from './api.ts'
import { capabilities } from './capabilities.ts'
import { readErrorOf } from './read-error.ts'

/** The method that shows a file of this kind as what it is, and the field it goes into. */
export function methodFor({ kind, mimeType }: Pick<OutboundMedia, 'kind' | 'mimeType'>): {
  name: string
  field: string
} {
  if (mimeType === 'image/gif') return { name: 'sendAnimation', field: 'animation' } // as a photo it would stand still
  switch (kind) {
    case 'photo':
      return { name: 'sendPhoto', field: 'photo' }
    case 'video':
      return { name: 'sendVideo', field: 'video' }
    case 'voice':
      return { name: 'sendVoice', field: 'voice' }
    case 'audio':
      return { name: 'sendAudio', field: 'audio' }
    case 'document':
    case 'sticker':
      return { name: 'sendDocument', field: 'document' }
  }
}

/** Reads the file before anything is sent: what fails here has certainly not left. */
export async function uploadOf(file: OutboundMedia): Promise<Upload> {
  try {
    return { source: Buffer.from(await file.bytes()), filename: headerSafe(file.name) }
  } catch (cause) {
    const text = { en: 'The file could not be read.', zh: '无法读取该文件。' }
    throw new SendError('retry', 'unreachable', { text, cause })
  }
}

/** telegraf writes the name into a header as it is. */
function headerSafe(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get into a header
  return name.replace(/[\u0000-\u001f\u007f"\\/]/gu, '_').slice(0, 200) || 'file'
}

/** `getFile` gives files up to 20 MB; a Bot API server of one's own gives larger ones. */
const maxBytes = 64 * 1024 * 1024

/** Streams the file through us: its address holds the token and never leaves the server. */
export async function download(
  api: BotApi,
  tools: Tools,
  media: ExternalMedia,
  signal: AbortSignal,
): Promise<Response> {
  const { fileId } = media.reference
  if (typeof fileId !== 'string') throw gone()
  try {
    const timeoutMs = capabilities.timeoutMs.call
    const file = await api.call('getFile', { file_id: fileId }, { timeoutMs, signal, summary: () => '[file]' })
    const path = typeof file === 'object' && file !== null && 'file_path' in file ? file.file_path : null
    if (typeof path !== 'string') throw gone()
    if (path.startsWith('/')) {
      // A Bot API server started with --local names a file on its own disk.
      const en = 'The Bot API server runs with --local and keeps its files to itself.'
      throw new ReadError('gone', { text: { en, zh: 'Bot API 服务器以 --local 方式运行，不提供文件下载。' } })
    }
    const response = await tools.fetch(api.fileUrl(path), {
      trust: 'settings',
      timeoutMs: capabilities.timeoutMs.upload,
      maxBytes,
      signal,
    })
    if (response.ok) return response
    await response.body?.cancel()
    // The path is good for an hour; asking again gives another one.
    throw new ReadError('later', { text: { en: 'Telegram did not give the file.', zh: 'Telegram 未提供该文件。' } })
  } catch (error) {
    if (error instanceof NoAnswer) throw new ReadError('later', { text: noFile, cause: error })
    throw readErrorOf(error, tools)
  }
}

const noFile = { en: 'The file could not be fetched from Telegram.', zh: '无法从 Telegram 获取该文件。' }
const gone = () => new ReadError('gone', { text: { en: 'Telegram has no such file.', zh: 'Telegram 中没有该文件。' } })
