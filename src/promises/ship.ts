/** What every installation promises from its first start, until an administrator says otherwise. */
import { sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { calendars, installation, policies } from '../db/schema.ts'

const hourMs = 3_600_000

/** Once: what was deleted stays deleted. Nodes that start together ship one. */
export async function shipPromises(db: Db): Promise<void> {
  await db.transaction(async (tx) => {
    const [first] = await tx
      .insert(installation)
      .values({ key: 'promises_shipped', value: 'yes' })
      .onConflictDoNothing()
      .returning()
    if (!first) return
    const calendarId = newId()
    await tx.insert(calendars).values({
      id: calendarId,
      name: '工作时间 · Office hours',
      timeZone: 'Asia/Shanghai',
      hours: [1, 2, 3, 4, 5].map((day) => ({ day, from: '09:00', to: '18:00' })),
      chineseHolidays: true,
      exceptions: [],
    })
    await tx.insert(policies).values({
      id: newId(),
      name: '标准承诺 · Standard',
      position: sql`(select coalesce(max(position), 0) + 1 from policies)`,
      calendarId,
      targets: { first_answer: { ms: 24 * hourMs, working: false }, substance: { ms: 48 * hourMs, working: false } },
      warnMs: 2 * hourMs,
      warn: ['assignee'],
      breach: ['assignee', 'supervisor'],
    })
  })
}
