/** Uploads and file ids, checked as Telegram checks them. */
import { extname } from 'node:path'
import type { Arguments, UploadedFile } from './body.ts'
import { sizeOfPicture } from './picture.ts'
import { bad, Refusal } from './refusal.ts'
import { type BotState, type StoredFile, storeFile } from './state.ts'

const mebibyte = 1024 * 1024

/** `sendPhoto` → the field `photo`; and what the kind is called in a refusal and in paths. */
export const uploadKinds: Readonly<
  Record<string, { field: string; folder: string; extension: string; limit: number }>
> = {
  sendPhoto: { field: 'photo', folder: 'photos', extension: '.jpg', limit: 10 * mebibyte },
  sendDocument: { field: 'document', folder: 'documents', extension: '.dat', limit: 50 * mebibyte },
  sendVideo: { field: 'video', folder: 'videos', extension: '.mp4', limit: 50 * mebibyte },
  sendAnimation: { field: 'animation', folder: 'animations', extension: '.mp4', limit: 50 * mebibyte },
  sendVoice: { field: 'voice', folder: 'voice', extension: '.oga', limit: 50 * mebibyte },
  sendAudio: { field: 'audio', folder: 'music', extension: '.mp3', limit: 50 * mebibyte },
}

export interface Sent {
  readonly stored: StoredFile
  readonly upload: UploadedFile | null
}

/** The file of one method, uploaded or named by the id of an earlier one. */
export function fileIn(bot: BotState, method: string, { params, files }: Arguments, field?: string): Sent {
  const kind = uploadKinds[method]
  if (!kind) throw bad('unknown kind of file')
  const name = field ?? kind.field
  const attached = /^attach:\/\/(.+)$/u.exec(params[name] ?? '')?.[1]
  const upload = files.find((file) => file.field === (attached ?? name))
  if (upload) {
    if (upload.bytes.length === 0) throw bad('file must be non-empty')
    if (upload.bytes.length > 50 * mebibyte) throw new Refusal(413, 'Request Entity Too Large')
    if (upload.bytes.length > kind.limit) {
      throw bad(
        `file of size ${upload.bytes.length} bytes is too big for a ${kind.field}; the maximum size is ${kind.limit} bytes`,
      )
    }
    return { stored: storeFile(bot, upload.bytes, kind.folder, extname(upload.name) || kind.extension), upload }
  }
  const given = params[name] ?? ''
  if (given === '') throw bad(`there is no ${kind.field} in the request`)
  const stored = bot.files.get(given)
  if (!stored) throw bad('wrong file identifier/HTTP URL specified')
  return { stored, upload: null }
}

/** The field of a message that shows a file. */
export function asContent(field: string, { stored, upload }: Sent): Record<string, unknown> {
  const { file_id, file_unique_id, file_size } = stored
  const file = { file_id, file_unique_id, file_size }
  const size = sizeOfPicture(stored.bytes) ?? { width: 640, height: 480 }
  if (field === 'photo') return { photo: [{ ...file, ...size }] }
  const named = upload ? { file_name: upload.name } : {}
  if (field === 'document') return { document: { ...file, ...named } }
  const timed = { ...file, duration: 1 }
  return { [field]: field === 'voice' || field === 'audio' ? { ...timed, ...named } : { ...timed, ...named, ...size } }
}
