/** What is learnt from tickets: their changes, incidents that hold many of them, and answers that were looked at again. */
import { type SQL, sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Criterion, Mark } from '../wire-quality.ts'
import { brands, messages, type Priority, type TicketStatus, tickets } from './schema.ts'

const at = () => timestamp({ withTimezone: true })
const oneOf = (column: string, values: readonly string[]): SQL =>
  sql.raw(`${column} in (${values.map((value) => `'${value}'`).join(',')})`)

export const changedFields = ['status', 'snooze', 'priority', 'category', 'assignee', 'team', 'tags'] as const
export type ChangedField = (typeof changedFields)[number]

/**
 * What changed of a ticket, for good: stream events go after a day. Written by the triggers on `tickets`, so in the transaction of
 * the change and whoever makes it; a ticket that is born `new` and free has no row. Figures count it, clocks work their
 * pauses out from it, and rules ask it who set a field last, so that they never overwrite a person.
 */
export const ticketChanges = pgTable(
  'ticket_changes',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    ticketId: uuid()
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    brandId: uuid().notNull(),
    /** When it was resolved, or the message that moved it was written; else when the change was made. */
    at: at().notNull().defaultNow(),
    /** The ticket's version with it. */
    version: integer().notNull(),
    /** The rule that did it; null: a person, a program, or Huixin at somebody's order. */
    ruleId: uuid(),
    /** What changed. The rest stands in both columns. */
    fields: text().array().$type<ChangedField[]>().notNull(),
    fromStatus: text().$type<TicketStatus>().notNull(),
    status: text().$type<TicketStatus>().notNull(),
    snoozedUntil: at(),
    fromPriority: text().$type<Priority>().notNull(),
    priority: text().$type<Priority>().notNull(),
    fromCategory: text(),
    category: text(),
    fromAssigneeId: text(),
    assigneeId: text(),
  },
  (t) => [
    index('ticket_changes_ticket').on(t.ticketId, t.id),
    index('ticket_changes_status').on(t.brandId, t.at).where(sql`from_status <> status`),
  ],
)

export const incidentStates = ['open', 'resolved'] as const
export type IncidentState = (typeof incidentStates)[number]
export const answerStates = ['running', 'stopped', 'done'] as const
export type AnswerState = (typeof answerStates)[number]
/** `withdrawn`: was queued, and taken back before it left. */
export const sendStates = ['waiting', 'written', 'refused', 'stopped', 'withdrawn'] as const
export type SendState = (typeof sendStates)[number]

/** One cause behind many tickets. */
export const incidents = pgTable(
  'incidents',
  {
    id: uuid().primaryKey(),
    number: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    brandId: uuid()
      .notNull()
      .references(() => brands.id),
    title: text().notNull(),
    state: text().$type<IncidentState>().notNull().default('open'),
    version: integer().notNull().default(1),
    createdBy: text().notNull(),
    createdName: text().notNull(),
    createdAt: at().notNull(),
    resolvedAt: at(),
  },
  (t) => [
    index('incidents_list').on(t.brandId, t.state, t.createdAt.desc(), t.id.desc()),
    check('incidents_state', oneOf('state', incidentStates)),
  ],
)

/** A ticket belongs to one incident at most. */
export const incidentTickets = pgTable(
  'incident_tickets',
  {
    ticketId: uuid()
      .primaryKey()
      .references(() => tickets.id),
    incidentId: uuid()
      .notNull()
      .references(() => incidents.id),
    addedBy: text().notNull(),
    addedAt: at().notNull(),
  },
  (t) => [index().on(t.incidentId, t.ticketId)],
)

export const incidentNotes = pgTable(
  'incident_notes',
  {
    id: uuid().primaryKey(),
    incidentId: uuid()
      .notNull()
      .references(() => incidents.id),
    userId: text().notNull(),
    authorName: text().notNull(),
    text: text().notNull(),
    createdAt: at().notNull(),
  },
  (t) => [index().on(t.incidentId, t.id)],
)

/** One prepared answer to all tickets of an incident. Its id is the client's, so that starting it twice is once. */
export const incidentAnswers = pgTable(
  'incident_answers',
  {
    id: uuid().primaryKey(),
    incidentId: uuid()
      .notNull()
      .references(() => incidents.id),
    state: text().$type<AnswerState>().notNull(),
    zh: text().notNull(),
    en: text().notNull(),
    /** In whose name it is sent: an `Actor`, as it was then. */
    actor: jsonb().notNull(),
    /** Why it stopped by itself: a stable code. */
    reason: text(),
    stoppedBy: text(),
    createdAt: at().notNull(),
    endedAt: at(),
  },
  (t) => [
    index().on(t.incidentId, t.createdAt),
    // Two at once would run into each other in every ticket.
    uniqueIndex('incident_answers_running').on(t.incidentId).where(sql`state = 'running'`),
    check('incident_answers_state', oneOf('state', answerStates)),
  ],
)

/** What becomes of the answer in one ticket: its row is the lock, and the reason that no ticket gets it twice. */
export const incidentSends = pgTable(
  'incident_sends',
  {
    answerId: uuid()
      .notNull()
      .references(() => incidentAnswers.id),
    ticketId: uuid()
      .notNull()
      .references(() => tickets.id),
    state: text().$type<SendState>().notNull().default('waiting'),
    /** The reply it became. */
    messageId: uuid(),
    /** Why it could not be written: the code of the refusal. */
    reason: text(),
    changedAt: at().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.answerId, t.ticketId] }),
    index('incident_sends_waiting').on(t.answerId, t.ticketId).where(sql`state = 'waiting'`),
    index('incident_sends_ticket').on(t.ticketId),
    check('incident_sends_state', oneOf('state', sendStates)),
  ],
)

/** What answers are judged by. The row with the highest version is in force; reviews keep the one they were made with. */
export const scoreSheets = pgTable('score_sheets', {
  version: integer().primaryKey(),
  criteria: jsonb().$type<Criterion[]>().notNull(),
  /** So many answers of each agent a week. */
  perAgent: integer().notNull(),
  createdBy: text().notNull(),
  createdAt: at().notNull(),
})

/** An answer drawn for review. The draw is by a hash of its id, so that it comes out the same for whoever makes it. */
export const qualitySamples = pgTable(
  'quality_samples',
  {
    messageId: uuid()
      .primaryKey()
      .references(() => messages.id, { onDelete: 'cascade' }),
    brandId: uuid().notNull(),
    ticketId: uuid().notNull(),
    /** Whose answer it is. */
    userId: text().notNull(),
    /** The Monday of its week, UTC. */
    week: timestamp({ withTimezone: true }).notNull(),
    answeredAt: at().notNull(),
    drawnAt: at().notNull(),
  },
  (t) => [index('quality_samples_list').on(t.brandId, t.week.desc(), t.messageId), index().on(t.userId, t.week.desc())],
)

/** Nobody reviews one answer twice; several people may review it, each without seeing the others'. */
export const qualityReviews = pgTable(
  'quality_reviews',
  {
    id: uuid().primaryKey(),
    messageId: uuid()
      .notNull()
      .references(() => qualitySamples.messageId, { onDelete: 'cascade' }),
    reviewerId: text().notNull(),
    reviewerName: text().notNull(),
    sheetVersion: integer()
      .notNull()
      .references(() => scoreSheets.version),
    marks: jsonb().$type<Mark[]>().notNull(),
    /** Of 100, by the sheet's weights. */
    score: integer().notNull(),
    comment: text().notNull(),
    /** The agent has seen it. */
    seen: boolean().notNull().default(false),
    createdAt: at().notNull(),
  },
  (t) => [uniqueIndex('quality_reviews_once').on(t.messageId, t.reviewerId), index().on(t.createdAt)],
)
