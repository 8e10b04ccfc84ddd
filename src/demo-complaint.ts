/**
 * In the demo, complaints that go through their whole life without anybody's hands: of customers whose phone is in the records
 * below. Each turn asks the ticket how far it is, so a restart goes on where it was; whoever takes such a ticket at the desk has it.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { type Actor, systemActor } from './auth/actor.ts'
import type { Colleagues } from './demo-together.ts'
import type { Deps } from './deps.ts'
import { importRepairs } from './facts/import-repairs.ts'
import { changeFacts, readFacts } from './facts/ticket-facts.ts'
import { Refused } from './problem.ts'
import { openDepartmentTask } from './tasks/department-task.ts'
import { finishTask } from './tasks/finish.ts'
import { changeTicket } from './tickets/change.ts'
import { postReply } from './tickets/reply.ts'
import { endEscalation, escalate } from './together/escalation.ts'
import { addRemedy, changeRemedy } from './together/remedies.ts'
import { setResult } from './together/results.ts'
import { NewRemedy, NewReply, NewResult, NewTask } from './wire.ts'

const lookEveryMs = 3_000

const records = `序列号,型号,购买日期,保修到期,维修日期,故障,结果,网点,单号
HX26DEMO0001,X1,2026-03-07,2027-03-06,2026-10-12,无法开机,更换主板,人民路店,R-2610-0412
HX26DEMO0002,X1,2026-03-07,2027-03-06,2026-11-20,黑屏,更换电池,解放路店,R-2611-0087`

/** What a month of repairs left behind, for every brand of the demo. A row that is there already has no effect. */
export async function bringRecords({ db, now }: Deps, brandIds: Iterable<string>): Promise<void> {
  for (const id of new Set(brandIds)) await importRepairs(db, systemActor, id, Buffer.from(records), now())
}

interface Case {
  readonly [column: string]: unknown
  readonly id: string
  readonly status: string
  readonly waits: boolean
  /** In a message of the customer, and in the records. */
  readonly serial: string
  readonly known: boolean
  /** Replies of the colleague. */
  readonly replies: number
  readonly escalation: string | null
  readonly task: string | null
  readonly remedies: number
  readonly notSolved: boolean
}

/** Until the demo ends. */
export async function showComplaints(deps: Deps, { agent, lead }: Colleagues, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const one of await casesOf(deps, agent)) {
      try {
        await goOn(deps, agent, lead, one)
      } catch (error) {
        // Somebody at the desk was quicker, or the platform does not take it now: the next turn sees.
        if (!(error instanceof Refused)) throw error
      }
    }
    deps.nudge()
    await wait(lookEveryMs, undefined, { signal }).catch(() => {
      // Only the signal ends a pause.
    })
  }
}

async function casesOf({ db }: Deps, agent: Actor): Promise<Case[]> {
  const rows = await db.execute<Case>(sql`
    select t.id, t.status, t.unanswered_since is not null as waits, d.serial,
      exists (select from ticket_facts f where f.ticket_id = t.id and f.serial = d.serial) as known,
      (select count(*)::int from messages m where m.ticket_id = t.id and m.direction = 'outbound' and m.user_id = ${agent.id}) as replies,
      (select e.state from escalations e where e.ticket_id = t.id order by e.created_at desc limit 1) as escalation,
      (select k.id from tasks k where k.ticket_id = t.id and k.kind = 'department' and k.state = 'open' limit 1) as task,
      (select count(*)::int from remedies r where r.ticket_id = t.id) as remedies,
      coalesce((select a.value = 0 from answers a where a.ticket_id = t.id and a.kind = 'solved' order by a.at desc limit 1), false)
        as "notSolved"
    from devices d
    join messages s on s.direction = 'inbound' and s.text like '%' || d.serial || '%'
    join tickets t on t.id = s.ticket_id and t.brand_id = d.brand_id
    join accounts c on c.id = t.account_id and c.removed_at is null
    where d.serial like 'HX26DEMO%' and t.status not in ('resolved', 'closed') and coalesce(t.assignee_id, ${agent.id}) = ${agent.id}
      and not exists (select from deliveries q where q.ticket_id = t.id and q.state in ('queued', 'claimed', 'sending'))`)
  return [...new Map(rows.map((row) => [row.id, row])).values()]
}

/** One step, the next one that is left. */
async function goOn(deps: Deps, agent: Actor, lead: Actor, one: Case): Promise<void> {
  const { id, serial, replies } = one
  const says = (text: string) => postReply(deps, agent, id, NewReply.parse({ text }), undefined)
  if (!one.known) {
    const { revision } = await readFacts(deps, agent, id)
    const facts = { serial, model: 'X1', purchasedOn: '2026-03-07', source: 'text', revision } as const
    await changeFacts(deps, agent, id, facts)
    await changeTicket(deps, agent, id, { assignee: agent.id })
  } else if (replies === 0) {
    await says('序列号已登记，您的机器在保修期内。我们马上请技术同事判断，有结果第一时间告诉您。')
  } else if (replies === 1 && one.escalation === null) {
    await escalate(deps, agent, id, {
      to: null,
      team: null,
      reason: '修过又坏，客户扬言曝光，要求换新，超出我的权限。',
    })
    await askSupport(deps, agent, id)
  } else if (replies === 1 && one.task !== null) {
    const hooks = { lostReply: async () => {} }
    await finishTask({ ...deps, hooks }, lead, one.task, '主板批次故障，可直接换新机。')
  } else if (replies === 1 && one.escalation === 'open') {
    await endEscalation(deps, lead, id, { answer: '同意换新。' })
  } else if (replies === 1) {
    await says('检测为主板故障，在保修期内，可以为您免费换一台新机，您看可以吗？')
  } else if (replies === 2 && one.waits && one.remedies === 0) {
    const wanted = NewRemedy.parse({ kind: 'replacement', serialNumber: serial, note: '换新机' })
    const { body } = await addRemedy(deps, agent, id, wanted, undefined)
    await changeRemedy(deps, agent, body.id, { version: body.version, state: 'carried_out' })
    await setResult(deps, agent, id, NewResult.parse({ outcome: 'upheld', reason: '主板故障，保修期内换新。' }))
  } else if (replies === 2 && one.waits) {
    await says('新机已寄出，请注意查收。')
  } else if (replies === 3 && one.waits && one.notSolved) {
    await says('非常抱歉，物流延误了。已联系加急，今天送达。')
  } else if ((replies === 3 && one.waits) || (replies > 3 && !one.waits)) {
    await changeTicket(deps, agent, id, { status: 'resolved' })
  }
}

async function askSupport(deps: Deps, agent: Actor, id: string): Promise<void> {
  const [support] = await deps.db.execute<{ id: string }>(
    sql`select id from departments where en = 'Technical support' and archived_at is null limit 1`,
  )
  if (!support) return
  const dueAt = new Date(deps.now().getTime() + 4 * 3_600_000).toISOString()
  const body = NewTask.parse({ departmentId: support.id, text: '修过又开不了机，请判断能否换新。', dueAt })
  await openDepartmentTask(deps, agent, id, body, undefined)
}
