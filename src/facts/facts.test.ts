import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { seal } from '../../test/helpers/house.ts'
import { type Conversation, createRows, type Rows } from '../../test/helpers/rows.ts'
import { createSafeFetch } from '../accounts/safe-fetch.ts'
import { type Actor, systemActor } from '../auth/actor.ts'
import { dueWork, repairs, warrantySources } from '../db/schema.ts'
import { WarrantySourcePut } from '../wire-facts.ts'
import { readCsv } from './csv.ts'
import { importRepairs, previewRepairs, readRepairs } from './import-repairs.ts'
import { listSources, putSource } from './sources.ts'
import { changeFacts, readFacts } from './ticket-facts.ts'
import { sealedTokenOf, warrantyHandler, warrantyKind } from './warranty.ts'

const imei = '490154203237518'
let database: TestDatabase
let rows: Rows
let talk: Conversation
let agent: Actor
let now = new Date('2026-11-25T08:00:00Z')
const deps = () => ({ db: database.db, now: () => now, nudge: () => {} })
beforeAll(async () => {
  database = await createTestDatabase()
  rows = createRows(database.db)
})
afterAll(() => database.close())
beforeEach(async () => {
  now = new Date('2026-11-25T08:00:00Z')
  talk = await rows.conversation()
  agent = await rows.user('agent', [talk.brand], 'Lin')
})
const read = (actor = agent) => readFacts(deps(), actor, talk.ticket.id)
const change = (patch: Record<string, unknown>, actor = agent) =>
  changeFacts(deps(), actor, talk.ticket.id, { source: 'agent', revision: 0, ...patch } as never)

describe('the facts of a ticket', () => {
  test('are proposed from what the customer wrote, until confirmed or put away', async () => {
    const { id: messageId } = await rows.message(talk, { text: `型号:云雀 12, IMEI ${imei}, 2026-3-7 购买的` })
    await rows.message(talk, { text: 'our serial number: AB12345678', direction: 'outbound', userId: agent.id })
    expect((await read()).proposals).toEqual([
      { field: 'serial', value: imei, messageId },
      { field: 'model', value: '云雀 12', messageId },
      { field: 'purchasedOn', value: '2026-03-07', messageId },
    ])
    const after = await change({ serial: imei, source: 'text', dismiss: ['model 云雀 12'] })
    expect(after).toMatchObject({ serial: imei, sources: { serial: 'text' }, revision: 1 })
    expect(after.proposals.map(({ field }) => field)).toEqual(['purchasedOn'])
  })

  test('are changed by one of two at once; the other is told', async () => {
    const both = await Promise.allSettled([change({ model: 'A' }), change({ model: 'B' })])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({ status: 409, code: 'facts_changed' })
  })

  test.each([
    [{ serial: '<b>' }, 'bad_serial'],
    [{ purchasedOn: '2026-02-30' }, 'bad_date'],
    [{ proofId: '01900000-0000-7000-8000-000000000000' }, 'proof_unknown'],
  ])('refuse %j', async (patch, code) => {
    await expect(change(patch)).rejects.toMatchObject({ status: 422, code })
    expect((await read()).revision).toBe(0)
  })

  test('have one of the ticket’s own files as proof, and no other’s', async () => {
    const message = await rows.message(talk)
    const mine = await rows.file(talk.brand.id, { messageId: message.id })
    const other = await rows.conversation()
    const theirs = await rows.file(other.brand.id, { messageId: (await rows.message(other)).id })
    await expect(change({ proofId: theirs.id })).rejects.toMatchObject({ code: 'proof_unknown' })
    expect(await change({ proofId: mine.id })).toMatchObject({ proofId: mine.id, files: [{ id: mine.id }] })
  })

  test('of another brand are not there', async () => {
    const stranger = await rows.user('agent', [await rows.brand()])
    await expect(read(stranger)).rejects.toMatchObject({ status: 404 })
    await expect(change({ model: 'x' }, stranger)).rejects.toMatchObject({ status: 404 })
  })
})

describe('repair records', () => {
  const csv = [
    '序列号,型号,购买日期,保修截止,维修日期,故障描述,处理结果,网点,维修单号',
    `${imei},云雀 12,2026/3/7,2027年3月6日,2026-05-01 10:00,"屏幕闪烁, 花屏",更换屏幕,城西店,R-1`,
    `${imei},,,,2026-08-02,再次花屏,更换主板,城西店,R-2`,
    '4.90154E+14,,,,2026-08-02,,,,',
    'AB12345678,,,,2026-13-40,,,,',
    ',,,,,,,,',
    'CD12345678,,,,,,,,',
  ].join('\r\n')
  const bring = () => importRepairs(database.db, systemActor, talk.brand.id, Buffer.from(csv), now)

  test('are looked at before they come in, with what is wrong by line', async () => {
    const preview = await previewRepairs(database.db, talk.brand.id, Buffer.from(csv))
    expect(preview).toMatchObject({ good: 2, known: 0, bad: 3, missing: [] })
    expect(preview.problems).toEqual([
      { line: 4, field: 'serial', code: 'rounded', value: '4.90154E+14' },
      { line: 5, field: 'repairedOn', code: 'bad_date', value: '2026-13-40' },
      { line: 7, field: 'repairedOn', code: 'nothing', value: '' },
    ])
    expect(await database.db.$count(repairs, eq(repairs.brandId, talk.brand.id))).toBe(0)
  })

  test('come in once, however often the file does, also twice at once', async () => {
    const both = await Promise.all([bring(), bring()])
    expect(both.reduce((sum, { added }) => sum + added, 0)).toBe(2)
    expect(await bring()).toEqual({ added: 0, known: 2, bad: 3, devices: 1 })
    expect(await database.db.$count(repairs, eq(repairs.brandId, talk.brand.id))).toBe(2)
    expect(await previewRepairs(database.db, talk.brand.id, Buffer.from(csv))).toMatchObject({ known: 2 })
  })

  test('and the warranty are shown by the serial number, of the own brand only', async () => {
    await bring()
    const facts = await change({ serial: imei })
    expect(facts).toMatchObject({
      device: { model: '云雀 12', purchasedOn: '2026-03-07', warrantyUntil: '2027-03-06', warranty: 'inside' },
      repairs: [
        { repairedOn: '2026-08-02', reference: 'R-2' },
        { repairedOn: '2026-05-01', fault: '屏幕闪烁, 花屏', reference: 'R-1' },
      ],
    })
    now = new Date('2027-03-07T00:00:00Z')
    expect((await read()).device?.warranty).toBe('over')
    const other = await rows.conversation()
    const stranger = await rows.user('agent', [other.brand])
    const theirs = await changeFacts(deps(), stranger, other.ticket.id, { serial: imei, source: 'agent', revision: 0 })
    expect(theirs).toMatchObject({ device: null, repairs: [] })
  })

  test('without a column for the serial number are refused', async () => {
    expect(readRepairs(Buffer.from('name,date\na,2026-01-01')).missing).toEqual(['serial'])
    await expect(
      importRepairs(database.db, systemActor, talk.brand.id, Buffer.from('name\na'), now),
    ).rejects.toMatchObject({ code: 'columns_missing' })
  })

  test('a CSV of any dialect is its cells', () => {
    expect(readCsv(Buffer.from('\ufeffa;b\r\n"x;""y""\nz";2'))).toEqual([
      ['a', 'b'],
      ['x;"y"\nz', '2'],
    ])
    expect(readCsv(Buffer.from([0xd0, 0xf2, 0x2c, 0x31]))).toEqual([['序', '1']])
  })
})

describe('a brand’s own system', () => {
  let server: Server
  let answer: (serial: string, authorization: string | undefined) => { status: number; body: string } | null
  beforeAll(async () => {
    server = createServer((request, response) => {
      const said = answer(decodeURIComponent(request.url!.slice(1)), request.headers.authorization)
      if (said) response.writeHead(said.status, { 'content-type': 'application/json' }).end(said.body)
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  })
  const safeFetch = createSafeFetch({ isAllowed: (address) => address === '127.0.0.1' })
  const guarded = createSafeFetch()
  afterAll(async () => {
    await Promise.all([safeFetch.close(), guarded.close()])
    server.closeAllConnections()
    server.close()
  })

  /** The form takes https alone; here the row is written as the form would. */
  async function configure(token: string | null = null) {
    const brandId = talk.brand.id
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/{serial}`
    const tokenSealed = token === null ? null : seal.seal(token, sealedTokenOf(brandId))
    await database.db.insert(warrantySources).values({ brandId, url, tokenSealed, updatedAt: now })
  }
  const run = (fetcher = safeFetch, signal = new AbortController().signal) =>
    warrantyHandler({ ...deps(), seal, safeFetch: fetcher })(
      { subject: `${talk.brand.id}:${imei}` } as never,
      { signal } as never,
    )

  test('is asked from due work, and its answer is shown when it came', async () => {
    await configure('Bearer secret')
    const asked: unknown[] = []
    answer = (serial, authorization) => {
      asked.push([serial, authorization])
      const body = { warrantyUntil: '2026-11-24', model: '云雀', repairs: [{ repairedOn: '2026-01-02' }], more: 1 }
      return { status: 200, body: JSON.stringify(body) }
    }
    expect(await change({ serial: imei })).toMatchObject({ source: { state: 'asked' }, device: null })
    const due = await database.db.select().from(dueWork).where(eq(dueWork.kind, warrantyKind))
    expect(due.map(({ subject }) => subject)).toContain(`${talk.brand.id}:${imei}`)
    await run()
    expect(asked).toEqual([[imei, 'Bearer secret']])
    expect(await read()).toMatchObject({
      source: { state: 'answered' },
      device: { model: '云雀', warranty: 'over' },
      repairs: [{ repairedOn: '2026-01-02' }],
    })
  })

  test.each([
    ['refused', { status: 403, body: '' }],
    ['bad_status', { status: 500, body: '' }],
    ['bad_status', { status: 302, body: '' }],
    ['unreadable', { status: 200, body: '<html>' }],
    ['unreadable', { status: 200, body: '{"warrantyUntil":"soon"}' }],
    ['unreadable', { status: 200, body: 'null' }],
  ])('that is %s says so, and the ticket goes on', async (failure, said) => {
    await configure()
    answer = () => said
    await change({ serial: imei })
    await run()
    expect(await read()).toMatchObject({ source: { state: 'failed', reason: failure }, serial: imei })
  })

  test('that failed keeps what it said before', async () => {
    await configure()
    await change({ serial: imei })
    answer = () => ({ status: 200, body: '{"warrantyUntil":"2030-01-01"}' })
    await run()
    answer = () => ({ status: 500, body: '' })
    await run()
    expect(await read()).toMatchObject({ source: { state: 'failed' }, device: { warranty: 'inside' } })
  })

  test('at an inward address is never called', async () => {
    await configure()
    answer = () => {
      throw new Error('it was called')
    }
    await change({ serial: imei })
    await run(guarded)
    expect(await read()).toMatchObject({ source: { state: 'failed', reason: 'not_public' } })
  })

  test('is an https address without a password, and its token stays with its host', async () => {
    for (const url of [
      'http://a.example/{serial}',
      'https://a.example/',
      'https://u:p@a.example/{serial}',
      'https://{serial}.example/',
      'x',
    ]) {
      expect(WarrantySourcePut.safeParse({ url }).success, url).toBe(false)
    }
    const put = (url: string, token?: string) =>
      putSource(
        { db: database.db, seal, now: () => now },
        systemActor,
        talk.brand.id,
        WarrantySourcePut.parse({ url, token }),
      )
    const mine = async () => (await listSources(database.db)).find(({ brandId }) => brandId === talk.brand.id)
    await put('https://a.example/{serial}', 'secret')
    await put('https://a.example/v2/{serial}')
    expect(await mine()).toMatchObject({ url: 'https://a.example/v2/{serial}', hasToken: true })
    await put('https://evil.example/{serial}')
    expect(await mine()).toMatchObject({ hasToken: false })
  })
})
