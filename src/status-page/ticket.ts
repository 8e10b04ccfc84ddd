/** What a customer who has proved themselves is shown of their ticket. */
import { desc, eq, sql } from 'drizzle-orm'
import { DateTime } from 'luxon'
import { answersOf } from '../automatic/ask.ts'
import { isOpen, opensAt } from '../automatic/hours.ts'
import { readSettings, silentSettings } from '../automatic/settings.ts'
import type { Language } from '../automatic/texts.ts'
import {
  accounts,
  brands,
  closeReasons,
  customerCalls,
  otherParties,
  type TicketStatus,
  tickets,
} from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { type Html, html } from './html.ts'
import { words } from './words.ts'

export interface ShownTicket {
  readonly id: string
  readonly number: number
  readonly brand: string
  readonly status: TicketStatus
  readonly timeZone: string
  readonly createdAt: Date
  readonly changedAt: Date
  readonly resolvedAt: Date | null
  readonly reopenUntil: Date | null
  /** When somebody is there next; null: somebody is, or it cannot be told. */
  readonly opens: Date | null
  readonly solved: boolean | null
  readonly score: number | null
  readonly calledToday: boolean
  /** Where to go, in both languages. */
  readonly notOurs: Readonly<Record<Language, string>> | null
  /** Somebody of ours has written. */
  readonly wasAnswered: boolean
}

export const dayOf = (at: Date) => at.toISOString().slice(0, 10)

export async function readTicket({ db, now }: Pick<Deps, 'db' | 'now'>, id: string): Promise<ShownTicket | null> {
  const [row] = await db
    .select({ ticket: tickets, brand: brands.name, reopenWithinMs: accounts.reopenWithinMs })
    .from(tickets)
    .innerJoin(brands, eq(brands.id, tickets.brandId))
    .innerJoin(accounts, eq(accounts.id, tickets.accountId))
    .where(eq(tickets.id, id))
  if (!row) return null
  const { ticket, brand, reopenWithinMs } = row
  const [settings, answers, [call], [party], [answered]] = await Promise.all([
    readSettings(db, ticket.accountId),
    answersOf(db, id),
    db
      .select({ day: customerCalls.day })
      .from(customerCalls)
      .where(eq(customerCalls.ticketId, id))
      .orderBy(desc(customerCalls.day))
      .limit(1),
    db
      .select({ zh: otherParties.zh, en: otherParties.en })
      .from(closeReasons)
      .innerJoin(otherParties, eq(otherParties.id, closeReasons.partyId))
      .where(eq(closeReasons.ticketId, id)),
    db.execute<{ was: boolean }>(sql`
      select exists (select from messages where ticket_id = ${id} and direction = 'outbound' and not automatic) as was`),
  ])
  const { hours } = settings ?? silentSettings
  const at = now()
  const { number, status, createdAt, lastMessageAt, resolvedAt } = ticket
  return {
    id,
    number,
    brand,
    status,
    timeZone: hours.timeZone,
    createdAt,
    changedAt: lastMessageAt,
    resolvedAt,
    reopenUntil: status === 'resolved' && resolvedAt ? new Date(resolvedAt.getTime() + reopenWithinMs) : null,
    opens: settings === null || isOpen(hours, at) ? null : opensAt(hours, at),
    solved: answers.solved ? answers.solved.value === 1 : null,
    score: answers.satisfaction?.value ?? null,
    calledToday: call?.day === dayOf(at),
    notOurs: status === 'closed' ? (party ?? null) : null,
    wasAnswered: answered?.was ?? false,
  }
}

/** With its zone, so that it can be shown to somebody else: `2026-11-25 10:00 (UTC+08:00)`. */
export function timeText(at: Date, timeZone: string, seconds = false): string {
  return DateTime.fromJSDate(at, { zone: timeZone }).toFormat(`yyyy-MM-dd HH:mm${seconds ? ':ss' : ''} '(UTC'ZZ')'`)
}

export function ticketBody(ticket: ShownTicket, language: Language, justCalled: boolean): Html {
  const t = words[language]
  const time = (at: Date) => timeText(at, ticket.timeZone)
  const { status } = ticket
  const isOver = status === 'resolved' || status === 'closed'
  const query = `?lang=${language}`
  return html`<h1>${t.ticketTitle(ticket.number)}</h1>
<p class="lead">${t.ofBrand(ticket.brand)}</p>
${justCalled ? html`<p class="note" role="status">${t.nobodyDone}</p>` : null}
<section class="card" aria-labelledby="steps">
<h2 id="steps">${t.steps}</h2>
<ol class="steps">${stepsOf(ticket, language).map(
    ({ label, state, at }) =>
      html`<li class="${state}"${state === 'now' ? html` aria-current="step"` : null}>${label}${at ? html`<time datetime="${at.toISOString()}">${time(at)}</time>` : null}</li>`,
  )}</ol>
</section>
<section class="card" aria-labelledby="next">
<h2 id="next">${t.next}</h2>
${ticket.notOurs ? html`<p><strong>${t.notOurs}</strong></p><p>${ticket.notOurs[language]}</p>` : html`<p>${t.nextOf[status]}</p>`}
${!isOver && ticket.opens ? html`<p>${t.opens(time(ticket.opens))}</p>` : null}
${ticket.reopenUntil ? html`<p>${t.reopenUntil(time(ticket.reopenUntil))}</p>` : null}
${ticket.solved === null ? null : html`<p>${ticket.solved ? t.solvedYes : t.solvedNo}</p>`}
${ticket.score === null ? null : html`<p>${t.rated(ticket.score)}</p>`}
</section>
<section class="card" aria-labelledby="dates">
<h2 id="dates">${t.dates}</h2>
<dl>
<dt>${t.createdAt}</dt><dd>${time(ticket.createdAt)}</dd>
<dt>${t.changedAt}</dt><dd>${time(ticket.changedAt)}</dd>
${ticket.resolvedAt ? html`<dt>${t.resolvedAt}</dt><dd>${time(ticket.resolvedAt)}</dd>` : null}
</dl>
</section>
${isOver ? null : nobody(ticket, language, justCalled)}
<section class="card" aria-labelledby="record">
<h2 id="record">${t.transcript}</h2>
<p class="help">${t.transcriptHelp}</p>
<p class="row"><a class="button quiet" href="/status/record${query}">${t.open}</a><a class="button quiet" href="/status/record.txt${query}" download>${t.download}</a></p>
</section>
<form method="post" action="/status/leave${query}"><p class="row"><button class="quiet" type="submit">${t.leave}</button></p></form>`
}

function nobody(ticket: ShownTicket, language: Language, justCalled: boolean): Html | null {
  const t = words[language]
  if (ticket.calledToday) return justCalled ? null : html`<p class="note">${t.nobodyDone}</p>`
  return html`<form class="card" method="post" action="/status/nobody?lang=${language}">
<p class="help" id="nobody-help">${t.nobodyHelp}</p>
<p class="row"><button type="submit" aria-describedby="nobody-help">${t.nobody}</button></p>
</form>`
}

interface Step {
  readonly label: string
  readonly state: 'past' | 'now' | 'ahead'
  readonly at: Date | null
}

function stepsOf(ticket: ShownTicket, language: Language): Step[] {
  const t = words[language]
  const { status } = ticket
  const isNew = status === 'new'
  const middle = { waiting_customer: t.waitingYou, waiting_other: t.waitingOther } as const
  const isOver = status === 'resolved' || status === 'closed'
  return [
    { label: t.received, state: isNew ? 'now' : 'past', at: ticket.createdAt },
    {
      label: status === 'waiting_customer' || status === 'waiting_other' ? middle[status] : t.worked,
      state: isNew ? 'ahead' : isOver ? 'past' : 'now',
      at: null,
    },
    {
      label: t.done,
      state: status === 'resolved' ? 'now' : status === 'closed' ? 'past' : 'ahead',
      at: ticket.resolvedAt,
    },
    { label: t.closed, state: status === 'closed' ? 'now' : 'ahead', at: null },
  ]
}
