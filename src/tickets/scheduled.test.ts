import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createHouse, type House, message, plainCapabilities } from '../../test/helpers/house.ts'
import type { OpenAccount } from '../accounts/connections.ts'
import type { Actor } from '../auth/actor.ts'
import type { Capabilities } from '../channel/capabilities.ts'
import { newId } from '../db/id.ts'
import { deliveries, drafts, media, messages, tickets } from '../db/schema.ts'
import { forgetUploads } from '../inbound/keep-file.ts'
import type { NewReply } from '../wire.ts'
import { postReply } from './reply.ts'
import { cancelScheduled, scheduledHandler } from './scheduled.ts'

const hourMs = 3_600_000
let house: House
let agent: Actor
let account: OpenAccount
let ticketId: string
let now: Date
beforeAll(async () => {
  house = await createHouse()
  agent = await house.agent()
})
afterAll(() => house.close())

async function open(capabilities: Capabilities = plainCapabilities): Promise<void> {
  now = new Date('2026-11-22T08:10:00Z')
  account = await house.account({}, { capabilities })
  await write('first')
  ticketId = (await house.db.select().from(tickets).where(eq(tickets.accountId, account.id)))[0]!.id
}
beforeEach(() => open())

const direct = plainCapabilities.surfaces.direct!
const windowed = (replies: number | null): Capabilities => ({
  ...plainCapabilities,
  surfaces: {
    direct: {
      ...direct,
      text: { max: 10, unit: 'utf16', whenTooLong: 'split' },
      windows: [{ lengthMs: 48 * hourMs, replies, openedBy: 'message' }],
    },
  },
})

const write = (id: string) =>
  house
    .ingest({ now: () => now })
    .submit(account, [message({ externalId: `${account.id}-${id}`, sentAt: new Date(now.getTime() - 60_000) })])
const deps = () => ({ db: house.db, connections: house.connections, now: () => now, nudge: () => {} })
const say = async (body: Partial<NewReply>) =>
  (await postReply(deps(), agent, ticketId, { text: 'later', mediaIds: [], ...body }, undefined)).body.message
const schedule = (body: Partial<NewReply> = {}, aheadMs = hourMs) =>
  say({ sendAt: new Date(now.getTime() + aheadMs).toISOString(), ...body })
const run = (id: string) => scheduledHandler(deps())({ subject: id })
const draftOf = async (id: string) => (await house.db.select().from(drafts).where(eq(drafts.id, id)))[0]
const sends = (id: string) => house.db.select().from(deliveries).where(eq(deliveries.messageId, id))

async function upload(values: Partial<typeof media.$inferInsert> = {}): Promise<string> {
  const id = newId()
  const mine = { brandId: house.brandId, kind: 'photo' as const, state: 'ready' as const, uploadedBy: agent.id }
  await house.db.insert(media).values({ id, ...mine, bytes: 9, sha256: id, ...values })
  return id
}

describe('a scheduled reply', () => {
  test('becomes a message under its own id when its time has come, once', async () => {
    const { id } = await schedule()
    await Promise.all([run(id), run(id)])
    await run(id)
    expect(await sends(id)).toMatchObject([{ text: 'later', state: 'queued' }])
    expect(await draftOf(id)).toBeUndefined()
  })

  test('is not sent past what the customer wrote meanwhile: it stays, with the reason', async () => {
    const { id } = await schedule()
    await write('second')
    await run(id)
    expect(await draftOf(id)).toMatchObject({ refused: 'seen_conflict' })
    expect(await house.db.select().from(messages).where(eq(messages.id, id))).toEqual([])
  })

  test('is stored whatever its text holds', async () => {
    const { id } = await schedule({ text: 'a\u0000b\ud800' })
    await run(id)
    expect(await sends(id)).toMatchObject([{ text: 'a\ufffdb\ufffd' }])
  })

  test('that was cancelled is not sent', async () => {
    const { id } = await schedule()
    expect(await house.db.transaction((tx) => cancelScheduled(tx, agent, id))).toBe(true)
    await run(id)
    expect(await sends(id)).toEqual([])
  })

  test('takes its files with it', async () => {
    const file = await upload({ createdAt: new Date('2026-01-01') })
    const { id } = await schedule({ mediaIds: [file] })
    expect(await forgetUploads(house.db, new Date())).toEqual([])
    await run(id)
    expect(await sends(id)).toMatchObject([{ mediaIds: [file] }])
  })

  test('whose files are being taken while the clean-up runs keeps them', async () => {
    const file = await upload({ createdAt: new Date('2026-01-01') })
    await house.sql.begin(async (tx) => {
      await tx`select from media where id = ${file} for update`
      const body = { text: '', mediaIds: [file] }
      await tx`insert into drafts (id, ticket_id, user_id, body, send_at)
        values (${newId()}, ${ticketId}, ${agent.id}, ${JSON.stringify(body)}::text::jsonb, now())`
      expect(await forgetUploads(house.db, new Date())).toEqual([])
    })
    expect(await forgetUploads(house.db, new Date())).toEqual([])
  })
})

describe('is refused at once', () => {
  test('when a file of it is not there, or is of somebody else', async () => {
    await expect(schedule({ mediaIds: [newId()] })).rejects.toMatchObject({ code: 'media_unknown' })
    const foreign = await upload({ uploadedBy: 'somebody' })
    await expect(schedule({ mediaIds: [foreign] })).rejects.toMatchObject({ code: 'media_unknown' })
  })

  test('when there is nothing to send', async () => {
    await expect(schedule({ text: ' ' })).rejects.toMatchObject({ code: 'empty' })
  })

  test('when the channel does not take such a file', async () => {
    const file = await upload({ kind: 'sticker' })
    await expect(schedule({ mediaIds: [file] })).rejects.toMatchObject({ code: 'media_kind' })
  })

  test('when the window will be closed by then', async () => {
    await open(windowed(null))
    await expect(schedule({}, 50 * hourMs)).rejects.toMatchObject({ code: 'window_closed' })
    await schedule({}, 40 * hourMs)
  })
})

test('a reply in more parts than may still be sent is refused whole', async () => {
  await open(windowed(3))
  await say({ text: 'one' })
  await expect(say({ text: 'two three four five six seven' })).rejects.toMatchObject({ code: 'quota_used' })
  await say({ text: 'two three four' })
})
