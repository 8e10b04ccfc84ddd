/** What a file is, by its bytes. What a platform or a browser says it is counts for nothing here. */
import { open } from 'node:fs/promises'
import { fileTypeFromFile } from 'file-type'
import type { MediaKind } from './channel/events.ts'
import { imageSize, type Size } from './image-size.ts'

export interface Sniffed {
  readonly mimeType: string
  /** With the dot; empty where nothing is known. */
  readonly extension: string
  /** Of pictures whose header could be read. */
  readonly size: Size | null
}

const headBytes = 256 * 1024
const patienceMs = 2_000
const unknown = { mimeType: 'application/octet-stream', extension: '', size: null }

export async function sniff(path: string): Promise<Sniffed> {
  const head = await readHead(path)
  const found = await detect(path)
  if (!found) return looksLikeText(head) ? { mimeType: 'text/plain', extension: '.txt', size: null } : unknown
  const mimeType = plainName(found.mime)
  return {
    mimeType,
    extension: `.${found.ext}`,
    size: mimeType.startsWith('image/') ? imageSize(head, mimeType) : null,
  }
}

async function detect(path: string) {
  try {
    return await fileTypeFromFile(path, { signal: AbortSignal.timeout(patienceMs), maxBufferSize: 1024 * 1024 })
  } catch {
    // Written by strangers: a file that breaks the detector, or keeps it busy, is one of no known kind.
    return undefined
  }
}

/** One name for each kind: without parameters, and the registered one where there are several. */
function plainName(mime: string): string {
  const name = mime.split(';')[0]!.trim().toLowerCase()
  return synonyms[name] ?? name
}

const synonyms: Readonly<Record<string, string>> = { 'audio/x-m4a': 'audio/mp4', 'image/apng': 'image/png' }

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function looksLikeText(head: Buffer): boolean {
  if (head.length === 0) return false
  try {
    // `stream`: a character cut at the end of the head is no mistake.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: head.length === headBytes })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    return !/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/u.test(text)
  } catch {
    return false
  }
}

/** What a browser may show in place: it draws or plays these and runs nothing in them. Everything else is saved. */
const inline = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/avif',
  'video/mp4',
  'video/webm',
  'audio/ogg',
  'audio/mpeg',
  'audio/mp4',
])

/** A picture of 109 KB can be 900 million pixels, and the agent's browser would decode them all. */
const mostPixels = 50_000_000

export function mayShowInline(mimeType: string, size: { width: number | null; height: number | null }): boolean {
  if (!inline.has(mimeType)) return false
  if (!mimeType.startsWith('image/')) return true
  return size.width !== null && size.height !== null && size.width * size.height <= mostPixels
}

/** How an uploaded file is sent when nobody says otherwise. */
export function kindOf(mimeType: string): MediaKind {
  // WeChat's voice messages: no browser plays them, its customers do.
  if (mimeType === 'audio/amr') return 'voice'
  if (!inline.has(mimeType) || mimeType === 'image/avif') return 'document'
  if (mimeType.startsWith('image/')) return 'photo'
  if (mimeType.startsWith('video/')) return 'video'
  return mimeType === 'audio/ogg' ? 'voice' : 'audio'
}
