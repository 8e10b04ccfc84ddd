/** A visitor's file: looked at by its content, kept, and then the message that brings it. */
import type { Tools } from '#channel/tools.ts'
import { Refusal } from './answers.ts'
import type { Settings } from './settings.ts'
import type { Payload } from './types.ts'

const pictures = ['image/jpeg', 'image/png', 'image/gif', 'image/webp']
const office = 'application/vnd.openxmlformats-officedocument'
const documents = [
  ...pictures,
  'video/mp4',
  'video/webm',
  'audio/mpeg',
  'audio/mp4',
  'audio/ogg',
  'application/pdf',
  'text/plain',
  `${office}.wordprocessingml.document`,
  `${office}.spreadsheetml.sheet`,
  `${office}.presentationml.presentation`,
]

export const typesOf = ({ fileKinds }: Pick<Settings, 'fileKinds'>): readonly string[] =>
  fileKinds === 'none' ? [] : fileKinds === 'pictures' ? pictures : documents

export const mostBytesOf = ({ fileMegabytes }: Pick<Settings, 'fileMegabytes'>): number =>
  Math.floor(fileMegabytes * 1_048_576)

export async function keepFile(
  settings: Settings,
  { files }: Pick<Tools, 'files'>,
  bytes: Uint8Array,
  name: string,
): Promise<NonNullable<Payload['file']>> {
  const mimeTypes = typesOf(settings)
  if (bytes.length === 0) throw new Refusal(400, 'empty_file')
  if (bytes.length > mostBytesOf(settings)) throw new Refusal(413, 'file_too_large')
  const kept = await files.keep(bytes, { mimeTypes })
  if (!kept) throw new Refusal(415, 'file_type')
  return { ...kept, kind: kindOf(kept.mimeType), name: name.trim().slice(0, 200) || null }
}

function kindOf(mimeType: string): NonNullable<Payload['file']>['kind'] {
  if (pictures.includes(mimeType)) return 'photo'
  if (mimeType.startsWith('video/')) return 'video'
  return mimeType.startsWith('audio/') ? 'audio' : 'document'
}
