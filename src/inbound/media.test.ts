import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as files from '../../test/helpers/files.ts'
import { createHouse, type House, message, seal, silent } from '../../test/helpers/house.ts'
import { quickly } from '../../test/helpers/quickly.ts'
import { until } from '../../test/helpers/until.ts'
import type { OpenAccount } from '../accounts/connections.ts'
import { ReadError } from '../channel/errors.ts'
import type { ExternalMedia, MediaKind } from '../channel/events.ts'
import { newId } from '../db/id.ts'
import { createDueRunner, type DueRunner } from '../db/run-due.ts'
import { drafts, media } from '../db/schema.ts'
import { createMediaStore, type MediaStore } from '../media-store.ts'
import type { MediaDeps } from './download.ts'
import { dropUnused, keepFile } from './keep-file.ts'
import { mediaHandler } from './media.ts'
import { sweepHandler, uploadsHandler } from './tidy-media.ts'

let house: House
let data = ''
let store: MediaStore
let answer: RequestListener = (_request, response) => response.end()
let requests = 0
const server = createServer((request, response) => {
  requests += 1
  answer(request, response)
})
let url = ''
let nudges = 0
const runners: DueRunner[] = []
let clock: () => Date = () => new Date()

beforeAll(async () => {
  house = await createHouse()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await house.close()
})
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'huixin-media-'))
  store = await createMediaStore(data)
  requests = 0
  nudges = 0
  clock = () => new Date()
})
afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.stop(0)))
  await house.db.execute('delete from due_work')
  await rm(data, { recursive: true, force: true })
})

const text = { en: 'x', zh: 'x' }
const download = (_media: ExternalMedia, signal: AbortSignal) => fetch(url, { signal })
const external = (kind: MediaKind): ExternalMedia => ({
  kind,
  externalId: 'file-1',
  reference: { file: 'abc' },
  name: 'in\u200bvoice\u202efdp.exe',
  mimeType: 'image/jpeg',
  bytes: 12,
  width: 1,
  height: 1,
  durationMs: null,
})

/** A customer's message with one file, taken in as every message is. */
async function receive(kind: MediaKind = 'photo', connection: Partial<OpenAccount['connection']> = { download }) {
  const account = await house.account(connection)
  await house.ingest().submit(account, [message({ media: [external(kind)] })])
  const row = await house.db.query.media.findFirst({ where: eq(media.accountId, account.id) })
  return { account, id: row!.id }
}

const find = (id: string) => house.db.query.media.findFirst({ where: eq(media.id, id) })
const work = (id: string) => house.db.query.dueWork.findFirst({ where: (t, { eq: is }) => is(t.subject, id) })
const eventsOf = async () => await house.sql`select type, ticket_id, brand_id from events where type = 'media'`

function deps(more: Partial<MediaDeps> = {}): MediaDeps {
  const { db, connections } = house
  const nudge = () => {
    nudges += 1
  }
  return { db, connections, seal, nudge, media: store, now: () => clock(), ...more }
}

function run(more: Partial<MediaDeps> = {}): DueRunner {
  const runner = createDueRunner({
    db: house.db,
    handlers: { media: mediaHandler(deps(more)) },
    now: () => clock(),
    log: silent,
    pollMs: 10,
  })
  runners.push(runner)
  runner.start()
  return runner
}

const settled = (id: string) =>
  until(async () => {
    const row = await find(id)
    return row?.state !== 'pending' && row
  })
const stored = async () =>
  (await readdir(join(data, 'media'), { recursive: true })).filter((name) => !/^(?:..|tmp)$/u.test(name))

describe('a file of a message', () => {
  test('is pending at once, then fetched once, and its ticket is told', async () => {
    answer = (_request, response) => response.end(files.png(20, 30))
    const before = (await eventsOf()).length
    const { id } = await receive()
    expect(await find(id)).toMatchObject({ state: 'pending', mimeType: 'image/jpeg' })
    run()
    run()
    expect(await settled(id)).toMatchObject({
      state: 'ready',
      reason: null,
      name: 'invoicefdp.exe',
      mimeType: 'image/png',
      bytes: files.png(20, 30).length,
      width: 20,
      height: 30,
    })
    await until(async () => !(await work(id)))
    expect(requests).toBe(1)
    expect(nudges).toBe(1)
    const told = await eventsOf()
    expect(told.length).toBe(before + 1)
    expect(told.at(-1)).toMatchObject({ brand_id: house.brandId, ticket_id: expect.any(String) })
    const row = await find(id)
    expect(Buffer.from(await store.read(row!.sha256!))).toEqual(files.png(20, 30))
  })

  test.each<[string, RequestListener, string]>([
    [
      'that is announced too large is not read',
      (_q, response) => response.writeHead(200, { 'content-length': 3_000 }).write('x'),
      'too_large',
    ],
    [
      'that turns out too large is cut off',
      (_q, response) => Readable.from(Array(50).fill(Buffer.alloc(100))).pipe(response),
      'too_large',
    ],
    ['the platform does not have any more is gone', (_q, response) => response.writeHead(404).end(), 'gone'],
    ['without a byte is gone', (_q, response) => response.end(), 'gone'],
    [
      'that is an error page instead of a picture is refused',
      (_q, response) => response.end(files.html),
      'refused_type',
    ],
    ['that is an SVG instead of a picture is refused', (_q, response) => response.end(files.xml), 'refused_type'],
  ])('%s', async (_rule, respond, reason) => {
    answer = respond
    const { id } = await receive()
    run({ maxBytes: 2_000 })
    expect(await settled(id)).toMatchObject({ state: 'failed', reason, sha256: null })
    await until(async () => !(await work(id)))
    expect(await stored()).toEqual([])
    expect(nudges).toBe(1)
  })

  test('that is a page sent as a document is kept as what it is', async () => {
    answer = (_request, response) => response.end(files.html)
    const { id } = await receive('document')
    run()
    expect(await settled(id)).toMatchObject({ state: 'ready', mimeType: 'text/plain' })
  })

  test.each(['gone', 'too_large'] as const)('the adapter says is %s is that', async (reason) => {
    const { id } = await receive('photo', {
      download: async () => {
        throw new ReadError(reason, { text })
      },
    })
    run()
    expect(await settled(id)).toMatchObject({ state: 'failed', reason })
  })

  test('of an account that was removed meanwhile is gone', async () => {
    const { account, id } = await receive()
    await house.sql`update accounts set removed_at = now() where id = ${account.id}`
    const get = async () => null
    run({ connections: { ...house.connections, get } })
    expect(await settled(id)).toMatchObject({ state: 'failed', reason: 'gone' })
  })

  test('of a message that was erased meanwhile leaves nothing behind', async () => {
    const erased = Promise.withResolvers<void>()
    answer = async (_request, response) => {
      await erased.promise
      response.end(files.png())
    }
    const { id } = await receive()
    run()
    await until(() => requests === 1)
    await house.db.delete(media).where(eq(media.id, id))
    erased.resolve()
    await until(async () => !(await work(id)))
    expect(nudges).toBe(0)
    await sweepHandler({ db: house.db, media: store, now: () => new Date(Date.now() + 2 * 86_400_000) })({} as never, {
      signal: new AbortController().signal,
      attempt: 1,
      isLast: false,
    })
    expect(await stored()).toEqual([])
  })
})

describe('a download that fails', () => {
  test('is tried again, and the picture comes in the end', async () => {
    let time = Date.now() + 1_000
    clock = () => new Date(time)
    answer = (_request, response) => {
      if (requests < 3) response.writeHead(502).end('bad gateway')
      else response.end(files.gif())
    }
    const { id } = await receive()
    run()
    for (const attempt of [1, 2]) {
      await until(async () => {
        const row = await work(id)
        return row?.attempts === attempt && row.leaseUntil === null
      })
      expect(await find(id)).toMatchObject({ state: 'pending' })
      time += 10_000
    }
    expect(await settled(id)).toMatchObject({ state: 'ready', mimeType: 'image/gif' })
  })

  test('in the middle leaves nothing and is tried again', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 1_000 })
      response.write(Buffer.alloc(100), () => response.destroy())
    }
    const { id } = await receive()
    run()
    await until(async () => (await work(id))?.reason)
    expect(await find(id)).toMatchObject({ state: 'pending' })
    expect(await stored()).toEqual([])
  })

  test('by silence is given up, even when the adapter does not heed its signal', async () => {
    answer = () => {}
    const { id } = await receive('photo', { download: () => fetch(url) })
    run({ stallMs: 60 })
    const row = await until(async () => {
      const found = await work(id)
      return found?.reason && found
    })
    expect(row.reason).toBe('error: DownloadStalled')
    answer = (_request, response) => void response.write('x')
    const body = await receive()
    await until(async () => (await work(body.id))?.reason === 'error: DownloadStalled')
    expect(await stored()).toEqual([])
  })

  test('eight times has failed for now; whoever replays the parked work gets the file', async () => {
    let time = Date.now()
    clock = () => new Date(time)
    answer = (_request, response) => response.writeHead(500).end()
    const { id } = await receive()
    run()
    const parked = await until(async () => {
      time += 3_600_000
      const row = await work(id)
      return row?.parkedAt && row
    })
    expect(parked.attempts).toBe(8)
    expect(await find(id)).toMatchObject({ state: 'failed', reason: 'later' })
    answer = (_request, response) => response.end(files.gif())
    await house.sql`update due_work set parked_at = null, attempts = 0, due_at = now() where subject = ${id}`
    await until(async () => (await find(id))?.state === 'ready')
    expect(await find(id)).toMatchObject({ reason: null, mimeType: 'image/gif' })
  })

  test('because the platform asks to wait waits as long as it asks, and is not counted', async () => {
    const after = new Date(Date.now() + 3_600_000)
    const { id } = await receive('photo', {
      download: async () => {
        throw new ReadError('later', { text, after })
      },
    })
    run()
    await until(async () => (await work(id))?.dueAt.getTime() === after.getTime())
    expect(await work(id)).toMatchObject({ attempts: 0, leaseUntil: null })
  })

  test('because credentials were refused waits for them to be mended, for a day', async () => {
    const start = Date.now() + 1_000
    let time = start
    clock = () => new Date(time)
    const { id } = await receive('photo', {
      download: async () => {
        throw new ReadError('credentials', { text })
      },
    })
    run()
    await until(async () => (await work(id))!.dueAt.getTime() > start + 500_000)
    expect(await work(id)).toMatchObject({ attempts: 0, leaseUntil: null })
    time = start + 25 * 3_600_000
    await until(async () => (await work(id))?.attempts === 1)
  })
})

describe('a process that dies', () => {
  test.each([
    ['download', 'pending'],
    ['before-keep', 'pending'],
    ['after-keep', 'pending'],
    ['after-commit', 'ready'],
  ] as const)('at %s leaves it %s, and another finishes', async (dieAt, left) => {
    answer = (_request, response) => response.end(files.png(7, 8))
    const { id } = await receive()
    const options = { target: house.target, secret: 'a secret for tests that is long enough', data, url, dieAt }
    const child = spawn(process.execPath, [
      ...quickly,
      fileURLToPath(new URL('../../test/helpers/media-process.ts', import.meta.url)),
      JSON.stringify(options),
    ])
    const [, signal] = await once(child, 'exit')
    expect(signal).toBe('SIGKILL')
    expect((await find(id))?.state).toBe(left)
    run()
    await until(async () => !(await work(id)))
    expect(await find(id)).toMatchObject({ state: 'ready', width: 7 })
    expect(Buffer.from(await store.read((await find(id))!.sha256!))).toEqual(files.png(7, 8))
  })
})

describe('what nobody needs goes', () => {
  const later = (ms: number) => ({ db: house.db, media: store, now: () => new Date(Date.now() + ms) })
  const calmly = { signal: new AbortController().signal, attempt: 1, isLast: false }
  const hour = 3_600_000

  async function upload(content: string) {
    const file = await store.receive(Readable.from([Buffer.from(content)]), { maxBytes: 100 })
    const id = newId()
    await house.db.transaction(async (tx) => {
      await keepFile(tx, file)
      const { brandId } = house
      const values = { id, brandId, kind: 'document' as const, state: 'ready' as const, uploadedBy: 'somebody' }
      await tx.insert(media).values({ ...values, sha256: file.sha256, bytes: file.bytes })
    })
    return { id, sha256: file.sha256 }
  }

  test('an upload that became part of nothing goes after a day, its file with it', async () => {
    const { id, sha256 } = await upload('unused')
    await uploadsHandler(later(23 * hour))({} as never, calmly)
    expect(await find(id)).toBeDefined()
    const result = await uploadsHandler(later(25 * hour))({} as never, calmly)
    expect(result).toMatchObject({ again: expect.any(Date) })
    expect(await find(id)).toBeUndefined()
    await expect(store.read(sha256)).rejects.toThrow()
  })

  test('a file another row names stays', async () => {
    const [one, other] = [await upload('shared'), await upload('shared')]
    const { account } = await receive()
    const line = await house.db.query.messages.findFirst({ where: (t, { eq: is }) => is(t.accountId, account.id) })
    await house.db.update(media).set({ messageId: line!.id }).where(eq(media.id, other.id))
    await uploadsHandler(later(25 * hour))({} as never, calmly)
    expect(await find(one.id)).toBeUndefined()
    expect(Buffer.from(await store.read(other.sha256)).toString()).toBe('shared')
  })

  test('an upload that a scheduled reply will send stays', async () => {
    const { id } = await upload('scheduled')
    const ticket = await house.db.query.tickets.findFirst()
    const [draft] = await house.db
      .insert(drafts)
      .values({
        id: newId(),
        ticketId: ticket!.id,
        userId: 'somebody',
        body: { text: '', mediaIds: [id] },
        sendAt: new Date(),
      })
      .returning()
    await uploadsHandler(later(25 * hour))({} as never, calmly)
    expect(await find(id)).toBeDefined()
    await house.db.delete(drafts).where(eq(drafts.id, draft!.id))
    await uploadsHandler(later(25 * hour))({} as never, calmly)
    expect(await find(id)).toBeUndefined()
  })

  test('the sweep takes old files without a row, and leaves the rest', async () => {
    const kept = await upload('named')
    const orphan = await store.put(Readable.from([Buffer.from('orphan')]), { maxBytes: 100 })
    const young = await store.put(Readable.from([Buffer.from('young')]), { maxBytes: 100 })
    const old = new Date(Date.now() - 48 * hour)
    for (const { sha256 } of [kept, orphan]) await utimes(join(data, 'media', sha256.slice(0, 2), sha256), old, old)
    await sweepHandler(later(0))({} as never, calmly)
    await expect(store.read(orphan.sha256)).rejects.toThrow()
    expect(await store.read(kept.sha256)).toBeDefined()
    expect(await store.read(young.sha256)).toBeDefined()
  })

  test('a clean-up that meets the same file coming in again never leaves a row without its file', async () => {
    const { id, sha256 } = await upload('again')
    await house.db.delete(media).where(eq(media.id, id))
    const file = await store.receive(Readable.from([Buffer.from('again')]), { maxBytes: 100 })
    let over = false
    const isWaiting = async () => {
      const rows = await house.sql`select 1 from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`
      return rows.length > 0
    }
    const cleaned = await house.db.transaction(async (tx) => {
      await keepFile(tx, file)
      const dropping = dropUnused(house.db, store, sha256).finally(() => {
        over = true
      })
      // In its place, its row not committed: the moment in which a clean-up could think it unused.
      await until(async () => over || (await isWaiting()))
      const { brandId } = house
      await tx.insert(media).values({ id, brandId, kind: 'document', state: 'ready', sha256, bytes: file.bytes })
      return { dropping }
    })
    expect(await cleaned.dropping).toBe(false)
    expect(Buffer.from(await store.read(sha256)).toString()).toBe('again')
  })
})
