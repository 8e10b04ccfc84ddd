/** What the ticket knows for the variables of templates, beside what every ticket shows. Null: nothing is known yet. */
import { and, desc, eq, isNotNull } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import { remedies, ticketFacts } from '../db/schema.ts'

export interface TemplateValues {
  model: string | null
  serial: string | null
  purchased: string | null
  order: string | null
}

/** Of remedies the newest word counts; the facts of the product come first. */
export async function templateValuesOf(db: Db, ticketId: string): Promise<TemplateValues> {
  const newest = async (column: typeof remedies.serialNumber | typeof remedies.orderReference) => {
    const [row] = await db
      .select({ value: column })
      .from(remedies)
      .where(and(eq(remedies.ticketId, ticketId), isNotNull(column)))
      .orderBy(desc(remedies.changedAt), desc(remedies.id))
      .limit(1)
    return row?.value ?? null
  }
  const [[facts], serial, order] = await Promise.all([
    db.select().from(ticketFacts).where(eq(ticketFacts.ticketId, ticketId)),
    newest(remedies.serialNumber),
    newest(remedies.orderReference),
  ])
  return { model: facts?.model ?? null, serial: facts?.serial ?? serial, purchased: facts?.purchasedOn ?? null, order }
}
