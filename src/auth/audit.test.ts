import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestApp, type TestApp } from '../../test/helpers/app.ts'
import { until } from '../../test/helpers/until.ts'
import { createSeal } from '../seal.ts'
import { systemActor } from './actor.ts'
import { writeAudit } from './audit.ts'
import { canonicalJson } from './canonical.ts'
import { sealAudit, verifyAudit } from './seal-audit.ts'

let house: TestApp
beforeAll(async () => {
  house = await openTestApp()
  // Whoever tampers owns the database: the trigger does not stop them, the chain tells of them.
  await house.deps.sql`alter table audit disable trigger audit_guard`
})
afterAll(() => house.close())
beforeEach(async () => {
  await house.deps.sql`truncate audit restart identity`
  await house.deps.sql`delete from installation where key = 'audit_head'`
})

const write = async (count: number, from = 0) => {
  for (let n = from; n < from + count; n++) {
    await writeAudit(house.deps.db, systemActor, 'ticket.assigned', `ticket:${n}`, { to: `user:${n}`, tags: ['a', n] })
  }
}
const seal = () => sealAudit(house.deps.db, house.deps.seal)
const verify = () => verifyAudit(house.deps.db, house.deps.seal)

test('acts are numbered and chained once, in order, a thousand at a time', async () => {
  await house.deps.sql`
    insert into audit (actor, action, subject) select 'system', 'x.done', 'x:' || n from generate_series(1, 1500) n`
  expect(await seal()).toMatchObject({ sealed: 1000, head: { seq: 1000 } })
  expect(await seal()).toMatchObject({ sealed: 500, head: { seq: 1500 } })
  const idle = await seal()
  expect(idle).toMatchObject({ sealed: 0, head: { seq: 1500 } })
  expect(await verify()).toEqual({ ok: true, head: idle!.head })
  const rows = await house.deps.sql<{ id: string; seq: string }[]>`select id, seq from audit order by id`
  expect(rows.every(({ id, seq }) => id === seq)).toBe(true)
})

test('nothing written, nothing sealed: an empty chain is whole', async () => {
  expect(await verify()).toMatchObject({ ok: true, head: { seq: 0 } })
  await write(1)
  expect(await verify()).toMatchObject({ ok: true, head: { seq: 0 } })
})

test('of many nodes that seal at once each row gets one place', async () => {
  await write(20)
  const results = await Promise.all(Array.from({ length: 8 }, seal))
  expect(results.reduce((sum, result) => sum + (result?.sealed ?? 0), 0)).toBe(20)
  expect(await verify()).toMatchObject({ ok: true, head: { seq: 20 } })
})

test('a node that finds another sealing goes away at once', async () => {
  await write(1)
  await house.deps.sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtext('huixin audit'))`
    expect(await seal()).toBeNull()
  })
  await until(async () => (await seal())?.sealed === 1)
})

test('an act that commits later than a younger one is sealed later, and nothing is left out', async () => {
  await house.deps.sql.begin(async (slow) => {
    await slow`insert into audit (actor, action, subject) values ('system', 'x.done', 'x:slow')`
    await write(1)
    expect(await seal()).toMatchObject({ sealed: 1 })
  })
  expect(await seal()).toMatchObject({ sealed: 1 })
  const rows = await house.deps.sql<{ subject: string }[]>`select subject from audit order by seq`
  expect(rows.map(({ subject }) => subject)).toEqual(['ticket:0', 'x:slow'])
  expect(await verify()).toMatchObject({ ok: true, head: { seq: 2 } })
})

test('an act that was rolled back was never there', async () => {
  await expect(
    house.deps.db.transaction(async (tx) => {
      await writeAudit(tx, systemActor, 'x.done', 'x:1')
      throw new Error('changed my mind')
    }),
  ).rejects.toThrow('changed my mind')
  expect(await seal()).toMatchObject({ sealed: 0 })
})

describe('somebody with the database', () => {
  beforeEach(async () => {
    await write(5)
    await seal()
    expect(await verify()).toMatchObject({ ok: true })
  })
  const sql = (...args: Parameters<TestApp['deps']['sql']>) => house.deps.sql(...args)

  test.each([
    ['at', () => sql`update audit set at = at + interval '1 microsecond' where seq = 3`],
    ['actor', () => sql`update audit set actor = 'somebody' where seq = 3`],
    ['action', () => sql`update audit set action = 'ticket.closed' where seq = 3`],
    ['subject', () => sql`update audit set subject = 'ticket:9' where seq = 3`],
    ['detail', () => sql`update audit set detail = jsonb_set(detail, '{tags,0}', '"b"') where seq = 3`],
    ['a field added to the detail', () => sql`update audit set detail = detail || '{"x":1}' where seq = 3`],
    ['hash', () => sql`update audit set hash = set_byte(hash, 31, get_byte(hash, 31) # 1) where seq = 3`],
  ])('who changes %s is seen at that row', async (_name, change) => {
    await change()
    expect(await verify()).toEqual({ ok: false, seq: 3, reason: 'changed' })
  })

  test.each([
    ['the first', 1, 'missing'],
    ['one in the middle', 3, 'missing'],
    ['the last', 5, 'cut'],
  ])('who deletes %s is seen, and stays so when the chain goes on', async (_name, seq, reason) => {
    await sql`delete from audit where seq = ${seq}`
    expect(await verify()).toEqual({ ok: false, seq, reason })
    await write(2, 5)
    await seal()
    expect(await verify()).toEqual({ ok: false, seq, reason: 'missing' })
  })

  test('who deletes all but the head is seen', async () => {
    await sql`delete from audit`
    expect(await verify()).toEqual({ ok: false, seq: 1, reason: 'cut' })
  })

  test('who swaps two is seen', async () => {
    await sql`update audit set seq = -1 where seq = 2`
    await sql`update audit set seq = 2 where seq = 3`
    await sql`update audit set seq = 3 where seq = -1`
    expect(await verify()).toMatchObject({ ok: false, seq: 2, reason: 'changed' })
  })

  test('who cuts the end and appends again is seen', async () => {
    await sql`delete from audit where seq > 3`
    await sql`delete from installation where key = 'audit_head'`
    await write(3, 5)
    await seal()
    expect(await verify()).toMatchObject({ ok: false, seq: 4, reason: 'missing' })
  })

  test.each([
    ['removes', () => sql`delete from installation where key = 'audit_head'`],
    [
      'forges',
      () => sql`update installation set value = jsonb_set(value::jsonb, '{seq}', '4')::text where key = 'audit_head'`,
    ],
    ['garbles', () => sql`update installation set value = '{' where key = 'audit_head'`],
  ])('who %s the head is seen, and sealing goes on', async (_name, change) => {
    await change()
    expect(await verify()).toMatchObject({ ok: false, seq: 6, reason: 'cut' })
    await write(1, 5)
    expect(await seal()).toMatchObject({ sealed: 1 })
    expect(await verify()).toMatchObject({ ok: false, seq: 6, reason: 'missing' })
  })

  test('who has another key makes another chain', async () => {
    const forger = createSeal('another secret of at least thirty-two characters')
    await sql`update audit set seq = null, hash = null, actor = 'somebody'`
    await sql`delete from installation where key = 'audit_head'`
    await sealAudit(house.deps.db, forger)
    expect(await verifyAudit(house.deps.db, forger)).toMatchObject({ ok: true })
    expect(await verify()).toMatchObject({ ok: false, seq: 1, reason: 'changed' })
  })
})

test('the chain is the same for the same content, however its keys were ordered', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const shuffled = (item: unknown): unknown =>
        Array.isArray(item)
          ? item.map(shuffled)
          : typeof item === 'object' && item !== null
            ? Object.fromEntries(
                Object.entries(item)
                  .reverse()
                  .map(([key, field]) => [key, shuffled(field)]),
              )
            : item
      expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value))
      // -0 has no JSON.
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('what jsonb cannot hold is cleaned, and what it holds comes back to the same hash', async () => {
  const detail = {
    nul: 'a\u0000b',
    lone: '\ud800',
    big: 2 ** 53 - 1,
    small: 1e-7,
    nested: { z: 1, a: [null, true] },
    gone: undefined,
  }
  await writeAudit(house.deps.db, systemActor, 'x.done', 'x:1', detail)
  await seal()
  expect(await verify()).toMatchObject({ ok: true, head: { seq: 1 } })
})

describe('through the API', () => {
  test('page by page, newest first, nothing twice and nothing left out', async () => {
    const headers = await house.program('administrator')
    await house.deps.sql`truncate audit restart identity`
    await write(25)
    await seal()
    await write(1, 25)
    const seen: string[] = []
    let after: string | null = null
    do {
      const url: string = `/api/audit?limit=10${after ? `&after=${after}` : ''}`
      const page = (await house.app.inject({ url, headers })).json()
      seen.push(...page.entries.map(({ subject }: { subject: string }) => subject))
      if (after === null) expect(page.entries.slice(0, 2).map(({ seq }: { seq: number }) => seq)).toEqual([null, 25])
      after = page.next
    } while (after)
    expect(seen).toEqual(Array.from({ length: 26 }, (_, n) => `ticket:${25 - n}`))
  })

  test('by actor, action and subject; a cursor from elsewhere is refused', async () => {
    const headers = await house.program('administrator')
    await write(3)
    const ask = async (query: string) => (await house.app.inject({ url: `/api/audit?${query}`, headers })).json()
    expect((await ask('subject=ticket:1')).entries).toHaveLength(1)
    expect((await ask('action=ticket.assigned&actor=system')).entries).toHaveLength(3)
    expect((await ask('actor=nobody')).entries).toEqual([])
    for (const cursor of ['x', 'YTE5OTk5OTk5OTk5OTk5OTk5OTk5', '%20'])
      expect((await ask(`after=${cursor}`)).code).toBe('bad_cursor')
  })

  test('says whether the chain is whole', async () => {
    const headers = await house.program('administrator')
    await seal()
    const ask = async () => (await house.app.inject({ url: '/api/audit/verify', headers })).json()
    expect(await ask()).toEqual({
      ok: true,
      head: { seq: expect.any(Number), hash: expect.stringMatching(/^[0-9a-f]{64}$/u) },
    })
    await house.deps.sql`update audit set actor = 'x' where seq = 1`
    expect(await ask()).toEqual({ ok: false, seq: 1, reason: 'changed' })
  })
})

test('the house itself cannot change or delete what it audited', async () => {
  const { sql } = house.deps
  await writeAudit(house.deps.db, systemActor, 'ticket.changed', 'ticket:1')
  await sql`alter table audit enable trigger audit_guard`
  try {
    await expect(sql`update audit set action = 'nothing'`).rejects.toMatchObject({ code: '42501' })
    await expect(sql`delete from audit`).rejects.toMatchObject({ code: '42501' })
  } finally {
    await sql`alter table audit disable trigger audit_guard`
  }
})
