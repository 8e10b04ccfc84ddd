/** In the demo, what several people do on one ticket is there to be seen: each once, as people at the desk do it. */
import { setTimeout as wait } from 'node:timers/promises'
import { and, desc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import { type Actor, systemActor } from './auth/actor.ts'
import { createUser } from './auth/create-user.ts'
import { approvals, authUser, departments, escalations, remedies, tasks, tickets } from './db/schema.ts'
import type { Deps } from './deps.ts'
import { Refused } from './problem.ts'
import { openDepartmentTask } from './tasks/department-task.ts'
import { addNamedStatus, listNamedStatuses } from './tickets/named-statuses.ts'
import { postReply } from './tickets/reply.ts'
import { changeConduct } from './together/conduct.ts'
import { escalate } from './together/escalation.ts'
import { addRemedy } from './together/remedies.ts'
import { NewRemedy, NewReply, NewTask, type Role } from './wire.ts'

const lookEveryMs = 2_000

/** Until everything is there, or the demo ends. Tickets come by and by. */
export async function showTogether(deps: Deps, { agent }: Colleagues, signal: AbortSignal): Promise<void> {
  await nameStatuses(deps)
  const left = new Set([waitingReply, storeTask, refund, escalation])
  while (left.size > 0 && !signal.aborted) {
    for (const show of left) if (await show(deps, agent)) left.delete(show)
    deps.nudge()
    await wait(lookEveryMs, undefined, { signal }).catch(() => {
      // Only the signal ends a pause.
    })
  }
}

/** Who works in the demo beside whoever tries it; nobody is told their passwords. */
export interface Colleagues {
  readonly agent: Actor
  readonly lead: Actor
}

export async function colleaguesOf(deps: Deps): Promise<Colleagues> {
  return {
    agent: await colleague(deps, { name: '小李', email: 'lee@example.com', role: 'agent' }),
    lead: await colleague(deps, { name: '王主管', email: 'wang@example.com', role: 'supervisor' }),
  }
}

async function colleague({ db }: Deps, who: { name: string; email: string; role: Role }): Promise<Actor> {
  const [known] = await db.select().from(authUser).where(eq(authUser.email, who.email))
  const id = known?.id ?? (await createUser(db, systemActor, who)).id
  return { kind: 'user', id, ...who, brandIds: null }
}

async function nameStatuses({ db }: Deps): Promise<void> {
  if ((await listNamedStatuses(db)).length > 0) return
  const add = (values: Parameters<typeof addNamedStatus>[2]) => addNamedStatus(db, systemActor, values)
  await add({ status: 'waiting_other', zh: '等配件', en: 'Waiting for parts', color: 'amber' })
  await add({ status: 'waiting_other', zh: '等门店', en: 'Waiting for the store', color: 'violet' })
}

/** The newest unfinished one where the customer waits; the brand's rule is turned on with the first public one. */
async function newest({ db }: Deps, surface: 'public' | 'direct', offset = 0) {
  const [ticket] = await db
    .select()
    .from(tickets)
    .where(
      and(
        eq(tickets.surface, surface),
        inArray(tickets.status, ['new', 'open']),
        isNotNull(tickets.unansweredSince),
        // Somebody else's: `demo-complaint.ts`.
        isNull(tickets.assigneeId),
        sql`exists (select from accounts a where a.id = ${tickets.accountId} and a.removed_at is null)`,
      ),
    )
    .orderBy(desc(tickets.lastMessageAt))
    .offset(offset)
    .limit(1)
  return ticket
}

async function waitingReply(deps: Deps, agent: Actor): Promise<boolean> {
  if ((await deps.db.$count(approvals)) > 0) return true
  const ticket = await newest(deps, 'public')
  if (!ticket) return false
  await changeConduct(deps.db, systemActor, ticket.brandId, { approvePublic: true })
  const text = '您好，给您添麻烦了。请私信我们订单号和机器的序列号，我们马上为您处理。'
  try {
    await postReply(deps, agent, ticket.id, NewReply.parse({ text }), undefined)
    return true
  } catch (error) {
    // Not every public post may be answered: another one comes.
    if (error instanceof Refused) return false
    throw error
  }
}

const bench = '客户想今天到店检测，请确认有没有空位。'

async function storeTask(deps: Deps, agent: Actor): Promise<boolean> {
  const open = and(eq(tasks.kind, 'department'), eq(tasks.text, bench))
  if ((await deps.db.$count(tasks, open)) > 0) return true
  const ticket = await newest(deps, 'direct')
  const [store] = await deps.db.select().from(departments).where(eq(departments.en, 'Store'))
  if (!ticket || !store) return !store
  const dueAt = new Date(deps.now().getTime() + 4 * 3_600_000).toISOString()
  const body = NewTask.parse({ departmentId: store.id, text: bench, dueAt })
  await openDepartmentTask(deps, agent, ticket.id, body, undefined)
  return true
}

async function refund(deps: Deps, agent: Actor): Promise<boolean> {
  if ((await deps.db.$count(remedies, eq(remedies.kind, 'refund'))) > 0) return true
  const ticket = await newest(deps, 'direct', 1)
  if (!ticket) return false
  const money = { minor: 12_900, currency: 'CNY' }
  const body = NewRemedy.parse({ kind: 'refund', money, serialNumber: 'SN-20260418', note: '退还换屏费用' })
  await addRemedy(deps, agent, ticket.id, body, undefined)
  return true
}

const third = '客户第三次反映同一问题，要求换新，超出我的权限。'

async function escalation(deps: Deps, agent: Actor): Promise<boolean> {
  if ((await deps.db.$count(escalations, eq(escalations.reason, third))) > 0) return true
  const ticket = await newest(deps, 'direct', 2)
  if (!ticket) return false
  await escalate(deps, agent, ticket.id, { to: null, team: null, reason: third })
  return true
}
