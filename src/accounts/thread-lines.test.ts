import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createHouse, type House, message } from '../../test/helpers/house.ts'
import { until } from '../../test/helpers/until.ts'
import { newId } from '../db/id.ts'
import { deliveries, media, messageRevisions, messages, threads } from '../db/schema.ts'
import { createHub } from '../live/hub.ts'
import { createMediaStore, type MediaStore } from '../media-store.ts'
import type { OpenAccount } from './connections.ts'
import { createThreadChanges } from './thread-changes.ts'
import { lentFiles } from './thread-file.ts'
import { threadLines } from './thread-lines.ts'

let house: House
let account: OpenAccount
let files: MediaStore
let folder: string
beforeAll(async () => {
  house = await createHouse()
  folder = await mkdtemp(join(tmpdir(), 'huixin-lines-'))
  files = await createMediaStore(folder)
})
afterAll(async () => {
  await house.close()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  account = await house.account()
})

const thread = (id = 'chat-1', accountId = account.id) =>
  threadLines({ sql: house.sql, accountId, everyMs: 20, files }, id)
const texts = async (after: string | null = null, id?: string) =>
  (await thread(id).read(after)).map(({ message: { text } }) => text)
const says = (text: string) => house.ingest().submit(account, [message({ text, externalId: newId() })])

/** An agent's reply, with its delivery in the given state. */
async function replies(
  text: string,
  state: typeof deliveries.$inferInsert.state,
  settledAt: Date | null = new Date(),
  file: { name: string; bytes: Buffer } | null = null,
) {
  const [row] = await house.db
    .select()
    .from(threads)
    .innerJoin(messages, eq(messages.threadId, threads.id))
    .where(eq(threads.accountId, account.id))
  const { threads: at, messages: first } = row!
  const id = newId()
  const now = new Date()
  await house.db.insert(messages).values({
    id,
    ticketId: first.ticketId,
    threadId: at.id,
    accountId: account.id,
    direction: 'outbound',
    surface: 'direct',
    userId: 'u1',
    authorName: 'Agent Li',
    text,
    sentAt: now,
    receivedAt: now,
    orderedAt: now,
    ticketVersion: 2,
  })
  const delivery = newId()
  const mediaIds = []
  if (file) {
    const stored = await files.put(
      (async function* () {
        yield file.bytes
      })(),
      { maxBytes: 1_000_000 },
    )
    const { sha256, bytes, mimeType } = stored
    const row = { id: newId(), brandId: house.brandId, messageId: id, kind: 'document', state: 'ready' } as const
    await house.db.insert(media).values({ ...row, name: file.name, sha256, bytes, mimeType })
    mediaIds.push(row.id)
  }
  await house.db.insert(deliveries).values({
    id: delivery,
    messageId: id,
    ticketId: first.ticketId!,
    threadId: at.id,
    accountId: account.id,
    part: 0,
    text,
    mediaIds,
    ...(state ? { state } : {}),
    expiresAt: new Date(Date.now() + 86_400_000),
    settledAt,
  })
  return { messageId: id, delivery, fileId: mediaIds[0] ?? null }
}

test('a visitor sees both sides in order, and of ours only what was sent', async () => {
  await says('手机无法开机')
  await replies('请提供序列号', 'sent')
  await replies('still to be undone', 'queued', null)
  await replies('never arrived', 'failed')
  await says('SN-1')
  const lines = await thread().read(null)
  expect(lines.map(({ direction, message: { text }, authorName }) => [direction, text, authorName])).toEqual([
    ['inbound', '手机无法开机', '王芳'],
    ['outbound', '请提供序列号', 'Agent Li'],
    ['inbound', 'SN-1', '王芳'],
  ])
  expect(await texts(lines[0]!.id)).toEqual(['请提供序列号', 'SN-1'])
  expect(await texts(lines[2]!.id)).toEqual([])
})

test('the newest wording is shown, and nothing of another thread, another account or a note', async () => {
  await says('scren broken')
  const [line] = await thread().read(null)
  await house.db.insert(messageRevisions).values([
    { id: newId(), messageId: line!.id, text: 'screen broken!', editedAt: new Date('2026-11-22T09:00:02Z') },
    { id: newId(), messageId: line!.id, text: 'screen broken', editedAt: new Date('2026-11-22T09:00:01Z') },
  ])
  expect(await texts()).toEqual(['screen broken!'])
  expect(await texts(null, 'chat-2')).toEqual([])
  expect(await thread('chat-1', (await house.account()).id).read(null)).toEqual([])
})

test('whatever a browser sends as its place, it reads from the beginning or from there', async () => {
  await says('hello')
  expect(await texts("x' or 1=1")).toEqual(['hello'])
  expect(await texts(newId())).toEqual(['hello'])
})

test('a watcher gets each new line once, one that was committed late too, until it stops', async () => {
  await says('one')
  const [first] = await thread().read(null)
  const stop = new AbortController()
  const got: string[] = []
  const watching = (async () => {
    for await (const line of thread().watch(first!.id, stop.signal)) got.push(line.message.text)
  })()
  await replies('two', 'sent')
  await until(() => got.length === 1)
  await says('three')
  await until(() => got.length === 2)
  await replies('late', 'delivered', new Date(Date.now() - 5000))
  await until(() => got.length === 3)
  stop.abort()
  await watching
  expect(got).toEqual(['two', 'three', 'late'])
})

test('a watcher without a place gets everything', async () => {
  await says('one')
  await replies('two', 'sent')
  const stop = new AbortController()
  const got: string[] = []
  for await (const line of thread().watch(null, stop.signal)) {
    got.push(line.message.text)
    if (got.length === 2) stop.abort()
  }
  expect(got).toEqual(['one', 'two'])
})

test('the newest lines, the oldest of them first, with the id they came in with', async () => {
  for (const text of ['one', 'two', 'three']) await says(text)
  await replies('four', 'sent')
  const last = await thread().last(3)
  expect(last.map(({ message: { text } }) => text)).toEqual(['two', 'three', 'four'])
  expect(last.map(({ externalId }) => externalId !== null)).toEqual([true, true, false])
})

test('a line names its files, and a file is had through its own thread, once it was sent', async () => {
  await says('发票呢')
  const file = { name: '发票.pdf', bytes: Buffer.from('%PDF-1.7 invoice') }
  const sent = await replies('', 'sent', new Date(), file)
  const queued = await replies('', 'queued', null, { name: 'draft.pdf', bytes: Buffer.from('%PDF-1.7 draft') })
  const line = (await thread().read(null)).at(-1)!
  expect(line.media).toMatchObject([{ id: sent.fileId, kind: 'document', name: '发票.pdf', bytes: 16 }])
  const got = await thread().file(sent.fileId!)
  if (got === null || got === 'pending') throw new Error('no file')
  expect([got.mimeType, got.inline, await new Response(got.body).text()]).toEqual([
    'application/pdf',
    false,
    '%PDF-1.7 invoice',
  ])
  expect(await thread().file(queued.fileId!)).toBeNull()
  expect(await thread('chat-2').file(sent.fileId!)).toBeNull()
  expect(await thread('chat-1', (await house.account()).id).file(sent.fileId!)).toBeNull()
  for (const id of [newId(), "x' or 1=1", '']) expect(await thread().file(id)).toBeNull()
})

test('a file is kept by its content when it is one of these, and is had again', async () => {
  const lent = lentFiles(files)
  const pdf = Buffer.from('%PDF-1.7 a file')
  expect(await lent.keep(pdf, { mimeTypes: ['image/png'] })).toBeNull()
  const kept = await lent.keep(pdf, { mimeTypes: ['application/pdf'] })
  expect(await lent.keep(pdf, { mimeTypes: ['application/pdf'] })).toEqual(kept)
  expect(await (await lent.open(kept!.key)).text()).toBe('%PDF-1.7 a file')
  await expect(lent.open('0'.repeat(64))).rejects.toMatchObject({ name: 'ReadError', reason: 'gone' })
})

test('two hundred watchers ask nothing while nothing is new, and those of one thread when it is', async () => {
  let told = () => {}
  const hint = {
    listen(fn: () => void) {
      told = fn
      return () => {}
    },
  }
  const log = { warn() {}, error() {} }
  const hub = createHub({ db: house.db, sql: house.sql, hint, log, pollMs: 3_600_000, spacingMs: 1 })
  const leave = hub.join()
  await hub.changed({ xid: 0n, id: 0 }, 3_600_000, new AbortController().signal)
  let looks = 0
  const sql = new Proxy(house.sql, {
    apply(target, self, args) {
      if (String((args[0] as unknown as string[]).join('')).includes('select from start')) looks += 1
      return Reflect.apply(target, self, args)
    },
  })
  const changes = createThreadChanges({ sql: house.sql, hub, log })
  await says('one')
  const stop = new AbortController()
  const got: string[] = []
  const watching = Array.from({ length: 200 }, async (_, i) => {
    const id = i === 0 ? 'chat-1' : `elsewhere-${i}`
    const lines = threadLines({ sql, accountId: account.id, files, changes, everyMs: 3_600_000 }, id)
    for await (const line of lines.watch(null, stop.signal)) got.push(`${i} ${line.message.text}`)
  })
  await until(() => got.length === 1 && looks >= 200)
  const quiet = looks
  await says('two')
  told()
  await until(() => {
    told()
    return got.length === 2
  })
  expect(got).toEqual(['0 one', '0 two'])
  expect(looks - quiet).toBeLessThan(10)
  stop.abort()
  await Promise.all(watching)
  leave()
  await hub.close()
})
