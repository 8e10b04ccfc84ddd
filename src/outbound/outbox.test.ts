import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createHouse, type House, message, plainCapabilities, silent } from '../../test/helpers/house.ts'
import { until } from '../../test/helpers/until.ts'
import type { OpenAccount } from '../accounts/connections.ts'
import type { Actor } from '../auth/actor.ts'
import type { Connection } from '../channel/adapter.ts'
import type { Capabilities } from '../channel/capabilities.ts'
import { SendError } from '../channel/errors.ts'
import type { Reply, Sent } from '../channel/reply.ts'
import { newId } from '../db/id.ts'
import { accounts, deliveries, identities, media, messages, threads, tickets } from '../db/schema.ts'
import { settleEcho } from '../inbound/echo.ts'
import { FileMissing, type MediaStore } from '../media-store.ts'
import { postAnswered } from '../tickets/answered.ts'
import { returnTicket } from '../tickets/lost-reply.ts'
import { postReply } from '../tickets/reply.ts'
import type { NewReply } from '../wire.ts'
import { abandonOverdue } from './abandon.ts'
import { expireLeases } from './expire.ts'
import { findSentHandler } from './find-sent.ts'
import { outboundMediaReader } from './media.ts'
import { applyReceipt } from './receipts.ts'
import { passOver, replay, resolveUnknown, undoReply } from './resolve.ts'
import { createSender, type Sender, type SenderDeps } from './sender.ts'
import { settle } from './settle.ts'

let house: House
let agent: Actor
beforeAll(async () => {
  house = await createHouse()
  agent = await house.agent()
})
afterAll(() => house.close())

const text = { en: 'no', zh: '不' }
const hooks = { lostReply: returnTicket }
type Script = (reply: Reply, call: number) => Promise<Sent> | Sent

/** One conversation, a scripted platform with a ledger of what it was asked, and a sender that owns the account. */
async function scene(script: Script, options: { capabilities?: Capabilities; connection?: Partial<Connection> } = {}) {
  const ledger: Reply[] = []
  const connection: Partial<Connection> = {
    ...options.connection,
    send: async (reply) => {
      ledger.push(reply)
      return script(reply, ledger.length)
    },
  }
  const account = await house.account(connection, {
    undoMs: 0,
    ...(options.capabilities ? { capabilities: options.capabilities } : {}),
  })
  await house.ingest().submit(account, [message({ externalId: `in-${account.id}` })])
  const [ticket] = await house.db.select().from(tickets).where(eq(tickets.accountId, account.id))
  const sender = senderFor(account)
  const say = async (words: string, more: Partial<NewReply> = {}, key?: string) =>
    (
      await postReply(
        { db: house.db, connections: house.connections, now: () => new Date() },
        agent,
        ticket!.id,
        { text: words, mediaIds: [], ...more },
        key,
      )
    ).body.message
  const rows = () =>
    house.db.select().from(deliveries).where(eq(deliveries.accountId, account.id)).orderBy(deliveries.position)
  const states = async () => (await rows()).map((row) => row.state)
  return { account, ledger, ticketId: ticket!.id, sender, say, rows, states }
}

function senderFor(
  account: OpenAccount,
  node = 'n1',
  passing?: (point: string) => void | Promise<void>,
  mediaOf: SenderDeps['mediaOf'] = async () => [],
): Sender {
  return createSender({
    db: house.db,
    connections: house.connections,
    leases: { node, owned: () => new Map([[account.id, 1]]) },
    mediaOf,
    withDelivery: (_id, fn) => fn(),
    hooks,
    log: silent,
    nudge: () => {},
    now: () => new Date(),
    ...(passing ? { passing } : {}),
  })
}

async function own(account: OpenAccount, node = 'n1', fence = 1) {
  await house.sql`insert into account_leases (account_id, node, fence, expires_at)
    values (${account.id}, ${node}, ${fence}, now() + interval '1 minute')
    on conflict (account_id) do update set node = excluded.node, fence = excluded.fence, expires_at = excluded.expires_at`
}

async function running<T>(at: Awaited<ReturnType<typeof scene>>, fn: () => Promise<T>): Promise<T> {
  await own(at.account)
  at.sender.start()
  try {
    return await fn()
  } finally {
    await at.sender.stop(5_000)
  }
}

test('a reply is sent once, with the target, and its external id is kept', async () => {
  const at = await scene(() => ({ externalId: 'out-1' }))
  await at.say('您好,请问保修卡还在吗?')
  await running(at, () => until(async () => (await at.states())[0] === 'sent'))
  expect(at.ledger).toMatchObject([
    {
      text: '您好,请问保修卡还在吗?',
      to: 'person-1',
      inReplyTo: `in-${at.account.id}`,
      thread: { externalId: 'chat-1' },
    },
  ])
  expect(await at.rows()).toMatchObject([{ externalId: 'out-1', attempt: 1 }])
  const [ticket] = await house.db.select().from(tickets).where(eq(tickets.id, at.ticketId))
  expect(ticket).toMatchObject({ status: 'waiting_customer', unansweredSince: null, version: 2 })
})

test('each call keeps what it costs, with a link more', async () => {
  const direct = plainCapabilities.surfaces.direct!
  const cost = { perReply: 0.01, withLink: 0.2, currency: 'USD' }
  const text = { max: 30, unit: 'utf16', whenTooLong: 'split' } as const
  const billed = { ...plainCapabilities, surfaces: { direct: { ...direct, text, cost } } }
  const at = await scene(() => ({ externalId: null }), { capabilities: billed })
  await at.say('Thank you for your patience.\n\nSee help.example.com')
  expect((await at.rows()).map((row) => row.cost)).toEqual([0.01, 0.2])
  const free = await scene(() => ({ externalId: null }))
  await free.say('See help.example.com')
  expect(await free.rows()).toMatchObject([{ cost: null }])
})

test('the same key again is the same reply; with another body it is refused', async () => {
  const at = await scene(() => ({ externalId: null }))
  const first = await at.say('once', {}, 'k1')
  expect(await at.say('once', {}, 'k1')).toEqual(first)
  await expect(at.say('twice', {}, 'k1')).rejects.toMatchObject({ status: 422, code: 'idempotency_mismatch' })
  const at50 = await Promise.all(Array.from({ length: 20 }, () => at.say('many', {}, 'k2')))
  expect(new Set(at50.map((reply) => reply.id)).size).toBe(1)
  expect(await at.rows()).toHaveLength(2)
})

test('writing past what a customer or colleague wrote is refused with what is new', async () => {
  const at = await scene(() => ({ externalId: null }))
  await house.ingest().submit(at.account, [message({ externalId: `new-${at.account.id}`, text: '还有屏幕' })])
  await expect(at.say('late', { seenVersion: 1 })).rejects.toMatchObject({
    status: 409,
    code: 'seen_conflict',
    details: { messages: [{ text: '还有屏幕' }] },
  })
  await at.say('seen', { seenVersion: 2 })
  // One's own reply is no news.
  await at.say('and again', { seenVersion: 2 })
  expect(await at.rows()).toHaveLength(2)
})

describe('undo', () => {
  test('while queued it cancels, and the ticket returns to the agent', async () => {
    const at = await scene(() => ({ externalId: null }))
    const reply = await at.say('oops')
    await house.db.transaction(async (tx) => {
      await undoReply(tx, reply.id)
      await returnTicket(tx, at.ticketId)
    })
    expect(await at.states()).toEqual(['cancelled'])
    const [ticket] = await house.db.select().from(tickets).where(eq(tickets.id, at.ticketId))
    expect(ticket).toMatchObject({ status: 'open', unansweredSince: new Date('2026-11-22T08:00:00Z') })
    await running(at, async () => {
      await at.say('next')
      await until(() => at.ledger.length === 1)
    })
    expect(at.ledger[0]?.text).toBe('next')
  })

  test('once sent it is too late', async () => {
    const at = await scene(() => ({ externalId: 'x' }))
    const reply = await at.say('gone')
    await running(at, () => until(async () => (await at.states())[0] === 'sent'))
    await expect(house.db.transaction((tx) => undoReply(tx, reply.id))).rejects.toMatchObject({ code: 'too_late' })
  })

  test('the undo time is kept: nothing is claimed before it', async () => {
    const at = await scene(() => ({ externalId: 'x' }))
    const slow = { ...at.account, undoMs: 60_000 }
    const connections = { ...house.connections, get: async () => slow }
    await postReply(
      { db: house.db, connections, now: () => new Date() },
      agent,
      at.ticketId,
      { text: 'wait', mediaIds: [] },
      undefined,
    )
    await running(at, async () => {
      const other =
        await house.sql`select count(*)::int as n from deliveries where account_id = ${at.account.id} and not_before > now() + interval '50 seconds'`
      expect(other[0]).toEqual({ n: 1 })
      expect(at.ledger).toEqual([])
    })
  })
})

describe('parts', () => {
  const short: Capabilities = {
    ...plainCapabilities,
    surfaces: {
      direct: { ...plainCapabilities.surfaces.direct!, text: { max: 10, unit: 'utf16', whenTooLong: 'split' } },
    },
  }

  test('go out one after the other, in order', async () => {
    const at = await scene((_reply, call) => ({ externalId: `p${call}` }), { capabilities: short })
    await at.say('one two three four five six')
    await running(at, () => until(async () => (await at.states()).every((state) => state === 'sent')))
    expect(at.ledger.map((reply) => reply.text).join(' ')).toBe('one two three four five six')
    expect(at.ledger.length).toBeGreaterThan(2)
  })

  test('after a failed part are cancelled, and the ticket returns', async () => {
    const at = await scene(
      (_reply, call) => {
        if (call === 2) throw new SendError('rejected', 'invalid', { text })
        return { externalId: `p${call}` }
      },
      { capabilities: short },
    )
    await at.say('one two three four five six')
    await running(at, () => until(async () => (await at.states()).includes('cancelled')))
    expect((await at.states()).slice(0, 2)).toEqual(['sent', 'failed'])
    expect(new Set((await at.states()).slice(2))).toEqual(new Set(['cancelled']))
    const [ticket] = await house.db.select().from(tickets).where(eq(tickets.id, at.ticketId))
    expect(ticket).toMatchObject({ status: 'open' })
  })

  test('held for days by an unknown part go out once that is settled', async () => {
    const at = await scene(
      (_reply, call) => {
        if (call === 1) throw new SendError('unknown', 'no_answer', { text })
        return { externalId: 'out' }
      },
      { capabilities: short },
    )
    await at.say('one two three four five')
    await running(at, async () => {
      await until(async () => (await at.states())[0] === 'unknown')
      await house.sql`update deliveries set expires_at = now() - interval '1 day' where account_id = ${at.account.id}`
      await abandonOverdue(house.db, hooks)
      expect((await at.states()).slice(0, 2)).toEqual(['unknown', 'queued'])
      await house.db.transaction(async (tx) => resolveUnknown(tx, (await at.rows())[0]!.id, 'sent', hooks))
      await until(async () => (await at.states()).every((state) => state === 'sent'))
    })
  })

  test('after an unknown part are held, even when the thread goes on past it; dropping cancels them', async () => {
    const at = await scene(
      (_reply, call) => {
        if (call === 1) throw new SendError('unknown', 'no_answer', { text })
        return { externalId: `p${call}` }
      },
      { capabilities: short },
    )
    await at.say('one two three four')
    await running(at, async () => {
      await until(async () => (await at.states())[0] === 'unknown')
      const [first] = await at.rows()
      await house.db.transaction((tx) => passOver(tx, first!.id))
      await at.say('later')
      await until(() => at.ledger.length === 2)
      expect(at.ledger[1]?.text).toBe('later')
      await house.db.transaction((tx) => resolveUnknown(tx, first!.id, 'dropped', hooks))
    })
    expect((await at.states()).slice(0, 2)).toEqual(['cancelled', 'cancelled'])
  })
})

describe('retry', () => {
  test('waits for the time the platform names, kept on the thread', async () => {
    const after = new Date(Date.now() + 3_600_000)
    const at = await scene(() => {
      throw new SendError('retry', 'rate_limited', { text, after })
    })
    await at.say('soon')
    await running(at, () => until(async () => (await at.rows())[0]?.reasonCode === 'rate_limited'))
    const [row] = await at.rows()
    expect(row?.state).toBe('queued')
    expect(Math.abs(row!.notBefore.getTime() - after.getTime())).toBeLessThan(5_000)
    const [thread] = await house.db.select().from(threads).where(eq(threads.accountId, at.account.id))
    expect(thread?.pausedUntil).toEqual(row?.notBefore)
    expect(at.ledger).toHaveLength(1)
  })

  test('of the whole account pauses every thread of it', async () => {
    const after = new Date(Date.now() + 3_600_000)
    const at = await scene(() => {
      throw new SendError('retry', 'rate_limited', { text, after, scope: 'account' })
    })
    await at.say('first')
    await running(at, async () => {
      await until(async () => (await at.rows())[0]?.reasonCode === 'rate_limited')
      const other = message({
        threadId: 'chat-2',
        externalId: `o-${at.account.id}`,
        author: { externalId: 'p2', name: 'B', handle: null, avatarUrl: null, followers: null },
      })
      await house.ingest().submit(at.account, [other])
      const [second] = await house.db.select().from(threads).where(eq(threads.externalId, 'chat-2'))
      await postReply(
        { db: house.db, connections: house.connections, now: () => new Date() },
        agent,
        second!.currentTicketId!,
        { text: 'second', mediaIds: [] },
        undefined,
      )
      const [paused] = await house.db.select().from(accounts).where(eq(accounts.id, at.account.id))
      expect(Math.abs(paused!.pausedUntil!.getTime() - after.getTime())).toBeLessThan(5_000)
    })
    expect(at.ledger).toHaveLength(1)
  })

  test('waits as long as the platform says although the clock of this node is wrong', async () => {
    const at = await scene(() => {
      throw new SendError('retry', 'rate_limited', { text, after: new Date(Date.now() + 60_000) })
    })
    await at.say('soon')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 })
    try {
      await running(at, () => until(async () => (await at.rows())[0]?.reasonCode === 'rate_limited'))
    } finally {
      vi.useRealTimers()
    }
    const [row] = await house.sql`select not_before > now() + interval '50 seconds' as waits from deliveries
      where account_id = ${at.account.id}`
    expect(row).toEqual({ waits: true })
  })

  test('at a time that is over already still backs off', async () => {
    const at = await scene(() => {
      throw new SendError('retry', 'rate_limited', { text, after: new Date(Date.now() - 1) })
    })
    await at.say('soon')
    await running(at, () => until(async () => (await at.rows())[0]?.reasonCode === 'rate_limited'))
    expect(at.ledger).toHaveLength(1)
    expect((await at.rows())[0]!.notBefore.getTime()).toBeGreaterThan(Date.now() + 500)
  })

  test('works again as soon as the time is over', async () => {
    const at = await scene((_reply, call) => {
      if (call === 1) throw new SendError('retry', 'unreachable', { text, after: new Date(Date.now() + 300) })
      return { externalId: 'ok' }
    })
    await at.say('again')
    await running(at, () => until(async () => (await at.states())[0] === 'sent'))
    expect(await at.rows()).toMatchObject([{ attempt: 2, reasonCode: null }])
  })

  test('after 24 hours fails as expired, and the ticket returns', async () => {
    const at = await scene(() => {
      throw new SendError('retry', 'unreachable', { text })
    })
    await at.say('old')
    await house.db
      .update(deliveries)
      .set({ expiresAt: new Date(Date.now() - 1) })
      .where(eq(deliveries.accountId, at.account.id))
    await running(at, () => until(async () => (await at.states())[0] === 'failed'))
    expect(await at.rows()).toMatchObject([{ reasonCode: 'expired' }])
    expect((await house.db.select().from(tickets).where(eq(tickets.id, at.ticketId)))[0]).toMatchObject({
      status: 'open',
    })
  })

  test('what only waited fails after 24 hours all the same', async () => {
    const at = await scene(() => ({ externalId: 'out' }))
    await at.say('waits for the administrator')
    await house.sql`update accounts set health = '{"state":"refused"}' where id = ${at.account.id}`
    await house.sql`update deliveries set expires_at = now() where account_id = ${at.account.id}`
    await running(at, () => until(async () => (await at.states())[0] === 'failed'))
    expect(await at.rows()).toMatchObject([{ reasonCode: 'expired' }])
    expect((await house.db.select().from(tickets).where(eq(tickets.id, at.ticketId)))[0]?.status).toBe('open')
    expect(at.ledger).toEqual([])
  })

  test('what was written while its account was being removed fails, and the ticket returns', async () => {
    const at = await scene(() => ({ externalId: 'out' }))
    await house.sql`update accounts set removed_at = now() where id = ${at.account.id}`
    await at.say('too late')
    await running(at, () => until(async () => (await at.states())[0] === 'failed'))
    expect(await at.rows()).toMatchObject([{ reasonCode: 'account_removed' }])
    expect((await house.db.select().from(tickets).where(eq(tickets.id, at.ticketId)))[0]?.status).toBe('open')
  })

  test('refused credentials make the account wait, and tell the administrator', async () => {
    const at = await scene(() => {
      throw new SendError('retry', 'credentials_refused', { text, scope: 'account' })
    })
    await at.say('waits')
    await running(at, async () => {
      await until(async () => (await at.rows())[0]?.reasonCode === 'credentials_refused')
      await house.sql`update deliveries set not_before = now() where account_id = ${at.account.id}`
      at.sender.wake()
    })
    const [row] = await house.db.select().from(accounts).where(eq(accounts.id, at.account.id))
    expect(row?.health).toMatchObject({ state: 'refused' })
    expect(at.ledger).toHaveLength(1)
  })

  test('refused credentials of one surface make its thread wait, not the account', async () => {
    const at = await scene(() => {
      throw new SendError('retry', 'credentials_refused', { text, scope: 'thread' })
    })
    await at.say('waits')
    await running(at, () => until(async () => (await at.rows())[0]?.reasonCode === 'credentials_refused'))
    const [row] = await house.db.select().from(accounts).where(eq(accounts.id, at.account.id))
    expect(row?.health).toEqual({ state: 'ok' })
    expect(row?.pausedUntil).toBeNull()
    const [thread] = await house.db.select().from(threads).where(eq(threads.accountId, at.account.id))
    expect(thread?.pausedUntil?.getTime()).toBeGreaterThan(Date.now())
  })

  test('credentials refused after they were replaced say nothing about the new ones', async () => {
    const at = await scene(async () => {
      await house.sql`update accounts set settings_version = settings_version + 1 where id = ${at.account.id}`
      throw new SendError('retry', 'credentials_refused', { text, scope: 'account' })
    })
    await at.say('waits')
    await running(at, () => until(async () => (await at.rows())[0]?.reasonCode === 'credentials_refused'))
    const [row] = await house.db.select().from(accounts).where(eq(accounts.id, at.account.id))
    expect(row?.health).toEqual({ state: 'ok' })
  })
})

test('an outcome that loses a race for its rows is written all the same', async () => {
  let answer = () => {}
  const asked = new Promise<void>((resolve) => {
    answer = resolve
  })
  const at = await scene(async () => {
    await asked
    throw new SendError('retry', 'unreachable', { text })
  })
  await at.say('once more')
  await running(at, async () => {
    await until(async () => (await at.states())[0] === 'sending')
    const [row] = await at.rows()
    await house.sql.begin(async (tx) => {
      await tx`select from threads where id = ${row!.threadId} for update`
      answer()
      // The outcome has the delivery and waits for the thread; now we want the delivery.
      await until(async () => (await house.sql`select from pg_locks where not granted`).length > 0)
      await tx`select from deliveries where id = ${row!.id} for update`
    })
    await until(async () => (await at.rows())[0]?.reasonCode === 'unreachable')
  })
  expect(await at.states()).toEqual(['queued'])
})

describe('a file that is gone', () => {
  const reader = (read: () => Promise<Uint8Array>) =>
    outboundMediaReader({ db: house.db, store: { read } as unknown as MediaStore })
  const lost = async () => {
    throw new FileMissing('gone')
  }
  async function withFile(at: Awaited<ReturnType<typeof scene>>, sha256: string | null) {
    const id = newId()
    await house.db.insert(media).values({ id, brandId: house.brandId, kind: 'photo', state: 'ready', sha256 })
    await at.say('the picture')
    await house.sql`update deliveries set media_ids = ${[id]} where account_id = ${at.account.id}`
  }

  test.each([
    ['before the call', null],
    ['when the adapter reads it', 'ab'],
  ])('fails the reply at once: %s', async (_when, sha256) => {
    const at = await scene(async (reply) => {
      for (const file of reply.media) await file.bytes()
      return { externalId: 'out' }
    })
    await withFile(at, sha256)
    at.sender = senderFor(at.account, 'n1', undefined, reader(lost))
    await running(at, () => until(async () => (await at.states())[0] === 'failed'))
    expect(await at.rows()).toMatchObject([{ reasonCode: 'media_refused' }])
  })
})

describe('doubt', () => {
  const broken = () => {
    throw new SendError('unknown', 'no_answer', { text })
  }

  test('an unknown delivery is never sent again by itself, and holds its thread', async () => {
    const at = await scene(broken)
    await at.say('first')
    await at.say('second')
    await running(at, () => until(async () => (await at.states())[0] === 'unknown'))
    expect(await at.states()).toEqual(['unknown', 'queued'])
    expect(at.ledger).toHaveLength(1)
  })

  test('is told to the adapter when a person asks for another attempt, and after an interruption too', async () => {
    const at = await scene((_reply, call) => (call === 1 ? broken() : { externalId: `c${call}` }))
    await at.say('first')
    await running(at, async () => {
      await until(async () => (await at.states())[0] === 'unknown')
      const [row] = await at.rows()
      await house.db.transaction((tx) => resolveUnknown(tx, row!.id, 'queued', hooks))
      at.sender.wake()
      await until(async () => (await at.states())[0] === 'sent')
    })
    expect(at.ledger.map(({ doubted }) => doubted)).toEqual([false, true])
    await at.say('second')
    const [, row] = await at.rows()
    await house.force(
      (tx) => tx`update deliveries set state = 'sending', lease_until = now() - interval '1 s' where id = ${row!.id}`,
    )
    await expireLeases(house.db)
    expect((await at.rows())[1]).toMatchObject({ state: 'unknown', doubted: true })
  })

  test('an adapter that throws something else leaves doubt', async () => {
    const at = await scene(() => {
      throw new TypeError('a bug')
    })
    await at.say('x')
    await running(at, () => until(async () => (await at.states())[0] === 'unknown'))
  })

  test('ends with what the adapter says after its time, when it knows', async () => {
    let answer = () => {}
    const asked = new Promise<void>((resolve) => {
      answer = resolve
    })
    const at = await scene(
      async () => {
        await asked
        return { externalId: 'late' }
      },
      { capabilities: { ...plainCapabilities, timeoutMs: { call: 50, upload: 50 } } },
    )
    await at.say('slow')
    await running(at, async () => {
      await until(async () => (await at.states())[0] === 'unknown')
      answer()
      await until(async () => (await at.states())[0] === 'sent')
    })
    expect(await at.rows()).toMatchObject([{ externalId: 'late', attempt: 1 }])
  })

  test('an adapter that never answers leaves doubt when its time is over', async () => {
    const quick = { ...plainCapabilities, timeoutMs: { call: 50, upload: 50 } }
    const at = await scene(() => new Promise<Sent>(() => {}), { capabilities: quick })
    await at.say('x')
    await running(at, () => until(async () => (await at.states())[0] === 'unknown'))
    expect(at.ledger[0]?.signal.aborted).toBe(true)
  })

  test.each([
    ['sent', ['sent', 'sent'], 2],
    ['queued', ['sent', 'sent'], 3],
    ['dropped', ['cancelled', 'sent'], 2],
  ] as const)('settled by hand as %s', async (as, states, calls) => {
    const at = await scene((_reply, call) => (call === 1 ? broken() : { externalId: `c${call}` }))
    await at.say('first')
    await at.say('second')
    await running(at, async () => {
      await until(async () => (await at.states())[0] === 'unknown')
      const [row] = await at.rows()
      await house.db.transaction((tx) => resolveUnknown(tx, row!.id, as, hooks))
      at.sender.wake()
      await until(async () => (await at.states())[1] === 'sent')
    })
    expect(await at.states()).toEqual(states)
    expect(at.ledger).toHaveLength(calls)
    const [row] = await at.rows()
    await expect(house.db.transaction((tx) => resolveUnknown(tx, row!.id, 'sent', hooks))).rejects.toMatchObject({
      code: 'not_unknown',
    })
  })

  test.each([
    ['found', { externalId: 'found' }, 'sent', 1],
    ['absent', 'absent' as const, 'queued', 1],
    ['cannot tell', 'cannot-tell' as const, 'unknown', 1],
  ])('asked back at the platform: %s', async (_name, answer, state, calls) => {
    const at = await scene(broken, { connection: { findSent: async () => answer } })
    await at.say('x')
    await running(at, () => until(async () => (await at.states())[0] === 'unknown'))
    const [row] = await at.rows()
    await findSentHandler({ db: house.db, connections: house.connections, hooks, nudge: () => {} })({
      subject: row!.id,
    })
    expect(await at.states()).toEqual([state])
    expect(at.ledger).toHaveLength(calls)
  })
})

describe('doubt, where the other side knows the id', () => {
  const known = { ...plainCapabilities, idempotentSend: true, repeatWithinMs: 60_000 }
  const broken = () => Promise.reject(new SendError('unknown', 'platform_error', { text }))
  const release = (id: string) =>
    house.sql`update deliveries set not_before = now() where account_id = ${id}`.then(
      () => house.sql`update threads set paused_until = null where account_id = ${id}`,
    )

  test('is sent again under the same id, later, and nobody is asked', async () => {
    const at = await scene((_reply, call) => (call === 1 ? broken() : { externalId: null }), { capabilities: known })
    await at.say('您好')
    await running(at, async () => {
      await until(async () => (await at.rows())[0]?.doubted === true)
      expect(await at.states()).toEqual(['queued'])
      await release(at.account.id)
      await until(async () => (await at.states())[0] === 'sent')
    })
    expect(at.ledger.map(({ doubted }) => doubted)).toEqual([false, true])
    expect(new Set(at.ledger.map(({ deliveryId }) => deliveryId)).size).toBe(1)
  })

  test('is doubt like any other once its promise, or the delivery, is over', async () => {
    for (const change of [
      house.sql`created_at = now() - interval '2 minutes'`,
      house.sql`expires_at = now() + interval '1 second'`,
    ]) {
      const at = await scene(broken, { capabilities: known })
      await at.say('您好')
      await house.sql`update deliveries set ${change} where account_id = ${at.account.id}`
      await running(at, () => until(async () => (await at.states())[0] === 'unknown'))
    }
  })

  test('of a process that died during the call ends the same way', async () => {
    const at = await scene(() => ({ externalId: null }), { capabilities: known })
    await at.say('您好')
    await house.force(
      (tx) =>
        tx`update deliveries set state = 'unknown', attempt = 1, doubted = true where account_id = ${at.account.id}`,
    )
    const [row] = await at.rows()
    await findSentHandler({ db: house.db, connections: house.connections, hooks, nudge: () => {} })({
      subject: row!.id,
    })
    expect(await at.states()).toEqual(['queued'])
  })

  test('one that failed is sent once more when a person asks for it', async () => {
    const refused = () => Promise.reject(new SendError('rejected', 'invalid', { text }))
    const at = await scene((_reply, call) => (call === 1 ? refused() : { externalId: null }), { capabilities: known })
    await at.say('您好')
    await running(at, async () => {
      await until(async () => (await at.states())[0] === 'failed')
      const [row] = await at.rows()
      await house.db.transaction((tx) => replay(tx, row!.id))
      await until(async () => (await at.states())[0] === 'sent')
      await expect(house.db.transaction((tx) => replay(tx, row!.id))).rejects.toMatchObject({ code: 'not_failed' })
    })
    expect(new Set(at.ledger.map(({ deliveryId }) => deliveryId)).size).toBe(1)
  })
})

describe('an expired lease', () => {
  const expire = (id: string) =>
    house.sql`update deliveries set lease_until = now() - interval '1 second' where id = ${id}`

  test('of a claim goes back to the queue, of a call becomes unknown', async () => {
    const at = await scene(() => ({ externalId: null }))
    await at.say('a')
    await at.say('b')
    const [claimed, sending] = await at.rows()
    await house.force((tx) => tx`update deliveries set state = 'claimed', attempt = 1 where id = ${claimed!.id}`)
    await house.force((tx) => tx`update deliveries set state = 'sending', attempt = 1 where id = ${sending!.id}`)
    await expire(claimed!.id)
    await expire(sending!.id)
    await expireLeases(house.db)
    expect(await at.states()).toEqual(['queued', 'unknown'])
  })

  test('is settled by the late true outcome of the same attempt, and only of that', async () => {
    const at = await scene(() => ({ externalId: null }))
    await at.say('a')
    const [row] = await at.rows()
    await house.force((tx) => tx`update deliveries set state = 'unknown', attempt = 2 where id = ${row!.id}`)
    const late = (attempt: number) =>
      house.db.transaction((tx) => settle(tx, { id: row!.id, attempt }, { kind: 'sent', externalId: 'late' }, hooks))
    expect(await late(1)).toBe(false)
    expect(await at.states()).toEqual(['unknown'])
    expect(await late(2)).toBe(true)
    expect(await at.rows()).toMatchObject([{ state: 'sent', externalId: 'late' }])
    expect(await late(2)).toBe(false)
  })

  test('a node without the lease sends nothing', async () => {
    const at = await scene(() => ({ externalId: 'x' }))
    await at.say('a')
    await own(at.account, 'other', 2)
    at.sender.start()
    const other = senderFor(at.account, 'other')
    await at.sender.stop(1_000)
    expect(at.ledger).toEqual([])
    await own(at.account, 'other', 1)
    other.start()
    await until(async () => (await at.states())[0] === 'sent')
    await other.stop(1_000)
    expect(at.ledger).toHaveLength(1)
  })

  test('a node that loses the account between the claim and the call makes no call', async () => {
    const at = await scene(() => ({ externalId: 'x' }))
    await at.say('a')
    await own(at.account)
    let lost = false
    const sender = senderFor(at.account, 'n1', async (point) => {
      if (point !== 'send:claimed') return
      await own(at.account, 'other', 2)
      lost = true
    })
    sender.start()
    // Not sooner: a sender that stops gives its claim back, which is another rule.
    await until(() => lost)
    await sender.stop(1_000)
    expect(at.ledger).toEqual([])
    expect(await at.states()).toEqual(['claimed'])
  })
})

test('two nodes that both believe to own an account send each reply once', async () => {
  const at = await scene((_reply, call) => ({ externalId: `x${call}` }))
  for (let index = 0; index < 20; index++) await at.say(`r${index}`)
  await own(at.account)
  const nodes = [at.sender, senderFor(at.account)]
  for (const node of nodes) node.start()
  await until(async () => (await at.states()).every((state) => state === 'sent'))
  for (const node of nodes) await node.stop(1_000)
  expect(at.ledger.map((reply) => reply.text)).toEqual(Array.from({ length: 20 }, (_, index) => `r${index}`))
})

test('threads do not wait for each other', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const at = await scene(async (reply) => {
    if (reply.text === 'slow') await held
    return { externalId: reply.text }
  })
  const author = { externalId: 'person-b', name: '李强', handle: null, avatarUrl: null, followers: null }
  await house.ingest().submit(at.account, [message({ threadId: 'chat-b', externalId: `b-${at.account.id}`, author })])
  const [other] = await house.db
    .select()
    .from(tickets)
    .where(eq(tickets.accountId, at.account.id))
    .orderBy(tickets.number)
    .offset(1)
  await at.say('slow')
  await at.say('behind')
  await postReply(
    { db: house.db, connections: house.connections, now: () => new Date() },
    agent,
    other!.id,
    { text: 'quick', mediaIds: [] },
    undefined,
  )
  await running(at, async () => {
    await until(() => at.ledger.some((reply) => reply.text === 'quick'))
    expect(at.ledger.some((reply) => reply.text === 'behind')).toBe(false)
    release()
    await until(async () => (await at.states()).every((state) => state === 'sent'))
  })
  expect(at.ledger.map((reply) => reply.text).indexOf('slow')).toBeLessThan(
    at.ledger.map((reply) => reply.text).indexOf('behind'),
  )
})

test('automatic messages never stand before a person’s', async () => {
  const at = await scene((_reply, call) => ({ externalId: `x${call}` }))
  await at.say('automatic')
  await house.force(
    (tx) => tx`update deliveries set automatic = true, state = 'unknown' where account_id = ${at.account.id}`,
  )
  await at.say('human')
  await running(at, () => until(async () => (await at.states())[1] === 'sent'))
  expect(at.ledger.map((reply) => reply.text)).toEqual(['human'])
})

describe('what was allowed when it was written', () => {
  test('a message that may be answered for a time only closes by itself, whatever the surface allows', async () => {
    const at = await scene(() => ({ externalId: 'r' }))
    const until = (ms: number) => ({ allowed: true, reason: null, until: new Date(Date.now() + ms) })
    const [row] = await house.db.select().from(threads).where(eq(threads.accountId, at.account.id))
    const add = (ms: number) =>
      house
        .ingest()
        .submit(at.account, [
          message({ externalId: `timed-${ms}`, threadId: row!.externalId, sentAt: new Date(), replyable: until(ms) }),
        ])
    await add(-1_000)
    await expect(at.say('too late')).rejects.toMatchObject({ code: 'window_closed' })
    await add(60_000)
    await at.say('in time')
  })

  const windowed: Capabilities = {
    ...plainCapabilities,
    surfaces: {
      direct: {
        ...plainCapabilities.surfaces.direct!,
        windows: [{ openedBy: 'message', lengthMs: 48 * 3_600_000, replies: 2 }],
      },
    },
  }

  test('is counted under the lock: of ten at once two are taken', async () => {
    const at = await scene(() => ({ externalId: null }), { capabilities: windowed })
    await house.db
      .update(threads)
      .set({ lastInboundAt: new Date(Date.now() - 1_000) })
      .where(eq(threads.accountId, at.account.id))
    const results = await Promise.allSettled(Array.from({ length: 10 }, (_, index) => at.say(`r${index}`)))
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(2)
    expect(results.find((result) => result.status === 'rejected')).toMatchObject({
      reason: { status: 422, code: 'quota_used' },
    })
  })

  test('is asked again at the claim: a window that closed meanwhile fails it, and nothing is sent', async () => {
    const at = await scene(() => ({ externalId: null }), { capabilities: windowed })
    await house.db.update(threads).set({ lastInboundAt: new Date() }).where(eq(threads.accountId, at.account.id))
    await at.say('in time')
    await house.db
      .update(threads)
      .set({ lastInboundAt: new Date(Date.now() - 49 * 3_600_000) })
      .where(eq(threads.accountId, at.account.id))
    await running(at, () => until(async () => (await at.states())[0] === 'failed'))
    expect(await at.rows()).toMatchObject([{ reasonCode: 'window_closed' }])
    expect(at.ledger).toEqual([])
  })

  test('a person who blocked us is told to the agent before and marked after', async () => {
    const at = await scene(() => {
      throw new SendError('rejected', 'blocked', { text: { en: 'Blocked.', zh: '已屏蔽' } })
    })
    await at.say('hello')
    await running(at, () => until(async () => (await at.states())[0] === 'failed'))
    const [person] = await house.db.select().from(identities).where(eq(identities.accountId, at.account.id))
    expect(person).toMatchObject({ reachable: false })
    await expect(at.say('again')).rejects.toMatchObject({ status: 422, code: 'unreachable' })
  })
})

describe('echoes and receipts', () => {
  const echo = (account: OpenAccount, values: Parameters<typeof message>[0], heldLongEnough = true) =>
    house.db.transaction((tx) => {
      const event = message({
        ...values,
        author: { externalId: 'us', name: 'Us', handle: null, avatarUrl: null, followers: null },
      })
      if (event.type !== 'message') throw new Error('not a message')
      return settleEcho(tx, account, event.message, { receivedAt: new Date(), heldLongEnough, hooks })
    })

  test('an echo settles exactly one delivery in doubt', async () => {
    const at = await scene(() => {
      throw new SendError('unknown', 'no_answer', { text })
    })
    await at.say('same')
    await running(at, () => until(async () => (await at.states())[0] === 'unknown'))
    await at.say('same')
    await house.force((tx) => tx`update deliveries set state = 'unknown' where account_id = ${at.account.id}`)
    expect(await echo(at.account, { externalId: 'e1', text: ' same ' })).toBe(true)
    expect((await at.rows()).map((row) => [row.state, row.externalId])).toEqual([
      ['sent', 'e1'],
      ['unknown', null],
    ])
    await echo(at.account, { externalId: 'e1', text: 'same' })
    expect(await at.states()).toEqual(['sent', 'unknown'])
  })

  test.each(['queued', 'claimed'])(
    'an echo of a delivery in doubt that is %s to go again settles it: it is not sent twice',
    async (state) => {
      let calls = 0
      const at = await scene(() => {
        calls += 1
        throw new SendError('unknown', 'no_answer', { text })
      })
      await at.say('arrived after all')
      await running(at, () => until(async () => (await at.states())[0] === 'unknown'))
      await at.say('not tried yet')
      // Put back by a person, or because the platform did not list it yet.
      await house.force(
        (tx) => tx`update deliveries set state = ${state}, not_before = now() + interval '2 seconds',
        lease_until = case when ${state} = 'claimed' then now() + interval '15 seconds' end
        where account_id = ${at.account.id} and state = 'unknown'`,
      )
      expect(await echo(at.account, { externalId: 'e1', text: 'arrived after all' }, false)).toBe(true)
      expect((await at.rows()).map((row) => [row.state, row.externalId])).toEqual([
        ['sent', 'e1'],
        ['queued', null],
      ])
      // What was never tried cannot have arrived: the same words from the platform's own app are a colleague's.
      await echo(at.account, { externalId: 'e2', text: 'not tried yet' })
      expect((await at.rows()).map((row) => [row.state, row.externalId])).toEqual([
        ['sent', 'e1'],
        ['queued', null],
      ])
      expect(calls).toBe(1)
    },
  )

  test('an echo of a call under way is held, then settles it', async () => {
    const at = await scene(() => ({ externalId: null }))
    await at.say('x')
    await house.force((tx) => tx`update deliveries set state = 'sending' where account_id = ${at.account.id}`)
    expect(await echo(at.account, { externalId: 'e1', text: 'x' }, false)).toBe(false)
    expect(await echo(at.account, { externalId: 'e1', text: 'x' }, true)).toBe(true)
    expect(await at.rows()).toMatchObject([{ state: 'sent', externalId: 'e1' }])
  })

  test('what a colleague wrote in the platform’s app becomes a message and stops the clock', async () => {
    const at = await scene(() => ({ externalId: null }))
    await echo(at.account, { externalId: 'outside', text: '我已电话联系客户' })
    await echo(at.account, { externalId: 'outside', text: '我已电话联系客户' })
    const rows = await house.db.select().from(messages).where(eq(messages.externalId, 'outside'))
    expect(rows).toMatchObject([{ direction: 'outbound', authorName: 'Us' }])
    const [ticket] = await house.db.select().from(tickets).where(eq(tickets.id, at.ticketId))
    expect(ticket).toMatchObject({ status: 'waiting_customer', unansweredSince: null })
  })

  describe('an answer written down by hand', () => {
    const outside = (ticketId: string) =>
      house.db
        .select()
        .from(messages)
        .where(and(eq(messages.ticketId, ticketId), eq(messages.direction, 'outbound')))
        .orderBy(messages.orderedAt)
    const answered = async (ticketId: string, words: string) =>
      (
        await postAnswered(
          { db: house.db, now: () => new Date(), nudge: () => {} },
          agent,
          ticketId,
          { text: words },
          undefined,
        )
      ).body.message
    const atOnce = () => ({ sentAt: new Date() })

    test('is the same message when the platform tells of it, also twice', async () => {
      const at = await scene(() => ({ externalId: null }))
      const { id } = await answered(at.ticketId, '我已电话联系客户')
      const told = { externalId: 'e1', text: ' 我已电话联系客户 ', url: 'https://social.example/e1', ...atOnce() }
      for (let n = 0; n < 2; n++) expect(await echo(at.account, told, false)).toBe(true)
      expect(await outside(at.ticketId)).toMatchObject([
        { id, userId: agent.id, externalId: 'e1', url: 'https://social.example/e1' },
      ])
    })

    test('is named once: the same words a second time are a second message', async () => {
      const at = await scene(() => ({ externalId: null }))
      await answered(at.ticketId, '好的')
      await echo(at.account, { externalId: 'e1', text: '好的', ...atOnce() })
      await echo(at.account, { externalId: 'e2', text: '好的', ...atOnce() })
      expect((await outside(at.ticketId)).map((row) => [row.externalId, row.userId])).toEqual([
        ['e1', agent.id],
        ['e2', null],
      ])
    })

    test('is another one when the words differ, or days lie between', async () => {
      const at = await scene(() => ({ externalId: null }))
      await answered(at.ticketId, '好的')
      await echo(at.account, { externalId: 'e1', text: '好', ...atOnce() })
      await echo(at.account, { externalId: 'e2', text: '好的', sentAt: new Date(Date.now() - 25 * 3_600_000) })
      expect((await outside(at.ticketId)).map((row) => row.externalId).sort()).toEqual(['e1', 'e2', null])
    })

    test('comes after a reply of ours that says the same and waits for its id', async () => {
      const at = await scene(() => ({ externalId: null }))
      await at.say('same')
      await house.force((tx) => tx`update deliveries set state = 'sent' where account_id = ${at.account.id}`)
      await answered(at.ticketId, 'same')
      await echo(at.account, { externalId: 'e1', text: 'same', ...atOnce() })
      expect(await at.rows()).toMatchObject([{ externalId: 'e1' }])
      await echo(at.account, { externalId: 'e2', text: 'same', ...atOnce() })
      expect((await outside(at.ticketId)).map((row) => row.externalId)).toEqual([null, 'e2'])
    })
  })

  describe('where we choose the id', () => {
    const externalIdOf = (deliveryId: string) => `ours-${deliveryId}`
    const told = (at: { account: OpenAccount }, deliveryId: string, status: 'delivered' | 'read' | 'failed') =>
      house.db.transaction((tx) =>
        applyReceipt(
          tx,
          at.account.id,
          { type: 'receipt', externalId: externalIdOf(deliveryId), status, at: new Date(), reason: text },
          hooks,
        ),
      )
    const inDoubt = async () => {
      const at = await scene(
        () => {
          throw new SendError('unknown', 'no_answer', { text })
        },
        { connection: { externalIdOf } },
      )
      await at.say('did it arrive?')
      await running(at, () => until(async () => (await at.states())[0] === 'unknown'))
      const [row] = await at.rows()
      return { at, id: row!.id }
    }

    test('it stands before the call, and the platform’s word of a failure ends a doubt, with its reason', async () => {
      let during: string | null = null
      const at = await scene(
        async (reply) => {
          const [row] = await house.db.select().from(deliveries).where(eq(deliveries.id, reply.deliveryId))
          during = row?.externalId ?? null
          throw new SendError('unknown', 'no_answer', { text })
        },
        { connection: { externalIdOf } },
      )
      await at.say('did it arrive?')
      await running(at, () => until(async () => (await at.states())[0] === 'unknown'))
      const [row] = await at.rows()
      expect(during).toBe(externalIdOf(row!.id))
      expect(await told(at, row!.id, 'failed')).toBe(true)
      expect(await at.rows()).toMatchObject([{ state: 'failed', reasonCode: 'platform_failed', reason: text }])
    })

    test.each(['unknown', 'queued', 'claimed'])('a receipt ends the doubt about one that is %s', async (state) => {
      const { at, id } = await inDoubt()
      await house.force((tx) => tx`update deliveries set state = ${state} where id = ${id}`)
      expect(await told(at, id, 'delivered')).toBe(true)
      expect(await at.rows()).toMatchObject([{ state: 'delivered', reasonCode: null }])
    })

    test('a receipt that is faster than the answer to the call is kept', async () => {
      const { at, id } = await inDoubt()
      await house.force((tx) => tx`update deliveries set state = 'sending' where id = ${id}`)
      expect(await told(at, id, 'failed')).toBe(false)
    })

    test('an echo with the id ends the doubt, whatever its text has become', async () => {
      const { at, id } = await inDoubt()
      expect(await echo(at.account, { externalId: externalIdOf(id), text: 'rewritten' }, false)).toBe(true)
      expect(await at.states()).toEqual(['sent'])
    })
  })

  test('receipts move forward only; one for an id not known yet is kept', async () => {
    const at = await scene(() => ({ externalId: 'r1' }))
    await at.say('x')
    const receipt = (status: 'delivered' | 'read' | 'failed', externalId = 'r1') =>
      house.db.transaction((tx) =>
        applyReceipt(tx, at.account.id, { type: 'receipt', externalId, status, at: new Date() }, hooks),
      )
    expect(await receipt('read')).toBe(false)
    await running(at, () => until(async () => (await at.states())[0] === 'sent'))
    expect(await receipt('read')).toBe(true)
    expect(await receipt('delivered')).toBe(true)
    expect(await at.states()).toEqual(['read'])
  })
})
