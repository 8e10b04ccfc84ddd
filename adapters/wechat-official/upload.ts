/** A file out: WeChat wants it first, and then a message that names it. */
import { SendError } from '#channel/errors.ts'
import type { OutboundMedia } from '#channel/reply.ts'
import type { Api } from './api.ts'
import { capabilities } from './capabilities.ts'
import { WeChatFailure } from './failure.ts'

/** WeChat looks at the name's ending, and so does whoever saves the file. */
const endings: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'audio/amr': 'amr',
  'audio/mpeg': 'mp3',
  'video/mp4': 'mp4',
}

/** The message that shows the file. */
export async function uploadOf(api: Api, file: OutboundMedia, signal: AbortSignal): Promise<object> {
  const type = typeOf(file)
  const form = new FormData()
  const bytes = await bytesOf(file)
  form.append('media', new Blob([bytes], { type: file.mimeType }), nameOf(file))
  const options = { signal, timeoutMs: capabilities.timeoutMs.upload }
  const { media_id } = await api.upload('/cgi-bin/media/upload', { type }, form, options)
  if (typeof media_id !== 'string' || media_id === '') throw new WeChatFailure('unreadable')
  // A video may have a thumbnail, a title and a description; it is shown without them as well.
  return { msgtype: type, [type]: { media_id } }
}

function typeOf({ kind }: OutboundMedia): 'image' | 'voice' | 'video' {
  if (kind === 'photo') return 'image'
  if (kind === 'voice' || kind === 'audio') return 'voice'
  if (kind === 'video') return 'video'
  const text = { en: 'WeChat takes pictures, recordings and videos.', zh: '微信只支持发送图片、语音和视频。' }
  throw new SendError('rejected', 'media_refused', { text })
}

async function bytesOf(file: OutboundMedia): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.bytes())
  } catch (cause) {
    const text = { en: 'The file could not be read.', zh: '无法读取该文件。' }
    throw new SendError('retry', 'unreachable', { text, cause })
  }
}

function nameOf({ name, mimeType }: OutboundMedia): string {
  const ending = endings[mimeType]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get into a header
  const safe = name.replace(/[\u0000-\u001f\u007f"\\/]/gu, '_').slice(-80) || 'file'
  return ending && !safe.toLowerCase().endsWith(`.${ending}`) ? `${safe}.${ending}` : safe
}
