import { asc, eq } from 'drizzle-orm'
import { accounts, deliveries, tickets } from '../db/schema.ts'
import { print, withHouse } from './house.ts'

/** One line each, tab-separated: since, delivery, ticket, account, reason. No one's words. */
export async function listUnknown(): Promise<void> {
  await withHouse(async ({ database: { db } }) => {
    const rows = await db
      .select({
        id: deliveries.id,
        since: deliveries.settledAt,
        createdAt: deliveries.createdAt,
        ticket: tickets.number,
        channel: accounts.channel,
        account: accounts.name,
        reason: deliveries.reasonCode,
        passedOver: deliveries.passedOver,
      })
      .from(deliveries)
      .innerJoin(tickets, eq(tickets.id, deliveries.ticketId))
      .innerJoin(accounts, eq(accounts.id, deliveries.accountId))
      .where(eq(deliveries.state, 'unknown'))
      .orderBy(asc(deliveries.createdAt))
    for (const row of rows) {
      const since = (row.since ?? row.createdAt).toISOString()
      const note = row.passedOver ? ' (passed over)' : ''
      print(
        [since, row.id, `#${row.ticket}`, `${row.channel} ${row.account}`, `${row.reason ?? '-'}${note}`].join('\t'),
      )
    }
    if (rows.length === 0) print('None.')
  })
}
