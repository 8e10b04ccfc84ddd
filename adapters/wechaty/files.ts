/**
 * Files of messages. Their addresses pass away, and only the server that is signed in has them: each is fetched at once when its message
 * comes, in the background, and kept a while in a bounded place in memory; what is not there any more is asked of the puppet again.
 */
import { Readable } from 'node:stream'
import { ReadError } from '#channel/errors.ts'
import type { Tools } from '#channel/tools.ts'
import { failureOf, status } from './failure.ts'
import type { FileBoxLike, PuppetLike } from './sdk-types.ts'
import { texts } from './texts.ts'
import { within } from './wait.ts'

const mebibyte = 1024 * 1024
/** What the core takes, at most. */
const maxBytes = 50 * mebibyte
/** What one file, and all of them, may take in memory, and for how long. Larger ones wait at WeChat for their download. */
const keepBytes = 16 * mebibyte
const keepAllBytes = 64 * mebibyte
const keepMs = 15 * 60_000
const fetchMs = 25_000
/** `FileBoxType.Url`: https://github.com/huan/file-box (1.5.5), read 2026-11-24 */
const urlType = 2

interface Kept {
  readonly bytes: Uint8Array
  readonly type: string
  readonly until: number
}

export interface Files {
  /** Fetches it in the background. */
  keep(messageId: string): void
  /** Throws {@link ReadError}. */
  open(messageId: string): Promise<Response>
}

export function createFiles(puppet: PuppetLike, tools: Tools, gatewayHost: string): Files {
  const kept = new Map<string, Kept>()
  const coming = new Map<string, Promise<Kept | null>>()
  let line: Promise<unknown> = Promise.resolve()

  async function fetchNow(messageId: string): Promise<Kept | null> {
    const response = await openAtPuppet(messageId)
    const parts: Uint8Array[] = []
    let size = 0
    for await (const part of response.body ?? []) {
      size += part.length
      // Leaving the loop gives up the rest.
      if (size > keepBytes) return null
      parts.push(part)
    }
    const type = response.headers.get('content-type') ?? ''
    return { bytes: Buffer.concat(parts), type, until: tools.now().getTime() + keepMs }
  }

  function room(needed: number): void {
    let used = [...kept.values()].reduce((sum, { bytes }) => sum + bytes.length, needed)
    for (const [id, { bytes, until }] of kept) {
      if (used <= keepAllBytes && until > tools.now().getTime()) continue
      kept.delete(id)
      used -= bytes.length
    }
  }

  async function openAtPuppet(messageId: string): Promise<Response> {
    try {
      const box = await within(fetchMs, puppet.messageFile(messageId), () => new Error('the puppet is silent'))
      return box.type === urlType ? await fromAddress(box) : await fromStream(box)
    } catch (error) {
      if (error instanceof ReadError) throw error
      const cause = failureOf(error)
      if (cause.code === status.NOT_FOUND) throw new ReadError('gone', { text: texts.fileGone, cause })
      throw new ReadError('later', { text: texts.fileLater, cause })
    }
  }

  async function fromAddress(box: FileBoxLike): Promise<Response> {
    const { url, remoteUrl, headers } = box.toJSON() as {
      url?: string
      remoteUrl?: string
      headers?: Record<string, string>
    }
    const address = URL.parse(url ?? remoteUrl ?? '')
    if (!address) throw new ReadError('gone', { text: texts.fileGone })
    return await tools.fetch(address, {
      // A gateway may serve files itself, from inside; any other address is the network's.
      trust: gatewayHost !== '' && address.hostname === gatewayHost ? 'settings' : 'payload',
      timeoutMs: fetchMs,
      maxBytes,
      ...(headers ? { headers } : {}),
    })
  }

  async function fromStream(box: FileBoxLike): Promise<Response> {
    if (box.size > maxBytes) throw new ReadError('too_large', { text: texts.fileTooLarge })
    const stream = await within(fetchMs, box.toStream(), () => new Error('the puppet is silent'))
    const timer = setTimeout(() => stream.destroy(new Error('the file took too long')), fetchMs)
    stream.once('close', () => clearTimeout(timer))
    const type = box.mediaType || 'application/octet-stream'
    return new Response(Readable.toWeb(stream) as ReadableStream, { headers: { 'content-type': type } })
  }

  return {
    keep(messageId) {
      if (kept.has(messageId) || coming.has(messageId)) return
      const fetching = line.then(() => fetchNow(messageId))
      coming.set(messageId, fetching)
      line = fetching
        .then((file) => {
          if (!file) return
          room(file.bytes.length)
          kept.set(messageId, file)
        })
        // Asked for again by `open`, where somebody waits for the reason.
        .catch(() => {})
        .finally(() => coming.delete(messageId))
    },
    async open(messageId) {
      await coming.get(messageId)?.catch(() => {})
      room(0)
      const file = kept.get(messageId)
      if (!file) return await openAtPuppet(messageId)
      const headers = {
        'content-length': String(file.bytes.length),
        ...(file.type ? { 'content-type': file.type } : {}),
      }
      return new Response(Buffer.from(file.bytes), { headers })
    },
  }
}
