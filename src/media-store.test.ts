import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeEach, expect, test } from 'vitest'
import * as files from '../test/helpers/files.ts'
import { createMediaStore, FileMissing, FileTooLarge, type MediaStore } from './media-store.ts'
import { kindOf, mayShowInline } from './media-type.ts'

const folders: string[] = []
let folder = ''
let store: MediaStore

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huixin-media-'))
  folders.push(folder)
  store = await createMediaStore(folder)
})
afterAll(() => Promise.all(folders.map((path) => rm(path, { recursive: true, force: true }))))

const streamOf = (...chunks: Uint8Array[]) => Readable.from(chunks)
const put = (bytes: Uint8Array) => store.put(streamOf(bytes), { maxBytes: 10_000_000 })
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const temporary = () => readdir(join(folder, 'media', 'tmp'))
const contentOf = async (opened: { stream: Readable }) => Buffer.concat(await opened.stream.toArray())

test('a file stands under the hash of its content, and is read back whole or in part', async () => {
  const bytes = randomBytes(200_000)
  const file = await store.put(streamOf(bytes.subarray(0, 70_000), bytes.subarray(70_000)), { maxBytes: 200_000 })
  expect(file).toMatchObject({ sha256: hashOf(bytes), bytes: 200_000 })
  expect(await readFile(join(folder, 'media', file.sha256.slice(0, 2), file.sha256))).toEqual(bytes)
  expect(Buffer.from(await store.read(file.sha256))).toEqual(bytes)
  const part = await store.open(file.sha256, { start: 5, end: 10 })
  expect(part.bytes).toBe(200_000)
  expect(await contentOf(part)).toEqual(bytes.subarray(5, 11))
  expect(await temporary()).toEqual([])
})

test('the same file from two nodes at once is one file', async () => {
  const other = await createMediaStore(folder)
  const bytes = randomBytes(50_000)
  const stored = await Promise.all(
    [store, other, store, other].map((node) => node.put(streamOf(bytes), { maxBytes: 50_000 })),
  )
  expect(new Set(stored.map((file) => file.sha256)).size).toBe(1)
  expect(Buffer.from(await other.read(stored[0]!.sha256))).toEqual(bytes)
  expect(await temporary()).toEqual([])
})

test('a file that is too large is refused at the byte that is too many, and leaves nothing', async () => {
  let given = 0
  async function* endless() {
    for (;;) {
      given += 1
      yield Buffer.alloc(1_000)
    }
  }
  await expect(store.put(endless(), { maxBytes: 20_500 })).rejects.toThrow(FileTooLarge)
  expect(given).toBeLessThan(100)
  expect(await temporary()).toEqual([])
})

test('a source that breaks, or a call that is given up, leaves nothing', async () => {
  async function* broken() {
    yield Buffer.alloc(10)
    throw new Error('cut')
  }
  await expect(store.put(broken(), { maxBytes: 100 })).rejects.toThrow('cut')
  const stop = new AbortController()
  async function* slow() {
    yield Buffer.alloc(10)
    stop.abort()
    await new Promise((resolve) => setImmediate(resolve))
    yield Buffer.alloc(10)
  }
  await expect(store.put(slow(), { maxBytes: 100, signal: stop.signal })).rejects.toThrow()
  expect(await temporary()).toEqual([])
})

test('a file that was received is not there before it is kept, and goes when it is discarded', async () => {
  const kept = await store.receive(streamOf(Buffer.from('kept')), { maxBytes: 100 })
  await expect(store.read(kept.sha256)).rejects.toThrow(FileMissing)
  await kept.keep()
  expect(Buffer.from(await store.read(kept.sha256)).toString()).toBe('kept')
  const dropped = await store.receive(streamOf(Buffer.from('dropped')), { maxBytes: 100 })
  await dropped.discard()
  await expect(store.open(dropped.sha256)).rejects.toThrow(FileMissing)
  expect(await temporary()).toEqual([])
})

test('a name that is no hash opens nothing', async () => {
  for (const name of ['../../etc/passwd', '', 'A'.repeat(64), `${'a'.repeat(64)}/..`]) {
    await expect(store.open(name)).rejects.toThrow('not a SHA-256')
  }
})

test('what processes left half written goes after its time, and nothing younger', async () => {
  const path = join(folder, 'media', 'tmp', 'left')
  await writeFile(path, 'half')
  const hour = 3_600_000
  expect(await store.removeTemporary(new Date(Date.now() - hour))).toBe(0)
  await utimes(path, new Date(Date.now() - 2 * hour), new Date(Date.now() - 2 * hour))
  expect(await store.removeTemporary(new Date(Date.now() - hour))).toBe(1)
  await expect(stat(path)).rejects.toThrow('ENOENT')
})

test('the list names files older than a time; storing one again makes it young', async () => {
  const { sha256 } = await put(Buffer.from('old'))
  const path = join(folder, 'media', sha256.slice(0, 2), sha256)
  await utimes(path, new Date(0), new Date(0))
  const listed = async () => {
    const found: string[] = []
    for await (const names of store.list(new Date(1_000))) found.push(...names)
    return found
  }
  expect(await listed()).toEqual([sha256])
  await put(Buffer.from('old'))
  expect(await listed()).toEqual([])
})

const bomb = files.png(30_000, 30_000)
test.each([
  ['a PNG', files.png(20, 30), 'image/png', { width: 20, height: 30 }, true, 'photo'],
  ['a GIF', files.gif(20, 30), 'image/gif', { width: 20, height: 30 }, true, 'photo'],
  ['a JPEG, not its preview', files.jpeg(640, 480), 'image/jpeg', { width: 640, height: 480 }, true, 'photo'],
  ['a lossy WebP', files.webp.lossy(20, 30), 'image/webp', { width: 20, height: 30 }, true, 'photo'],
  ['a lossless WebP', files.webp.lossless(2_000, 3_000), 'image/webp', { width: 2_000, height: 3_000 }, true, 'photo'],
  ['an extended WebP', files.webp.extended(20, 30), 'image/webp', { width: 20, height: 30 }, true, 'photo'],
  ['an AVIF, not its tiles', files.avif(2_000, 1_000), 'image/avif', { width: 2_000, height: 1_000 }, true, 'document'],
  ['an MP4', files.mp4, 'video/mp4', null, true, 'video'],
  ['a voice message', files.oggOpus, 'audio/ogg', null, true, 'voice'],
  ['a GIF that is a script too', files.scriptThatIsAGif, 'image/gif', { width: 10_799, height: 2 }, true, 'photo'],
  ['900 million pixels', bomb, 'image/png', { width: 30_000, height: 30_000 }, false, 'photo'],
  ['an SVG', files.svg, 'text/plain', null, false, 'document'],
  ['an SVG with a declaration', files.xml, 'application/xml', null, false, 'document'],
  ['HTML', files.html, 'text/plain', null, false, 'document'],
  ['Chinese text', Buffer.from('我的手机开不了机'), 'text/plain', null, false, 'document'],
  ['bytes of no known kind', Buffer.from([0, 1, 2, 3, 0xff]), 'application/octet-stream', null, false, 'document'],
  [
    'a program',
    Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]),
    'application/x-msdownload',
    null,
    false,
    'document',
  ],
  ['a PNG cut in its header', files.png().subarray(0, 18), 'image/png', null, false, 'photo'],
] as const)('%s is known by its bytes', async (_name, bytes, mimeType, size, shown, kind) => {
  const file = await put(bytes)
  expect(file).toMatchObject({ mimeType, size })
  expect(mayShowInline(file.mimeType, file.size ?? { width: null, height: null })).toBe(shown)
  expect(kindOf(file.mimeType)).toBe(kind)
})

test('an empty file has no kind and breaks nothing', async () => {
  expect(await put(Buffer.alloc(0))).toMatchObject({ bytes: 0, mimeType: 'application/octet-stream', size: null })
})

test('what WeChat records is a voice message, though no browser plays it', () => {
  expect(kindOf('audio/amr')).toBe('voice')
  expect(mayShowInline('audio/amr', { width: null, height: null })).toBe(false)
})
