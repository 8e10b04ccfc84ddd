/**
 * Files under their content's hash: `<data>/media/ab/abcdef…`. The same file twice is one file; a name never changes
 * its content, so nodes may share the folder and nobody locks anything.
 *
 * Which files are needed is known by the table `media`; see `inbound/keep-file.ts` for how the two agree.
 */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { newId } from './db/id.ts'
import type { Size } from './image-size.ts'
import { sniff } from './media-type.ts'

/** A file whose bytes are on the disk. */
export interface StoredFile {
  /** Hex SHA-256. */
  readonly sha256: string
  readonly bytes: number
  /** By its content. */
  readonly mimeType: string
  readonly extension: string
  readonly size: Size | null
}

/** Written and synced, but not in its place yet: exactly one of `keep` and `discard` has to follow. */
export interface ReceivedFile extends StoredFile {
  keep(): Promise<void>
  discard(): Promise<void>
}

export interface ReceiveOptions {
  readonly maxBytes: number
  readonly signal?: AbortSignal
}

export interface MediaStore {
  /** Writes a stream to a temporary file. Throws {@link FileTooLarge} as soon as it is known. */
  receive(source: AsyncIterable<Uint8Array>, options: ReceiveOptions): Promise<ReceivedFile>
  /** `receive` and `keep` in one. */
  put(source: AsyncIterable<Uint8Array>, options: ReceiveOptions): Promise<StoredFile>
  /** Throws {@link FileMissing}. `range` is inclusive; the caller destroys the stream when it stops early. */
  open(sha256: string, range?: { start: number; end: number }): Promise<{ bytes: number; stream: Readable }>
  /** The whole file; sizes are bounded when it comes in. Throws {@link FileMissing}. */
  read(sha256: string): Promise<Uint8Array>
  remove(sha256: string): Promise<void>
  /** Every file that was written before this time, folder by folder. */
  list(before: Date): AsyncIterable<readonly string[]>
  /** Removes what processes that died left half written. Returns how many. */
  removeTemporary(before: Date): Promise<number>
}

export class FileTooLarge extends Error {
  override readonly name = 'FileTooLarge'
}

/** The table says that it is here, the folder does not have it: not shared between nodes, or not restored. */
export class FileMissing extends Error {
  override readonly name = 'FileMissing'
}

export async function createMediaStore(data: string): Promise<MediaStore> {
  const root = join(data, 'media')
  const temporary = join(root, 'tmp')
  await mkdir(temporary, { recursive: true, mode: 0o700 })

  const folderOf = (sha256: string) => join(root, sha256.slice(0, 2))
  function pathOf(sha256: string): string {
    if (!/^[0-9a-f]{64}$/u.test(sha256)) throw new Error('not a SHA-256')
    return join(folderOf(sha256), sha256)
  }

  async function receive(
    source: AsyncIterable<Uint8Array>,
    { maxBytes, signal }: ReceiveOptions,
  ): Promise<ReceivedFile> {
    const path = join(temporary, newId())
    const discard = () => rm(path, { force: true })
    const hash = createHash('sha256')
    let bytes = 0
    async function* counted() {
      for await (const chunk of source) {
        bytes += chunk.length
        if (bytes > maxBytes) throw new FileTooLarge()
        hash.update(chunk)
        yield chunk
      }
    }
    try {
      // `flush`: on the disk before anything says that it is.
      const target = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true })
      await pipeline(counted, target, signal ? { signal } : {})
      const sha256 = hash.digest('hex')
      return { ...(await sniff(path)), sha256, bytes, discard, keep: () => place(path, sha256) }
    } catch (error) {
      await discard()
      throw error
    }
  }

  async function place(path: string, sha256: string): Promise<void> {
    const folder = folderOf(sha256)
    if (await mkdir(folder, { recursive: true, mode: 0o700 })) await syncFolder(root)
    try {
      // Over a file that is there already: its content is the same, and younger now.
      await rename(path, pathOf(sha256))
    } catch (error) {
      // Windows does not replace a file that somebody reads.
      const inUse = error instanceof Error && 'code' in error && (error.code === 'EPERM' || error.code === 'EBUSY')
      if (!inUse || !(await exists(pathOf(sha256)))) throw error
      await rm(path, { force: true })
    }
    await syncFolder(folder)
  }

  return {
    receive,
    async put(source, options) {
      const { keep, discard, ...file } = await receive(source, options)
      try {
        await keep()
      } catch (error) {
        await discard()
        throw error
      }
      return file
    },
    async open(sha256, range) {
      const file = await missing(open(pathOf(sha256), 'r'))
      try {
        const { size } = await file.stat()
        return { bytes: size, stream: file.createReadStream(range ?? {}) }
      } catch (error) {
        await file.close()
        throw error
      }
    },
    read: (sha256) => missing(readFile(pathOf(sha256))),
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
    async *list(before) {
      for (const folder of await readdir(root)) {
        if (!/^[0-9a-f]{2}$/u.test(folder)) continue
        const names = (await readdir(join(root, folder))).filter((name) => /^[0-9a-f]{64}$/u.test(name))
        const old = await olderThan(join(root, folder), names, before)
        if (old.length > 0) yield old
      }
    },
    async removeTemporary(before) {
      const old = await olderThan(temporary, await readdir(temporary), before)
      for (const name of old) await rm(join(temporary, name), { force: true })
      return old.length
    },
  }
}

/** The name survives a power cut too. Not the blocking one of the start: this runs under load. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function olderThan(folder: string, names: readonly string[], before: Date): Promise<string[]> {
  const old: string[] = []
  for (const name of names) {
    // Another node may have taken it away meanwhile.
    const found = await stat(join(folder, name)).catch(ifMissing(null))
    if (found && found.mtime < before) old.push(name)
  }
  return old
}

const exists = (path: string) => stat(path).then(() => true, ifMissing(false))

async function missing<T extends FileHandle | Buffer>(wanted: Promise<T>): Promise<T> {
  const found = await wanted.catch(ifMissing(null))
  if (found === null) throw new FileMissing()
  return found
}

function ifMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return value
    throw error
  }
}
