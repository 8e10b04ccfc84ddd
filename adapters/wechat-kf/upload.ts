/** A file out: WeCom wants it first, and then a message that names it. */
import { SendError } from '#channel/errors.ts'
import type { OutboundMedia } from '#channel/reply.ts'
import type { Api } from './api.ts'
import { capabilities } from './capabilities.ts'
import { say } from './codes.ts'
import { WeComFailure } from './failure.ts'
import { textOf } from './types.ts'

const endings: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'audio/amr': 'amr',
  'audio/mpeg': 'mp3',
  'video/mp4': 'mp4',
}

/** The message that shows the file. */
export async function uploadOf(api: Api, file: OutboundMedia, signal: AbortSignal): Promise<object> {
  const type = typeOf(file)
  const form = new FormData()
  form.append('media', new Blob([await bytesOf(file)], { type: file.mimeType }), nameOf(file))
  const options = { signal, timeoutMs: capabilities.timeoutMs.upload }
  const { media_id } = await api.upload('media/upload', { type }, form, options)
  const id = textOf(media_id)
  if (id === '') throw new WeComFailure('unreadable')
  return { msgtype: type, [type]: { media_id: id } }
}

function typeOf({ kind }: OutboundMedia): 'image' | 'voice' | 'video' | 'file' {
  if (kind === 'photo') return 'image'
  if (kind === 'voice' || kind === 'video') return kind
  if (kind === 'audio' || kind === 'document') return 'file'
  throw new SendError('rejected', 'media_refused', {
    text: say('WeCom takes pictures, recordings, videos and files.', '微信客服只支持发送图片、语音、视频和文件。'),
  })
}

async function bytesOf(file: OutboundMedia): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.bytes())
  } catch (cause) {
    throw new SendError('retry', 'unreachable', { text: say('The file could not be read.', '无法读取该文件。'), cause })
  }
}

function nameOf({ name, mimeType }: OutboundMedia): string {
  const ending = endings[mimeType]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get into a header
  const safe = name.replace(/[\u0000-\u001f\u007f"\\/]/gu, '_').slice(-80) || 'file'
  return ending && !safe.toLowerCase().endsWith(`.${ending}`) ? `${safe}.${ending}` : safe
}
