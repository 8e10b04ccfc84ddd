/** Rules are run for a message only where somebody has switched one on: the database decides, in the same statement. */
import { type SQL, sql } from 'drizzle-orm'
import { newId } from '../db/id.ts'

export const triageKind = 'triage'

export interface TriageDue {
  readonly messageId: string
  readonly accountId: string
  readonly brandId: string
  readonly dueAt: Date
}

/** Null: nothing came that rules look at. A second one of a message moves the first one's time. */
export function triageInsertion(items: readonly TriageDue[]): SQL | null {
  if (items.length === 0) return null
  const latest = new Map(items.map((item) => [item.messageId, { id: newId(), ...item }]))
  return sql`
    insert into due_work (id, kind, subject, account_id, due_at)
    select r.id, ${triageKind}, r."messageId", r."accountId", r."dueAt"
    from json_to_recordset(${JSON.stringify([...latest.values()])}::json)
      as r(id uuid, "messageId" text, "accountId" uuid, "brandId" uuid, "dueAt" timestamptz)
    where exists (select from rules u where u.enabled and (u.brand_ids is null or r."brandId" = any(u.brand_ids)))
    on conflict (kind, subject) do update set due_at = excluded.due_at, attempts = 0, parked_at = null`
}
