/** A file from its upload to the tickets it becomes, over the API, with the real adapter and due work as it runs. */
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { csv } from '../adapters/csv/index.ts'
import { addAccount } from '../src/accounts/add.ts'
import { systemActor } from '../src/auth/actor.ts'
import { createDueRunner, type DueRunner } from '../src/db/run-due.ts'
import { dueWork, imports, mentions, messages, tickets } from '../src/db/schema.ts'
import { pruneImports } from '../src/inbound/imports/imports.ts'
import { importHandler } from '../src/inbound/imports/run.ts'
import { unavailable } from '../src/problem.ts'
import type { Import, Uploaded } from '../src/wire.ts'
import { openTestApp, type Person, type TestApp } from './helpers/app.ts'
import { patience } from './helpers/patience.ts'
import { until } from './helpers/until.ts'

let house: TestApp
let agent: Person
let due: DueRunner
beforeAll(async () => {
  house = await openTestApp({}, {}, undefined, [csv])
  agent = await house.person('agent')
  due = runner()
  due.start()
})
afterEach(() => house.database.db.delete(imports))
afterAll(async () => {
  await due.stop()
  await house.close()
})

const runner = (handler = importHandler(house.deps)) =>
  createDueRunner({
    db: house.database.db,
    handlers: { import: handler },
    now: () => new Date(),
    log: house.deps.log,
    pollMs: 20,
  })

async function account(intake: 'tickets' | 'watch' = 'tickets', brandId = house.brandId): Promise<string> {
  const input = { channel: 'csv', name: '小红书', brandId, settings: { platform: '小红书' }, intake }
  const { id } = await addAccount(house.deps, systemActor, input)
  house.deps.connections.changed(id)
  return id
}

const upload = (id: string, body: string | Buffer, headers: object = agent.headers, type = 'text/csv') =>
  house.app.inject({
    method: 'POST',
    url: `/api/accounts/${id}/imports?name=${encodeURIComponent('评论.csv')}`,
    headers: { ...headers, 'content-type': type },
    payload: typeof body === 'string' ? Buffer.from(body) : body,
  })
const call = (method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object, headers: object = agent.headers) =>
  house.app.inject({ method, url, headers: { ...headers }, ...(payload ? { payload } : {}) })

async function bring(id: string, body: string | Buffer): Promise<Import> {
  const uploaded = (await upload(id, body)).json<Uploaded>()
  const started = await call('POST', `/api/imports/${uploaded.import.id}/start`, { mapping: uploaded.preview.mapping })
  expect(started.statusCode).toBe(202)
  return ended(uploaded.import.id)
}
async function ended(id: string): Promise<Import> {
  return until(
    async () => {
      const { import: now } = (await call('GET', `/api/imports/${id}`)).json<{ import: Import }>()
      return now.state === 'done' || now.state === 'failed' ? now : null
    },
    { timeoutMs: 30_000 * patience, what: 'the import ended' },
  ) as Promise<Import>
}
const stored = (id: string) => house.database.db.select().from(messages).where(eq(messages.accountId, id))

const head = '评论ID,用户昵称,评论内容,评论时间,笔记ID\n'
const good = `${head}1,阿明,屏幕闪烁,2026-11-24 10:00,n1\n2,小雨,充不进电,2026-11-24 10:05,n1\n`
const mixed = `${good}3,,没有作者,2026-11-24 10:00,n1\n4,阿明,日期不对,昨天,n1\n5,阿明,,2026-11-24 10:00,n1\n`

test('a file is looked at first, and nothing is imported by that', async () => {
  const id = await account()
  const answer = await upload(id, mixed)
  expect(answer.statusCode).toBe(201)
  expect(answer.json()).toMatchObject({
    import: { state: 'uploaded', fileName: '评论.csv', rows: 5, bad: 3, doneRows: 0 },
    preview: {
      encoding: 'UTF-8',
      mapping: { id: 0, author: 1, text: 2, sentAt: 3, postId: 4 },
      missing: [],
      good: 2,
      bad: 3,
      first: [
        { line: 2, author: '阿明', text: '屏幕闪烁', sentAt: '2026-11-24T02:00:00.000Z' },
        { line: 3, author: '小雨' },
      ],
      problems: [
        { line: 4, code: 'missing_author', text: { en: 'The author is missing.', zh: '缺少作者。' } },
        { line: 5, code: 'bad_date' },
        { line: 6, code: 'missing_text' },
      ],
    },
  })
  expect(await stored(id)).toEqual([])
  expect((await call('GET', `/api/accounts/${id}/imports`)).json()).toEqual({ imports: [] })
})

test('its good rows become tickets like every post, and the same file twice has no effect', async () => {
  const id = await account()
  expect(await bring(id, mixed)).toMatchObject({ state: 'done', rows: 5, doneRows: 5, fresh: 2, known: 0, bad: 3 })
  expect(await stored(id)).toHaveLength(2)
  expect(await house.database.db.$count(tickets, eq(tickets.accountId, id))).toBe(2)
  expect(await bring(id, mixed)).toMatchObject({ state: 'done', fresh: 0, known: 2, bad: 3 })
  // Next week's export has what was there and more.
  expect(await bring(id, `${good}6,小雨,还是不行,2026-11-25 09:00,n1\n`)).toMatchObject({ fresh: 1, known: 2, bad: 0 })
  expect(await stored(id)).toHaveLength(3)
  expect(await house.database.db.$count(tickets, eq(tickets.accountId, id))).toBe(2)
  const { imports: list } = (await call('GET', `/api/accounts/${id}/imports`)).json<{ imports: Import[] }>()
  expect(list.map(({ fresh }) => fresh)).toEqual([1, 0, 2])
  expect(list[0]).toMatchObject({ startedBy: { id: agent.id } })
})

test('a program’s import says which program it was', async () => {
  const id = await account()
  const program = await house.program('agent')
  const { import: uploaded } = (await upload(id, good, program)).json<Uploaded>()
  expect(uploaded.startedBy.name).toBe('agent')
})

test('in an account that watches they become mentions', async () => {
  const id = await account('watch')
  await bring(id, good)
  expect(await house.database.db.$count(mentions, eq(mentions.accountId, id))).toBe(2)
  expect(await house.database.db.$count(tickets, eq(tickets.accountId, id))).toBe(0)
})

test('other columns give other rows; a field that is required must have one', async () => {
  const id = await account()
  const { import: uploaded, preview } = (await upload(id, 'x,y,z\nA,words,more\n')).json<Uploaded>()
  expect(preview).toMatchObject({ mapping: {}, missing: ['text', 'author'], good: 0, bad: 0 })
  const refused = await call('POST', `/api/imports/${uploaded.id}/start`, { mapping: { text: 1 } })
  expect([refused.statusCode, refused.json().code]).toEqual([422, 'columns_missing'])
  const again = await call('POST', `/api/imports/${uploaded.id}/preview`, {
    mapping: { text: 1, author: 0, nonsense: 2, url: 99 },
  })
  expect(again.json()).toMatchObject({
    import: { rows: 1 },
    preview: { mapping: { text: 1, author: 0 }, missing: [], good: 1 },
  })
  await call('POST', `/api/imports/${uploaded.id}/start`, { mapping: { text: 2, author: 0 } })
  await ended(uploaded.id)
  expect(await stored(id)).toMatchObject([{ text: 'more', authorName: 'A' }])
  const late = await call('POST', `/api/imports/${uploaded.id}/preview`, { mapping: {} })
  expect([late.statusCode, late.json().code]).toEqual([409, 'import_begun'])
})

describe('the bad rows', () => {
  const hostile = `${head}1,"=HYPERLINK(""http://evil.example"")",,2026-11-24 10:00,n1\n2,+cmd|x,,,@SUM(A1)\n3,"  -1+2",,,\n4,＝1,"",x,"a,b"\n`

  test('can be downloaded, mended and brought again; no cell of them is a formula', async () => {
    const id = await account()
    const { import: uploaded } = (await upload(id, hostile)).json<Uploaded>()
    const before = await call('GET', `/api/imports/${uploaded.id}/bad-rows`)
    expect(before.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': expect.stringContaining('attachment'),
      'x-content-type-options': 'nosniff',
    })
    expect(before.body.startsWith('\ufeff')).toBe(true)
    const cells = before.body
      .slice(1)
      .split(/[,\r\n]+/u)
      .map((cell) => cell.replace(/^"/u, '').trim())
    for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@＝＋－＠\t]/u)
    expect(before.body).toContain(`'=HYPERLINK(`)
    const after = await bring(id, hostile)
    expect(after).toMatchObject({ fresh: 0, bad: 4 })
    expect((await call('GET', `/api/imports/${after.id}/bad-rows`)).body).toBe(before.body)
    const mended = before.body.replace(/(?<=^2,[^\n]*HYPERLINK[^\n]*""\)",)(?=,)/mu, '有内容了')
    expect(mended).not.toBe(before.body)
    expect(await bring(id, mended)).toMatchObject({ fresh: 1, bad: 3 })
    expect(await stored(id)).toMatchObject([
      { authorName: '=HYPERLINK("http://evil.example")', text: '有内容了', externalId: '1' },
    ])
  })

  test('that are none are a 404 once it is done', async () => {
    const done = await bring(await account(), good)
    expect((await call('GET', `/api/imports/${done.id}/bad-rows`)).statusCode).toBe(404)
  })
})

describe('is refused', () => {
  test.each([
    ['no table', 'only words', 422, 'file_no_table'],
    ['a workbook', Buffer.from([0x50, 0x4b, 3, 4]), 422, 'file_workbook'],
    ['empty', '', 422, 'empty_file'],
  ])('a file that is %s', async (_, body, status, code) => {
    const answer = await upload(await account(), body)
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
    expect(await house.database.db.$count(imports)).toBe(0)
  })
  test('a file that is too large, and a body that is no file', async () => {
    const id = await account()
    expect((await upload(id, Buffer.alloc(32 * 1024 * 1024 + 1, 'a'))).statusCode).toBe(413)
    expect((await upload(id, '{"a":1}', agent.headers, 'application/json')).statusCode).toBe(415)
    expect((await upload(id, 'a', agent.headers, 'text/html')).statusCode).toBe(415)
  })
  test('a person’s eleventh file that waits', async () => {
    const id = await account()
    const person = await house.person('agent')
    for (let n = 0; n < 10; n++) expect((await upload(id, good, person.headers)).statusCode).toBe(201)
    const answer = await upload(id, good, person.headers)
    expect([answer.statusCode, answer.json().code]).toEqual([429, 'too_many_imports'])
    const [first] = await house.database.db.select().from(imports).where(eq(imports.startedBy, person.id))
    expect((await call('DELETE', `/api/imports/${first!.id}`, undefined, person.headers)).statusCode).toBe(204)
    expect((await upload(id, good, person.headers)).statusCode).toBe(201)
  })
  test('whoever is not signed in, and whoever does not see the brand', async () => {
    const foreign = await account('tickets', await house.addBrand('Other'))
    const stranger = await house.person('agent')
    expect((await upload(foreign, good, stranger.headers)).statusCode).toBe(404)
    expect((await upload(foreign, good, {})).statusCode).toBe(401)
    const admin = await house.person('administrator')
    const { import: uploaded } = (await upload(foreign, good, admin.headers)).json<Uploaded>()
    const mapping = { text: 2, author: 1 }
    const tries = [
      call('GET', `/api/imports/${uploaded.id}`),
      call('GET', `/api/imports/${uploaded.id}/bad-rows`),
      call('POST', `/api/imports/${uploaded.id}/preview`, { mapping }),
      call('POST', `/api/imports/${uploaded.id}/start`, { mapping }),
      call('DELETE', `/api/imports/${uploaded.id}`),
      call('GET', `/api/accounts/${foreign}/imports`),
    ]
    expect((await Promise.all(tries)).map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404, 404, 404])
  })
})

describe('when something dies', () => {
  test('the rows go on where they stopped, and none is counted or stored twice', async () => {
    const id = await account()
    await due.stop()
    const file = `${head}${Array.from({ length: 1_000 }, (_, n) => `${n},用户${n},内容${n},2026-11-24 10:00,n${n}\n`).join('')}`
    const { import: uploaded, preview } = (await upload(id, file)).json<Uploaded>()
    await call('POST', `/api/imports/${uploaded.id}/start`, { mapping: preview.mapping })
    // The database goes away in the middle.
    let submissions = 0
    const breaking = {
      ...house.deps.ingest,
      submit: (...args: Parameters<typeof house.deps.ingest.submit>) => {
        submissions += 1
        if (submissions === 3) return Promise.reject(unavailable('database_unavailable', 'away'))
        return house.deps.ingest.submit(...args)
      },
    }
    due = runner(importHandler({ ...house.deps, ingest: breaking }))
    due.start()
    expect(await ended(uploaded.id)).toMatchObject({
      state: 'done',
      rows: 1_000,
      doneRows: 1_000,
      fresh: 1_000,
      known: 0,
      bad: 0,
    })
    expect(await stored(id)).toHaveLength(1_000)
    const [row] = await house.database.db.select().from(imports).where(eq(imports.id, uploaded.id))
    expect(row?.fileSealed).toBeNull()
    expect(await house.database.db.$count(dueWork, eq(dueWork.kind, 'import'))).toBe(0)
  })

  test('two clicks begin it once', async () => {
    const id = await account()
    const { import: uploaded, preview } = (await upload(id, good)).json<Uploaded>()
    const start = () => call('POST', `/api/imports/${uploaded.id}/start`, { mapping: preview.mapping })
    expect((await Promise.all([start(), start()])).map(({ statusCode }) => statusCode)).toEqual([202, 202])
    expect(await ended(uploaded.id)).toMatchObject({ fresh: 2, known: 0 })
  })

  test('an account that is removed meanwhile ends the import, and the file goes', async () => {
    const id = await account()
    await due.stop()
    const { import: uploaded, preview } = (await upload(id, good)).json<Uploaded>()
    await call('POST', `/api/imports/${uploaded.id}/start`, { mapping: preview.mapping })
    const admin = await house.person('administrator')
    expect((await call('DELETE', `/api/accounts/${id}`, undefined, admin.headers)).statusCode).toBe(204)
    due = runner()
    due.start()
    const row = await until(
      async () => {
        const [now] = await house.database.db.select().from(imports).where(eq(imports.id, uploaded.id))
        return now?.state === 'running' ? null : now!
      },
      { timeoutMs: 30_000 * patience, what: 'the import ended' },
    )
    expect(row).toMatchObject({ state: 'failed', reason: 'account_removed', fileSealed: null })
    expect(await stored(id)).toEqual([])
  })

  test('files that nobody began go after a day', async () => {
    const { import: uploaded } = (await upload(await account(), good)).json<Uploaded>()
    await pruneImports(house.database.db, new Date(Date.now() + 23 * 3_600_000))
    expect((await call('GET', `/api/imports/${uploaded.id}`)).statusCode).toBe(200)
    await pruneImports(house.database.db, new Date(Date.now() + 25 * 3_600_000))
    expect((await call('GET', `/api/imports/${uploaded.id}`)).statusCode).toBe(404)
  })
})

test('nothing of a file stands in a log', async () => {
  await bring(await account(), `${head}1,SECRETNAME,SECRETWORDS,2026-11-24 10:00,n1\n`)
  expect(house.logged.join('\n')).not.toMatch(/SECRET(?:NAME|WORDS)/u)
})
