/**
 * What follows from what happened to a ticket, as due work. Rows of `automatic.opened` and `automatic.status` are written by
 * a trigger, so that whatever opens or moves a ticket is seen; only of accounts that have ever been given a voice.
 */
import { eq, sql } from 'drizzle-orm'
import { systemActor } from '../auth/actor.ts'
import { followUp } from '../db/due.ts'
import type { DueRow } from '../db/due-rows.ts'
import type { DueHandler } from '../db/run-due.ts'
import { closeReasons, questions, type TicketStatus, tickets } from '../db/schema.ts'
import { Refused } from '../problem.ts'
import { changeTicket } from '../tickets/change.ts'
import type { TicketRow } from '../tickets/lock-ticket.ts'
import type { AutomaticSettings } from '../wire-automatic.ts'
import { answersOf, ask } from './ask.ts'
import { openFollowUp } from './follow-up-task.ts'
import { isOpen, opensAt, sayTime } from './hours.ts'
import { type Progress, progressWords } from './progress-words.ts'
import { readSettings } from './settings.ts'
import { type SpeakDeps, type Spoken, speak } from './speak.ts'

/** A customer's message older than this is not acknowledged any more: the history of a file, or what a platform held back. */
const LATE_MS = 24 * 3_600_000

type Run = Awaited<ReturnType<DueHandler>>

interface Moved {
  readonly from: TicketStatus
  readonly to: TicketStatus
  readonly version: number
}

export function automaticHandlers(deps: SpeakDeps): Record<string, DueHandler> {
  return {
    'automatic.opened': async (row) => {
      const found = await read(deps, row.subject)
      return found && again(await acknowledge(deps, found))
    },
    'automatic.status': async (row) => {
      const found = await read(deps, row.subject)
      return found && statusMoved(deps, found, row.payload as Moved)
    },
    'automatic.close': (row) => closeInSilence(deps, row),
    'automatic.follow_up': async (row) => {
      const found = await read(deps, row.subject)
      return found && again(await followUpOn(deps, found, (row.payload as { version: number }).version))
    },
    'automatic.answered': async (row) => {
      const found = await read(deps, row.subject)
      return found && afterAnswer(deps, found)
    },
    // Asked for by others, as due work: rules that miss something, promises of regular news.
    'automatic.facts': async (row) => {
      const { zh, en, version } = row.payload as { zh: string; en: string; version: number }
      return again(await askFacts(deps, row.subject, { zh, en }, version))
    },
    'automatic.progress': async (row) => {
      const { version, everyMs = null } = row.payload as { version: number; everyMs?: number }
      const spoken = await stillOnIt(deps, row, version)
      if (everyMs === null || 'again' in spoken || !keepsGoing(spoken)) return again(spoken)
      return { again: new Date(deps.now().getTime() + everyMs) }
    },
    'automatic.lookup': async (row) => {
      const { ticketId, threadId, version } = row.payload as { ticketId: string; threadId: string; version: number }
      const key = `lookup:${row.subject}`
      return again(await speak(deps, { kind: 'lookup', ticketId, key, threadId, sinceVersion: version }))
    },
  }
}

interface Found {
  readonly ticket: TicketRow
  readonly settings: AutomaticSettings
}

async function read({ db }: SpeakDeps, ticketId: string): Promise<Found | undefined> {
  const [ticket] = await db.select().from(tickets).where(eq(tickets.id, ticketId))
  const settings = ticket && (await readSettings(db, ticket.accountId))
  return ticket && settings ? { ticket, settings } : undefined
}

const again = (spoken: Spoken): Run => ('again' in spoken ? { again: spoken.again } : undefined)

async function acknowledge(deps: SpeakDeps, { ticket, settings }: Found): Promise<Spoken> {
  const now = deps.now()
  if (now.getTime() - (ticket.unansweredSince ?? ticket.lastMessageAt).getTime() > LATE_MS) return { skipped: 'late' }
  const kind = isOpen(settings.hours, now) ? 'acknowledgement' : 'acknowledgement_closed'
  const opens = opensAt(settings.hours, now)
  return speak(deps, {
    kind,
    ticketId: ticket.id,
    // One key for both: at the stroke of nine a second try must not greet again.
    key: `acknowledgement:${ticket.id}`,
    sinceVersion: 0,
    wanted: ({ status }) => status !== 'resolved' && status !== 'closed',
    values: (language) => ({ opens: opens ? sayTime(opens, settings.hours.timeZone, language) : '' }),
  })
}

async function statusMoved(deps: SpeakDeps, found: Found, moved: Moved): Promise<Run> {
  const { ticket, settings } = found
  // A later move has its own row, or has taken this one.
  if (ticket.status !== moved.to) return undefined
  if (moved.to === 'resolved') {
    const followUpAt = new Date(deps.now().getTime() + settings.followUpAfterMs)
    const dueAt = ticket.resolvedAt ? new Date(ticket.resolvedAt.getTime() + settings.followUpAfterMs) : followUpAt
    const item = { kind: 'automatic.follow_up', subject: ticket.id, dueAt, payload: { version: moved.version } }
    if (settings.kinds.follow_up.on) await deps.db.transaction((tx) => followUp(tx, [item]))
    if (settings.kinds.solved.on) return again(await ask(deps, 'solved', ticket, moved.version))
    if (settings.kinds.satisfaction.on) return again(await ask(deps, 'satisfaction', ticket, moved.version))
  }
  // Whose it is instead the agent tells them.
  const isOthers =
    moved.to === 'closed' && (await deps.db.$count(closeReasons, eq(closeReasons.ticketId, ticket.id))) > 0
  const progress = isOthers ? null : progressOf(moved)
  return progress ? again(await tellProgress(deps, ticket, moved, progress)) : undefined
}

/** What a customer is told of; an answer to them tells it by itself. */
function progressOf({ from, to }: Moved): Progress | null {
  const isOver = from === 'resolved' || from === 'closed'
  if (to === 'waiting_other' || to === 'resolved') return to
  if (to === 'closed') return isOver ? null : to
  if (to === 'open') return isOver ? 'reopened' : from === 'new' ? 'open' : null
  return null
}

async function tellProgress(deps: SpeakDeps, ticket: TicketRow, moved: Moved, progress: Progress): Promise<Spoken> {
  return speak(deps, {
    kind: 'progress',
    ticketId: ticket.id,
    key: `progress:${ticket.id}:${moved.version}`,
    sinceVersion: moved.version,
    asked: progress === 'reopened',
    wanted: ({ status }) => status === moved.to,
    values: (language) => ({ progress: progressWords(progress, language) }),
  })
}

/** `facts`: what is missing, in both languages. Once for each version of the ticket that it was missed in. */
async function askFacts(
  deps: SpeakDeps,
  ticketId: string,
  facts: { readonly zh: string; readonly en: string },
  version: number,
): Promise<Spoken> {
  return speak(deps, {
    kind: 'facts',
    ticketId,
    key: `facts:${ticketId}:${version}`,
    sinceVersion: version,
    wanted: ({ status }) => status !== 'resolved' && status !== 'closed',
    values: (language) => ({ facts: facts[language] }),
  })
}

/** Said, or not said this time only. A person's word, the ticket's end and an account that is silent end it. */
const keepsGoing = (spoken: Exclude<Spoken, { again: Date }>) =>
  'messageId' in spoken || spoken.skipped === 'too_soon' || spoken.skipped === 'reserve'

/** Nothing changed, and the customer is told so: as the ticket stands. Each time it is due is an occasion of its own. */
async function stillOnIt(deps: SpeakDeps, { subject: ticketId, dueAt }: DueRow, version: number): Promise<Spoken> {
  return speak(deps, {
    kind: 'progress',
    ticketId,
    key: `progress:${ticketId}:still:${version}:${dueAt.toISOString()}`,
    sinceVersion: version,
    wanted: ({ status }) => status === 'new' || status === 'open' || status === 'waiting_other',
  })
}

async function followUpOn(deps: SpeakDeps, { ticket, settings }: Found, version: number): Promise<Spoken> {
  // Resolved once more later: that has a row of its own time.
  const over = ticket.status === 'resolved' || ticket.status === 'closed'
  if (!over || !settings.kinds.follow_up.on) return { skipped: 'not_wanted' }
  const key = `follow_up:${ticket.id}:${version}`
  if (settings.followUpAs === 'task') {
    await asTask(deps, ticket, settings, key)
    return { skipped: 'as_task' }
  }
  const spoken = await speak(deps, {
    kind: 'follow_up',
    ticketId: ticket.id,
    key,
    sinceVersion: version,
    wanted: ({ status }) => status === 'resolved' || status === 'closed',
  })
  // The platform does not let us write any more: a person may call.
  if ('skipped' in spoken && isOutOfReach(spoken.skipped)) await asTask(deps, ticket, settings, `${key}:task`)
  return spoken
}

const isOutOfReach = (reason: string) =>
  reason === 'window_closed' || reason === 'quota_used' || reason === 'reserve' || reason === 'by_hand'

async function asTask(deps: SpeakDeps, ticket: TicketRow, { language }: AutomaticSettings, key: string): Promise<void> {
  await deps.db.transaction((tx) => openFollowUp(tx, ticket, { key, language, now: deps.now() }))
  deps.nudge()
}

/** Asked, and nothing came: the ticket is closed. A "no" has reopened it long before. */
async function closeInSilence(deps: SpeakDeps, row: DueRow): Promise<Run> {
  const { questionId } = row.payload as { questionId: string }
  const [found] = await deps.db
    .select({ ticket: tickets, askedAt: questions.askedAt })
    .from(questions)
    .innerJoin(tickets, eq(tickets.id, questions.ticketId))
    .where(eq(questions.id, questionId))
  if (!found) return undefined
  const { ticket, askedAt } = found
  // Resolved once more since then: that resolution was asked about by itself, or was not.
  if (ticket.status !== 'resolved' || (ticket.resolvedAt && ticket.resolvedAt > askedAt)) return undefined
  // Taken back, lost or in doubt: who was not asked is not silent.
  if (!(await hasArrived(deps, ticket.id, askedAt))) return undefined
  try {
    await changeTicket(deps, systemActor, ticket.id, { status: 'closed', version: ticket.version })
  } catch (error) {
    if (error instanceof Refused && error.code === 'version_conflict') return { again: deps.now() }
    throw error
  }
}

async function hasArrived({ db }: SpeakDeps, ticketId: string, askedAt: Date): Promise<boolean> {
  const [row] = await db.execute<{ arrived: boolean }>(sql`
    select exists (
      select from deliveries d where d.state in ('sent', 'delivered', 'read') and d.message_id = (
        -- Written a moment after its question, in the same transaction.
        select a.message_id from automatic_messages a
        where a.ticket_id = ${ticketId} and a.kind = 'solved' and a.message_id is not null
          and a.created_at >= ${askedAt.toISOString()}::timestamptz
        order by a.created_at limit 1)) as arrived`)
  return row?.arrived ?? false
}

/** A "yes" is followed by the next question; a "no" has reopened the ticket, which is told as progress. */
async function afterAnswer(deps: SpeakDeps, { ticket, settings }: Found): Promise<Run> {
  const { solved } = await answersOf(deps.db, ticket.id)
  if (solved?.value !== 1 || !settings.kinds.satisfaction.on) return undefined
  return again(await ask(deps, 'satisfaction', ticket, solved.ticketVersion))
}
