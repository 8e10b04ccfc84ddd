/** What changes a ticket is kept for good, whoever changes it and however. */
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHouse, type House, message } from '../../test/helpers/house.ts'
import type { OpenAccount } from '../accounts/connections.ts'
import type { Actor } from '../auth/actor.ts'
import { brandMembers, ticketChanges, tickets } from '../db/schema.ts'
import { changeTicket } from '../tickets/change.ts'
import { postReply } from '../tickets/reply.ts'
import { NewReply } from '../wire.ts'

let house: House
let account: OpenAccount
let agent: Actor
const now = () => new Date()
const deps = () => ({ ...house, now, nudge: () => {} })

beforeAll(async () => {
  house = await createHouse()
  account = await house.account()
  agent = await house.agent('Lin')
  await house.db.insert(brandMembers).values({ brandId: house.brandId, userId: agent.id })
})
afterAll(() => house.close())

const onlyTicket = async () => (await house.db.select().from(tickets))[0]!
const changes = async (id: string) => {
  const rows = await house.db
    .select()
    .from(ticketChanges)
    .where(eq(ticketChanges.ticketId, id))
    .orderBy(ticketChanges.id)
  return rows.map(
    ({ fromStatus, status, fromPriority, priority, fromCategory, category, fromAssigneeId, assigneeId }) => [
      `${fromStatus} → ${status}`,
      `${fromPriority} → ${priority}`,
      `${fromCategory} → ${category}`,
      fromAssigneeId === assigneeId ? '' : `${fromAssigneeId} → ${assigneeId}`,
    ],
  )
}

test('a ticket that only gets messages has no rows; what moves it has one each, in its own transaction', async () => {
  const sentAt = new Date()
  const ingest = house.ingest()
  await ingest.submit(account, [message({ sentAt }), message({ sentAt })])
  const { id } = await onlyTicket()
  expect(await changes(id)).toEqual([])

  await postReply(deps(), agent, id, NewReply.parse({ text: 'We look into it.' }), undefined)
  await changeTicket(deps(), agent, id, { priority: 'high', category: 'warranty', assignee: 'me' })
  await changeTicket(deps(), agent, id, { status: 'resolved' })
  await changeTicket(deps(), agent, id, { tags: ['vip'] })
  await ingest.submit(account, [message({ sentAt: new Date() })])
  expect(await changes(id)).toEqual([
    ['new → waiting_customer', 'normal → normal', 'null → null', ''],
    ['waiting_customer → waiting_customer', 'normal → high', 'null → warranty', `null → ${agent.id}`],
    ['waiting_customer → resolved', 'high → high', 'warranty → warranty', ''],
    // Its tags.
    ['resolved → resolved', 'high → high', 'warranty → warranty', ''],
    ['resolved → open', 'high → high', 'warranty → warranty', ''],
  ])

  // What is rolled back never was.
  await expect(
    house.db.transaction(async (tx) => {
      await tx.update(tickets).set({ status: 'closed' }).where(eq(tickets.id, id))
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(await changes(id)).toHaveLength(5)
})

test('a ticket that is born with a status has that as its first change, at its own time', async () => {
  const { contactId, brandId } = await onlyTicket()
  const createdAt = new Date('2026-11-01T10:00:00Z')
  const [ticket] = await house.db
    .insert(tickets)
    .values({
      id: crypto.randomUUID(),
      brandId,
      accountId: account.id,
      contactId,
      surface: 'direct',
      status: 'open',
      lastMessageAt: createdAt,
      createdAt,
    })
    .returning()
  const rows = await house.db.select().from(ticketChanges).where(eq(ticketChanges.ticketId, ticket!.id))
  expect(rows).toMatchObject([{ fromStatus: 'new', status: 'open', at: createdAt }])
})
