/** Random histories of tickets: what happened, as the rows that are stored of it. For tests of what is counted from them. */
import fc from 'fast-check'
import type { Db } from '../../src/db/client.ts'
import { newId } from '../../src/db/id.ts'
import { insertRows } from '../../src/db/insert-rows.ts'
import {
  type accounts,
  answers,
  type ClockKind,
  type ClockState,
  clocks,
  type DeliveryState,
  deliveries,
  deliveryStates,
  messages,
  qualityReviews,
  qualitySamples,
  questions,
  scoreSheets,
  type TicketStatus,
  ticketChanges,
  ticketStatuses,
  tickets,
} from '../../src/db/schema.ts'

const minute = 60_000
/** Daylight saving ends in Berlin on the 25th of October, in New York on the 1st of November. */
export const start = Date.UTC(2026, 9, 20, 3, 17)
const spanMinutes = 16 * 24 * 60

export interface Line {
  readonly after: number
  readonly by: 'customer' | 'ann' | 'bo' | 'outside' | 'program' | 'note'
  readonly deleted: boolean
  readonly parts: readonly { readonly state: DeliveryState; readonly byHand: boolean }[]
  readonly scores: readonly number[]
}

export interface Move {
  readonly after: number
  readonly status: TicketStatus
  readonly agent: string | null
}

/** A promise, and how it stands. */
export interface Promised {
  readonly kind: ClockKind
  readonly state: ClockState
  readonly due: number | null
  readonly stopped: number | null
}

/** What the customer said when they were asked. */
export interface Said {
  readonly after: number
  readonly kind: 'solved' | 'satisfaction'
  readonly value: number
}

export interface History {
  readonly id: string
  readonly place: number
  readonly category: string | null
  readonly created: number
  readonly lines: readonly Line[]
  readonly moves: readonly Move[]
  readonly promises: readonly Promised[]
  readonly said: readonly Said[]
}

const agents = ['ann', 'bo'] as const
const line = fc.record<Line>({
  // A message that was held back stands before its ticket's beginning.
  after: fc.integer({ min: -40, max: 6 * 24 * 60 }),
  by: fc.constantFrom('customer', 'customer', 'ann', 'bo', 'outside', 'program', 'note'),
  deleted: fc.boolean(),
  parts: fc.array(fc.record({ state: fc.constantFrom(...deliveryStates), byHand: fc.boolean() }), { maxLength: 2 }),
  scores: fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 2 }),
})
const move = fc.record<Move>({
  after: fc.integer({ min: 0, max: 8 * 24 * 60 }),
  status: fc.constantFrom(...ticketStatuses),
  agent: fc.constantFrom(null, ...agents),
})
const after = fc.integer({ min: 0, max: 10 * 24 * 60 })
const promise = fc.record<Promised>({
  kind: fc.constantFrom('first_answer', 'substance', 'next_answer', 'resolution', 'progress'),
  state: fc.constantFrom('running', 'paused', 'met', 'missed', 'dropped'),
  due: fc.option(after),
  stopped: fc.option(after),
})
const said = fc.oneof(
  fc.record<Said>({ after, kind: fc.constant('satisfaction'), value: fc.integer({ min: 1, max: 5 }) }),
  fc.record<Said>({ after, kind: fc.constant('solved'), value: fc.integer({ min: 0, max: 1 }) }),
)

export const histories = (places: number) =>
  fc.array(
    fc.record({
      place: fc.nat(places - 1),
      category: fc.constantFrom(null, 'battery', '屏幕'),
      created: fc.integer({ min: 0, max: spanMinutes }),
      lines: fc.array(line, { maxLength: 6 }),
      moves: fc.array(move, { maxLength: 5 }),
      promises: fc.uniqueArray(promise, { maxLength: 3, selector: ({ kind }) => kind }),
      said: fc.array(said, { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 14 },
  )

/** In the order things happened. */
export const prepare = (drawn: readonly Omit<History, 'id'>[]): History[] =>
  drawn.map((history) => ({
    ...history,
    id: newId(),
    lines: history.lines.toSorted((a, b) => a.after - b.after),
    moves: history.moves.toSorted((a, b) => a.after - b.after),
    said: history.said.toSorted((a, b) => a.after - b.after),
  }))

export const timeOf = ({ created }: Pick<History, 'created'>, after = 0) => new Date(start + (created + after) * minute)
export const hasParts = ({ by }: Line) => by === 'ann' || by === 'bo' || by === 'program'
export const isReviewed = (one: Line) => (one.by === 'ann' || one.by === 'bo') && one.scores.length > 0

/** Stores them as if they had happened, a statement a table; `places` are accounts with a customer each. */
export async function store(
  db: Db,
  all: readonly History[],
  places: readonly {
    readonly account: typeof accounts.$inferSelect
    readonly contactId: string
    readonly threadId: string
  }[],
): Promise<void> {
  const sheet = { version: 1, criteria: [], perAgent: 3, createdBy: 'test', createdAt: new Date(start) }
  const rows = all.map((history) => rowsOf(history, places[history.place]!))
  await db.transaction(async (tx) => {
    await tx.insert(scoreSheets).values(sheet).onConflictDoNothing()
    await insertRows(
      tx,
      tickets,
      rows.map(({ ticket }) => ticket),
    )
    // What the trigger kept of their birth: theirs is told below.
    await tx.delete(ticketChanges)
    await insertRows(
      tx,
      ticketChanges,
      rows.flatMap(({ changes }) => changes),
    )
    await insertRows(
      tx,
      messages,
      rows.flatMap((row) => row.messages),
    )
    await insertRows(
      tx,
      deliveries,
      rows.flatMap((row) => row.deliveries),
    )
    await insertRows(
      tx,
      qualitySamples,
      rows.flatMap(({ samples }) => samples),
    )
    await insertRows(
      tx,
      qualityReviews,
      rows.flatMap(({ reviews }) => reviews),
    )
    await insertRows(
      tx,
      clocks,
      rows.flatMap((row) => row.clocks),
    )
    await insertRows(
      tx,
      questions,
      rows.flatMap((row) => row.questions),
    )
    await insertRows(
      tx,
      answers,
      rows.flatMap((row) => row.answers),
    )
  })
}

function rowsOf(
  history: History,
  {
    account: { id: accountId, brandId },
    contactId,
    threadId,
  }: { account: typeof accounts.$inferSelect; contactId: string; threadId: string },
) {
  const ticketId = history.id
  const last = history.moves.at(-1)
  const shown = history.lines.filter(({ by }) => by !== 'note').map(({ after }) => after)
  const ticket = {
    id: ticketId,
    brandId,
    accountId,
    contactId,
    surface: 'direct' as const,
    status: last?.status ?? ('new' as const),
    assigneeId: last?.agent ?? null,
    category: history.category,
    tags: [],
    createdAt: timeOf(history),
    lastMessageAt: timeOf(history, Math.max(0, ...shown)),
  }
  const changes = history.moves.map(({ after, status, agent }, index) => ({
    ticketId,
    brandId,
    at: timeOf(history, after),
    version: 1,
    fields: ['status' as const, 'assignee' as const],
    fromStatus: history.moves[index - 1]?.status ?? ('new' as const),
    status,
    fromPriority: 'normal' as const,
    priority: 'normal' as const,
    fromAssigneeId: history.moves[index - 1]?.agent ?? null,
    assigneeId: agent,
  }))
  const lines = history.lines.map((one) => ({ id: newId(), one, at: timeOf(history, one.after) }))
  const heard = history.said.map((one) => ({ id: newId(), questionId: newId(), one, at: timeOf(history, one.after) }))
  const reviewed = lines.filter(({ one }) => isReviewed(one))
  return {
    ticket,
    changes,
    clocks: history.promises.map(({ kind, state, due, stopped }) => ({
      ticketId,
      kind,
      brandId,
      policyId: newId(),
      state,
      startedAt: timeOf(history),
      dueAt: due === null ? null : timeOf(history, due),
      stoppedAt: stopped === null ? null : timeOf(history, stopped),
      revision: 1,
      ticketVersion: 1,
    })),
    questions: heard.map(({ questionId: id, one: { kind }, at }) => {
      const times = { askedAt: at, until: at, closedAt: at }
      return { id, ticketId, threadId, kind, ticketVersion: 1, ...times }
    }),
    answers: heard.map(({ id, questionId, one: { kind, value }, at }) => {
      return { id, questionId, ticketId, kind, value, via: 'chat' as const, at }
    }),
    messages: lines.map(({ id, one, at }) => ({
      id,
      ticketId,
      threadId: one.by === 'note' ? null : threadId,
      accountId,
      direction:
        one.by === 'customer' ? ('inbound' as const) : one.by === 'note' ? ('note' as const) : ('outbound' as const),
      surface: 'direct' as const,
      userId: one.by === 'customer' || one.by === 'outside' ? null : one.by,
      authorName: one.by,
      text: 'x',
      replyable: true,
      automatic: one.by === 'program',
      deletedAt: one.deleted ? at : null,
      sentAt: at,
      receivedAt: at,
      orderedAt: at,
      ticketVersion: 1,
    })),
    deliveries: lines
      .filter(({ one }) => hasParts(one))
      .flatMap(({ id: messageId, one, at: expiresAt }) =>
        one.parts.map(({ state, byHand }, part) => {
          const ids = { id: newId(), messageId, ticketId, threadId, accountId }
          return { ...ids, part, text: 'x', state, byHand, expiresAt }
        }),
      ),
    samples: reviewed.map(({ id: messageId, one, at }) => {
      const times = { week: at, answeredAt: at, drawnAt: at }
      return { messageId, brandId, ticketId, userId: one.by, ...times }
    }),
    reviews: reviewed.flatMap(({ id: messageId, one, at: createdAt }) =>
      one.scores.map((score, index) => {
        const by = { reviewerId: `reviewer-${index}`, reviewerName: 'R', sheetVersion: 1, marks: [], comment: '' }
        return { id: newId(), messageId, ...by, score, createdAt }
      }),
    ),
  }
}
