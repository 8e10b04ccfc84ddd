/** Tasks as the API shows them. */
import { sql } from 'drizzle-orm'
import type { Connections } from '../accounts/connections.ts'
import type { Surface } from '../channel/events.ts'
import type { Db, Tx } from '../db/client.ts'
import type { TaskKind, TaskState } from '../db/schema.ts'
import type { Task } from '../wire.ts'

interface Row {
  [column: string]: unknown
  id: string
  kind: TaskKind
  department_id: string | null
  department_zh: string | null
  department_en: string | null
  state: TaskState
  text: string
  due_at: string
  assignee_id: string | null
  assignee_name: string | null
  ticket_id: string
  number: number
  account_id: string
  channel: string
  surface: Surface
  contact_id: string
  contact_name: string
  handle: string | null
  message_id: string | null
  tries: { at: string; by: string; name: string; note: string | null }[]
  result: string | null
  created_by: string
  created_name: string
  done_by: string | null
  done_name: string | null
  done_at: string | null
  created_at: string
}

/** Those of `ids` that exist, in that order. The caller has seen to it that the reader may see them. One query. */
export async function showTasks(
  db: Db | Tx,
  connections: Pick<Connections, 'get'>,
  ids: readonly string[],
): Promise<Task[]> {
  if (ids.length === 0) return []
  const rows = await db.execute<Row>(sql`
    select k.id, k.kind, k.department_id, p.zh as department_zh, p.en as department_en, k.state, k.text, k.due_at, k.assignee_id, u.name as assignee_name, k.ticket_id,
      t.number::float8 as number, coalesce(m.account_id, t.account_id) as account_id, a.channel,
      coalesce(m.surface, t.surface) as surface, t.contact_id, c.name as contact_name, i.handle, k.message_id, k.tries,
      k.result, k.created_by, k.created_name, k.done_by, k.done_name, k.done_at, k.created_at
    from tasks k
    join tickets t on t.id = k.ticket_id
    join contacts c on c.id = t.contact_id
    left join departments p on p.id = k.department_id
    left join messages m on m.id = k.message_id
    left join threads h on h.id = m.thread_id
    left join identities i on i.id = h.identity_id
    join accounts a on a.id = coalesce(m.account_id, t.account_id)
    left join auth_user u on u.id = k.assignee_id
    where k.id = any(${`{${ids.join(',')}}`}::uuid[])`)
  const shown = await Promise.all(rows.map(async (row) => show(row, await actOf(connections, row))))
  const byId = new Map(shown.map((task) => [task.id, task]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

async function actOf(connections: Pick<Connections, 'get'>, row: Row): Promise<Task['act']> {
  const account = await connections.get(row.account_id)
  return account?.adapter.capabilities.surfaces[row.surface]?.byHand?.act ?? null
}

function show(row: Row, act: Task['act']): Task {
  const time = (value: string) => new Date(value).toISOString()
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    act: row.kind === 'reply' ? act : null,
    department:
      row.department_id === null
        ? null
        : { id: row.department_id, zh: row.department_zh ?? '', en: row.department_en ?? '' },
    text: row.text,
    dueAt: time(row.due_at),
    assignee: person(row.assignee_id, row.assignee_name),
    ticket: { id: row.ticket_id, number: row.number },
    accountId: row.account_id,
    channel: row.channel,
    contact: { id: row.contact_id, name: row.contact_name, handle: row.handle },
    messageId: row.message_id,
    tries: row.tries,
    result: row.result,
    createdBy: { id: row.created_by, name: row.created_name },
    doneBy: person(row.done_by, row.done_name),
    doneAt: row.done_at && time(row.done_at),
    createdAt: time(row.created_at),
  }
}

const person = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? id })
