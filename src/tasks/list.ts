/** What is to be done, and by when. */
import { and, asc, desc, eq, isNull, lte, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Connections } from '../accounts/connections.ts'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import { tasks } from '../db/schema.ts'
import { Micros, microsOf, readCursor, timeOf, writeCursor } from '../tickets/cursor.ts'
import type { TaskPage, TaskQuery } from '../wire.ts'
import { showTasks } from './show.ts'

export interface ListTasksDeps {
  readonly db: Db
  readonly connections: Pick<Connections, 'get'>
  readonly now: () => Date
}

const Place = z.tuple([z.enum(['open', 'done', 'cancelled', 'returned']), Micros, z.uuid()])

/** Throws 400 `bad_cursor`. */
export async function listTasks(deps: ListTasksDeps, actor: Actor, query: TaskQuery): Promise<TaskPage> {
  const { db, connections } = deps
  const now = deps.now()
  const isOpen = query.state === 'open'
  const after = query.after === undefined ? null : readCursor(query.after, Place)
  const key = isOpen ? sql`${tasks.dueAt}` : sql`coalesce(${tasks.doneAt}, ${tasks.createdAt})`
  const past = after
    ? sql`(${key}, ${tasks.id}) ${isOpen ? sql`>` : sql`<`} (${timeOf(after[1])}, ${after[2]}::uuid)`
    : undefined
  const order = isOpen ? [asc(key), asc(tasks.id)] : [desc(key), desc(tasks.id)]
  const rows = await db
    .select({ id: tasks.id, micros: microsOf(key) })
    .from(tasks)
    .where(
      and(
        inScope(actor, tasks.brandId),
        eq(tasks.state, query.state),
        query.ticket ? eq(tasks.ticketId, query.ticket) : undefined,
        query.due ? lte(tasks.dueAt, now) : undefined,
        query.department ? eq(tasks.departmentId, query.department) : undefined,
        assignedTo(actor, query.assignee),
        past,
      ),
    )
    .orderBy(...order)
    .limit(query.limit + 1)
  const page = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? page.at(-1) : undefined
  const ids = page.map((row) => row.id)
  return {
    tasks: await showTasks(db, connections, ids),
    next: last ? writeCursor([query.state, last.micros, last.id]) : null,
    due: await countDue(db, actor, now),
  }
}

function assignedTo(actor: Actor, wanted: string | undefined): SQL | undefined {
  if (wanted === undefined) return undefined
  return wanted === 'none' ? isNull(tasks.assigneeId) : eq(tasks.assigneeId, wanted === 'me' ? actor.id : wanted)
}

async function countDue(db: Db, actor: Actor, now: Date): Promise<number> {
  const isDue = and(inScope(actor, tasks.brandId), eq(tasks.state, 'open'), lte(tasks.dueAt, now))
  const [row] = await db.select({ count: sql<number>`count(*)::int` }).from(tasks).where(isDue)
  return row?.count ?? 0
}

/** The open ones of a ticket, first due first; the caller has seen to it that the reader may see it. */
export async function openTasksOf(
  deps: Pick<ListTasksDeps, 'db' | 'connections'>,
  ticketId: string,
): Promise<TaskPage['tasks']> {
  const rows = await deps.db
    .select({ id: tasks.id })
    .from(tasks)
    .where(and(eq(tasks.ticketId, ticketId), eq(tasks.state, 'open')))
    .orderBy(asc(tasks.dueAt), asc(tasks.id))
  return showTasks(
    deps.db,
    deps.connections,
    rows.map((row) => row.id),
  )
}
