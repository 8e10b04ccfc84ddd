/** People of a house's brand with a role, as the database knows them. */
import { eq } from 'drizzle-orm'
import type { OpenAccount } from '../../src/accounts/connections.ts'
import type { Actor } from '../../src/auth/actor.ts'
import { authUser, brandMembers, notices, tickets } from '../../src/db/schema.ts'
import type { Role } from '../../src/wire.ts'
import { type House, message } from './house.ts'

export async function member(house: House, name: string, role: Role = 'agent'): Promise<Actor> {
  const actor = { ...(await house.agent(name)), role }
  await house.db.update(authUser).set({ role }).where(eq(authUser.id, actor.id))
  await house.db.insert(brandMembers).values({ brandId: house.brandId, userId: actor.id })
  return actor
}

let people = 0

/** A new customer writes: their ticket. */
export async function complaint(
  house: House,
  account: OpenAccount,
  text = '手机无法开机',
  values: Parameters<typeof message>[0] = {},
): Promise<typeof tickets.$inferSelect> {
  people += 1
  const externalId = `customer-${people}`
  const author = { externalId, name: `王芳${people}`, handle: null, avatarUrl: null, followers: null }
  const sentAt = new Date()
  const threadId = `talk-${people}`
  await house
    .ingest()
    .submit(account, [message({ externalId: `first-${people}`, threadId, author, text, sentAt, ...values })])
  const [ticket] = await house.db
    .select()
    .from(tickets)
    .orderBy(tickets.number)
    .then((rows) => rows.slice(-1))
  return ticket!
}

export const ticketNow = async (house: House, id: string) =>
  (await house.db.select().from(tickets).where(eq(tickets.id, id)))[0]!

/** What somebody was told, oldest first. */
export async function told(house: House, actor: Actor): Promise<string[]> {
  const rows = await house.db
    .select({ kind: notices.kind })
    .from(notices)
    .where(eq(notices.userId, actor.id))
    .orderBy(notices.id)
  return rows.map(({ kind }) => kind)
}
