/** What the ticket knows for the variables of templates, beside what every ticket shows. Null: nothing is known yet. */
import { and, desc, eq, isNotNull } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import { remedies } from '../db/schema.ts'

export interface TemplateValues {
  model: string | null
  serial: string | null
  purchased: string | null
  order: string | null
}

/** The newest word counts. Product facts are read here as well, where the ticket has them. */
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
  const [serial, order] = await Promise.all([newest(remedies.serialNumber), newest(remedies.orderReference)])
  return { model: null, serial, purchased: null, order }
}
