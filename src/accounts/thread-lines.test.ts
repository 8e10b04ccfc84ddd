import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createHouse, type House, message } from '../../test/helpers/house.ts'
import { until } from '../../test/helpers/until.ts'
import { newId } from '../db/id.ts'
import { deliveries, messageRevisions, messages, threads } from '../db/schema.ts'
import type { OpenAccount } from './connections.ts'
import { threadLines } from './thread-lines.ts'

let house: House
let account: OpenAccount
beforeAll(async () => {
  house = await createHouse()
})
afterAll(() => house.close())
beforeEach(async () => {
  account = await house.account()
})

const thread = (id = 'chat-1', accountId = account.id) => threadLines({ sql: house.sql, accountId, everyMs: 20 }, id)
const texts = async (after: string | null = null, id?: string) =>
  (await thread(id).read(after)).map(({ message: { text } }) => text)
const says = (text: string) => house.ingest().submit(account, [message({ text, externalId: newId() })])

/** An agent's reply, with its delivery in the given state. */
async function replies(text: string, state: typeof deliveries.$inferInsert.state, settledAt: Date | null = new Date()) {
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
  await house.db.insert(deliveries).values({
    id: delivery,
    messageId: id,
    ticketId: first.ticketId!,
    threadId: at.id,
    accountId: account.id,
    part: 0,
    text,
    ...(state ? { state } : {}),
    expiresAt: new Date(Date.now() + 86_400_000),
    settledAt,
  })
  return { messageId: id, delivery }
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
