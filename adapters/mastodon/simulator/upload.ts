/** `POST /api/v2/media`: pictures are ready at once, films and sounds are converted afterwards. */
import type { SimFile, World } from './world.ts'

const sizes: Readonly<Record<string, number>> = {
  image: 16 * 1024 * 1024,
  video: 99 * 1024 * 1024,
  audio: 99 * 1024 * 1024,
}

export async function takeUpload(
  world: World,
  body: Uint8Array<ArrayBuffer>,
  contentType: string,
): Promise<SimFile | null> {
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData()
  const file = form.get('file')
  if (!(file instanceof Blob)) return null
  const type = file.type.split('/')[0] ?? ''
  if (!isFileType(type) || file.size > sizes[type]!) return null
  const bytes = new Uint8Array(await file.arrayBuffer())
  const made: SimFile = { id: world.nextId(), type, mimeType: file.type, bytes, pending: type === 'image' ? 0 : 1 }
  world.files.set(made.id, made)
  return made
}

const isFileType = (type: string): type is 'image' | 'video' | 'audio' => type in sizes
