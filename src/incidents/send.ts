/**
 * Writes the answer into one ticket after the other, as a reply of the agent who started it. A ticket's row in
 * `incident_sends` is locked, and turned to `written` in the transaction that writes the reply: whatever dies, and however
 * many nodes are at it, a ticket gets the answer once.
 */
import { eq, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import { newId } from '../db/id.ts'
import type { DueHandler } from '../db/run-due.ts'
import { incidentAnswers } from '../db/schema.ts'
import type { SettleHooks } from '../outbound/settle.ts'
import { Refused } from '../problem.ts'
import { choosePlace, type ReplyDeps, writeReply } from '../tickets/reply.ts'
import { NewReply } from '../wire.ts'
import { type AnswerRow, markStopped } from './answer.ts'
import { chooseText, targetsOf } from './preview.ts'
import { withdrawQueued } from './withdraw.ts'

export interface SendDeps extends ReplyDeps {
  readonly hooks: SettleHooks
  readonly nudge: () => void
  readonly wakeSender: () => void
}

/**
 * So many replies of one answer wait in an account's queue at most. More would stand in front of what agents write to others
 * meanwhile, and would have to be taken back when somebody stops it.
 */
export const queuedAtOnce = 20
const batch = 50
const againMs = 1_000

/** Due handler `incident_answer`, subject = answer. Comes again until every ticket has it and nothing waits in a queue. */
export function answerHandler(deps: SendDeps): DueHandler {
  return async ({ subject: id }, { signal }) => {
    const [answer] = await deps.db.select().from(incidentAnswers).where(eq(incidentAnswers.id, id))
    if (!answer) return undefined
    if (answer.state !== 'running') {
      await withdrawQueued(deps, id)
      return undefined
    }
    const full = new Set<string>()
    for (;;) {
      signal.throwIfAborted()
      // It may go on for long: what they may do is asked anew for every few.
      if (!(await mayStillAct(deps.db, answer))) {
        await endFor(deps, id, 'author_gone')
        return undefined
      }
      for (const account of await fullAccounts(deps.db, id)) full.add(account)
      const waiting = await nextTickets(deps.db, id, [...full])
      if (waiting.length === 0) break
      const targets = new Map((await targetsOf(deps.db, waiting)).map((target) => [target.ticket_id, target]))
      // Asked anew before an account's room could be used up.
      const room = new Map<string, number>()
      for (const ticketId of waiting) {
        signal.throwIfAborted()
        const target = targets.get(ticketId)
        const account = target?.account_id ?? ''
        const taken = room.get(account) ?? (await queuedOf(deps.db, id, account))
        if (account !== '' && taken >= queuedAtOnce) {
          full.add(account)
          continue
        }
        room.set(account, taken + 1)
        const { text } = chooseText(answer, target?.words ?? '')
        if ((await writeOne(deps, answer, ticketId, text)) === 'stopped') return undefined
        deps.wakeSender()
      }
      deps.nudge()
    }
    return (await finish(deps, id)) ? undefined : { again: new Date(deps.now().getTime() + againMs) }
  }
}

/** Who left, or does not see the brand any more, sends nothing in their name. */
async function mayStillAct(db: Db, answer: AnswerRow): Promise<boolean> {
  const actor = answer.actor as Actor
  if (actor.kind !== 'user') {
    const [key] = await db.execute(sql`
      select from api_keys where 'key:' || id = ${actor.id} and revoked_at is null
        and (expires_at is null or expires_at > now())`)
    return actor.kind === 'system' || key !== undefined
  }
  const [user] = await db.execute(sql`
    select from auth_user u join incidents i on i.id = ${answer.incidentId}
    where u.id = ${actor.id} and not u.banned and u.role <> 'agent' and (u.role = 'administrator' or exists (
      select from brand_members m where m.user_id = u.id and m.brand_id = i.brand_id))`)
  return user !== undefined
}

/** What is in an account's queue of this answer. Replies that people carry out by hand wait for them, not for the platform. */
const open = sql`d.state in ('queued', 'claimed', 'sending') and not d.by_hand`

async function fullAccounts(db: Db, answerId: string): Promise<string[]> {
  const rows = await db.execute<{ account_id: string }>(sql`
    select d.account_id from incident_sends s join deliveries d on d.message_id = s.message_id
    where s.answer_id = ${answerId} and s.state = 'written' and ${open}
    group by d.account_id having count(*) >= ${queuedAtOnce}`)
  return rows.map((row) => row.account_id)
}

async function queuedOf(db: Db, answerId: string, accountId: string): Promise<number> {
  if (accountId === '') return 0
  const [row] = await db.execute<{ count: number }>(sql`
    select count(*)::int as count from incident_sends s join deliveries d on d.message_id = s.message_id
    where s.answer_id = ${answerId} and s.state = 'written' and d.account_id = ${accountId} and ${open}`)
  return row?.count ?? 0
}

/** Those whose account has room. */
async function nextTickets(db: Db, answerId: string, full: readonly string[]): Promise<string[]> {
  const rows = await db.execute<{ ticket_id: string }>(sql`
    select s.ticket_id from incident_sends s
    where s.answer_id = ${answerId} and s.state = 'waiting' and coalesce((
      select th.account_id from messages m join threads th on th.id = m.thread_id
      where m.ticket_id = s.ticket_id and m.direction = 'inbound' and m.deleted_at is null
      order by m.replyable desc, m.ordered_at desc, m.sequence desc nulls last, m.id desc limit 1
    ) <> all(${`{${full.join(',')}}`}::uuid[]), true)
    order by s.ticket_id limit ${batch}`)
  return rows.map((row) => row.ticket_id)
}

async function writeOne(
  deps: SendDeps,
  answer: AnswerRow,
  ticketId: string,
  text: string,
): Promise<'done' | 'stopped'> {
  // Not a person's press: there is nothing to undo but by stopping.
  const actor: Actor = { ...(answer.actor as Actor), kind: 'system' }
  const body = NewReply.parse({ text })
  const messageId = newId()
  try {
    const place = await choosePlace(deps, actor, ticketId, body)
    return await deps.db.transaction(async (tx) => {
      // Shared: a stop waits for what is being written, and nothing is written after it.
      const [running] = await tx.execute(
        sql`select from incident_answers where id = ${answer.id} and state = 'running' for share`,
      )
      if (!running) return 'stopped'
      const [mine] = await tx.execute<{ closed: boolean }>(sql`
        select t.status = 'closed' as closed from incident_sends s join tickets t on t.id = s.ticket_id
        where s.answer_id = ${answer.id} and s.ticket_id = ${ticketId} and s.state = 'waiting' for update of s skip locked`)
      // Another node has it.
      if (!mine) return 'done'
      if (mine.closed) throw new Refused(422, 'ticket_closed', 'The ticket is closed.')
      await writeReply(tx, deps, { id: messageId, ticketId, actor, body, place, automatic: false })
      await tx.execute(sql`
        update incident_sends set state = 'written', message_id = ${messageId}, changed_at = ${deps.now().toISOString()}
        where answer_id = ${answer.id} and ticket_id = ${ticketId}`)
      return 'done'
    })
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    await deps.db.execute(sql`
      update incident_sends set state = 'refused', reason = ${error.code}, changed_at = ${deps.now().toISOString()}
      where answer_id = ${answer.id} and ticket_id = ${ticketId} and state = 'waiting'`)
    return 'done'
  }
}

/** False while tickets wait for room in a queue, and while anything could still be taken back out of one. */
async function finish(deps: SendDeps, id: string): Promise<boolean> {
  return deps.db.transaction(async (tx) => {
    const [answer] = await tx.select().from(incidentAnswers).where(eq(incidentAnswers.id, id)).for('update')
    if (answer?.state !== 'running') return true
    const [waiting] = await tx.execute(sql`
      select from incident_sends s where s.answer_id = ${id} and (s.state = 'waiting' or (s.state = 'written' and exists (
        select from deliveries d where d.message_id = s.message_id and ${open}))) limit 1`)
    if (waiting) return false
    await tx.update(incidentAnswers).set({ state: 'done', endedAt: deps.now() }).where(eq(incidentAnswers.id, id))
    return true
  })
}

async function endFor(deps: SendDeps, id: string, reason: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const [answer] = await tx.select().from(incidentAnswers).where(eq(incidentAnswers.id, id)).for('update')
    if (answer?.state === 'running') await markStopped(tx, id, deps.now(), { stoppedBy: null, reason })
  })
  await withdrawQueued(deps, id)
  deps.nudge()
}
