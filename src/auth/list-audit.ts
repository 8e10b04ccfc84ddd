import { and, desc, eq, lt } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import { audit } from '../db/schema.ts'
import { Refused } from '../problem.ts'
import type { AuditEntry } from '../wire.ts'

export interface AuditQuery {
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly subject?: string | undefined
  readonly after?: string | undefined
  readonly limit: number
}

/** Newest first. `after` is the `next` of the page before; throws 400 `bad_cursor` for anything else. */
export async function listAudit(db: Db, query: AuditQuery): Promise<{ entries: AuditEntry[]; next: string | null }> {
  const rows = await db
    .select()
    .from(audit)
    .where(
      and(
        query.after === undefined ? undefined : lt(audit.id, readCursor(query.after)),
        query.actor === undefined ? undefined : eq(audit.actor, query.actor),
        query.action === undefined ? undefined : eq(audit.action, query.action),
        query.subject === undefined ? undefined : eq(audit.subject, query.subject),
      ),
    )
    .orderBy(desc(audit.id))
    .limit(query.limit + 1)
  const page = rows.slice(0, query.limit)
  const last = page.at(-1)
  return {
    entries: page.map(({ hash: _hash, at, detail, ...row }) => ({
      ...row,
      at: at.toISOString(),
      detail: detail as AuditEntry['detail'],
    })),
    next: rows.length > query.limit && last ? Buffer.from(`a${last.id}`).toString('base64url') : null,
  }
}

function readCursor(cursor: string): number {
  const [, id] = /^a(\d{1,15})$/u.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (!id) throw new Refused(400, 'bad_cursor', 'This place in the list does not exist.')
  return Number(id)
}
