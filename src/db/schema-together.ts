/** Tables of what several people do on one ticket: departments, escalation, approval, remedies, results, named statuses. */
import { sql } from 'drizzle-orm'
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
import type { KeptNoticeKind } from '../wire-notices.ts'
import { brands, type TicketStatus, tickets } from './schema.ts'
import type { ClockKind } from './schema-promises.ts'
import { teams } from './schema-teams.ts'

const at = () => timestamp({ withTimezone: true })
const among = (column: string, values: readonly string[]) =>
  sql.raw(`${column} in (${values.map((value) => `'${value}'`).join(',')})`)

/** Who does what the care team cannot: technical support, a store, logistics. Archived, never deleted: tasks name them. */
export const departments = pgTable('departments', {
  id: uuid().primaryKey(),
  /** Null: for every brand. */
  brandId: uuid().references(() => brands.id),
  zh: text().notNull(),
  en: text().notNull(),
  createdAt: at().notNull().defaultNow(),
  archivedAt: at(),
})

export const departmentMembers = pgTable(
  'department_members',
  {
    departmentId: uuid()
      .notNull()
      .references(() => departments.id, { onDelete: 'cascade' }),
    userId: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.departmentId, t.userId] }), index().on(t.userId)],
)

/** What somebody has to hear of; nobody's but theirs. */
export const notices = pgTable(
  'notices',
  {
    id: uuid().primaryKey(),
    userId: text().notNull(),
    /** What it is about, once: the same is never said to the same person twice. */
    key: text().notNull(),
    kind: text().$type<KeptNoticeKind>().notNull(),
    brandId: uuid().notNull(),
    ticketId: uuid()
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    /** Who did it, as they were called then; null: nobody, a time was over. */
    byName: text(),
    /** Of a promise: which, and when it is or was due. */
    clock: text().$type<ClockKind>(),
    dueAt: at(),
    createdAt: at().notNull().defaultNow(),
    readAt: at(),
  },
  (t) => [
    uniqueIndex('notices_once').on(t.userId, t.key),
    index('notices_list').on(t.userId, t.id.desc()),
    index('notices_unread').on(t.userId).where(sql`read_at is null`),
    index('notices_old').on(t.createdAt),
    index('notices_ticket').on(t.ticketId),
  ],
)

/** What was done on a ticket beside its messages, shown between them. */
export const ticketActs = pgTable(
  'ticket_acts',
  {
    id: uuid().primaryKey(),
    ticketId: uuid()
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    kind: text().notNull(),
    actorId: text().notNull(),
    actorName: text().notNull(),
    /** Names, codes, figures and the colleagues' own words; never the customer's. */
    detail: jsonb().$type<Readonly<Record<string, string | number | null>>>().notNull(),
    at: at().notNull(),
  },
  (t) => [index('ticket_acts_order').on(t.ticketId, t.at, t.id)],
)

export const escalationStates = ['open', 'answered', 'ended'] as const
export type EscalationState = (typeof escalationStates)[number]
/** A ticket is put before a supervisor, with a reason. At most one is open. */
export const escalations = pgTable(
  'escalations',
  {
    id: uuid().primaryKey(),
    brandId: uuid().notNull(),
    ticketId: uuid()
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    /** Without a team, null: any supervisor of the brand. */
    toId: text(),
    /** Anybody of this team, instead. */
    teamId: uuid().references(() => teams.id, { onDelete: 'set null' }),
    /** Of either, as it was called then. */
    toName: text(),
    reason: text().notNull(),
    state: text().$type<EscalationState>().notNull().default('open'),
    byId: text().notNull(),
    byName: text().notNull(),
    createdAt: at().notNull(),
    answer: text(),
    endedBy: text(),
    endedName: text(),
    endedAt: at(),
  },
  (t) => [
    uniqueIndex('escalations_open').on(t.ticketId).where(sql`state = 'open'`),
    index('escalations_list').on(t.brandId, t.createdAt).where(sql`state = 'open'`),
    index('escalations_ticket').on(t.ticketId),
    index('escalations_team').on(t.teamId).where(sql`team_id is not null`),
    check('escalations_state', among('state', escalationStates)),
  ],
)

export const remedyKinds = ['repair', 'replacement', 'refund', 'compensation', 'coupon', 'extended_warranty'] as const
export type RemedyKind = (typeof remedyKinds)[number]
export const remedyStates = ['offered', 'accepted', 'carried_out', 'refused'] as const
export type RemedyState = (typeof remedyStates)[number]
/** What the customer is given to make good. Money is whole minor units of its currency, never a fraction. */
export const remedies = pgTable(
  'remedies',
  {
    id: uuid().primaryKey(),
    brandId: uuid().notNull(),
    ticketId: uuid()
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    kind: text().$type<RemedyKind>().notNull(),
    amountMinor: bigint({ mode: 'number' }),
    currency: text(),
    serialNumber: text(),
    orderReference: text(),
    note: text().notNull().default(''),
    state: text().$type<RemedyState>().notNull().default('offered'),
    offeredAt: at().notNull(),
    /** When the customer took or refused it. */
    decidedAt: at(),
    carriedOutAt: at(),
    createdBy: text().notNull(),
    createdName: text().notNull(),
    changedBy: text().notNull(),
    changedName: text().notNull(),
    changedAt: at().notNull(),
    version: integer().notNull().default(1),
  },
  (t) => [
    index('remedies_ticket').on(t.ticketId),
    index('remedies_export').on(t.brandId, t.changedAt, t.id),
    check('remedies_kind', among('kind', remedyKinds)),
    check('remedies_state', among('state', remedyStates)),
    check('remedies_money', sql`(amount_minor is null) = (currency is null) and coalesce(amount_minor, 0) >= 0`),
  ],
)

export const outcomes = ['upheld', 'partly_upheld', 'not_upheld', 'withdrawn', 'not_ours'] as const
export type Outcome = (typeof outcomes)[number]
/** What came of the complaint, formally. A change is another row: the newest one holds, the others are its history. */
export const ticketResults = pgTable(
  'ticket_results',
  {
    id: uuid().primaryKey(),
    brandId: uuid().notNull(),
    ticketId: uuid()
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    outcome: text().$type<Outcome>().notNull(),
    reason: text().notNull(),
    byId: text().notNull(),
    byName: text().notNull(),
    at: at().notNull(),
  },
  (t) => [
    index('ticket_results_newest').on(t.ticketId, t.at.desc(), t.id.desc()),
    index('ticket_results_export').on(t.brandId, t.at, t.id),
    check('ticket_results_outcome', among('outcome', outcomes)),
  ],
)

/** How a brand wants its people to work. No row: nothing of it is asked. */
export const brandConduct = pgTable('brand_conduct', {
  brandId: uuid()
    .primaryKey()
    .references(() => brands.id, { onDelete: 'cascade' }),
  /** Agents' public replies wait for a supervisor. Guarded by the trigger `deliveries_guard_approval`. */
  approvePublic: boolean().notNull().default(false),
  /** After this an approval is late: the supervisors and the agent are told. */
  approveWithinMs: integer()
    .notNull()
    .default(2 * 3_600_000),
  /** A ticket is resolved only with a formal result. */
  resultNeeded: boolean().notNull().default(false),
})

export const approvalStates = ['waiting', 'approved', 'returned', 'withdrawn', 'refused'] as const
export type ApprovalState = (typeof approvalStates)[number]
/** A public reply that waits for a supervisor. It is no message and has no deliveries until it is approved. */
export const approvals = pgTable(
  'approvals',
  {
    /** The message's id once it is approved. */
    id: uuid().primaryKey(),
    brandId: uuid().notNull(),
    ticketId: uuid()
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    threadId: uuid().notNull(),
    userId: text().notNull(),
    userName: text().notNull(),
    /** The whole request, as `POST /replies` takes it, and who made it. */
    body: jsonb().notNull(),
    /** As the agent wrote it; what was approved is the message's. */
    text: text().notNull(),
    /** What may go out: a message with these words, and no other, passes the trigger. */
    approvedText: text(),
    state: text().$type<ApprovalState>().notNull().default('waiting'),
    /** When it is late, and when the platform's window closes (null: never). */
    lateAt: at().notNull(),
    closesAt: at(),
    /** Both sides were told that it is late. */
    lateToldAt: at(),
    comment: text(),
    /** Of `refused`: the code of the refusal. */
    refused: text(),
    decidedBy: text(),
    decidedName: text(),
    decidedAt: at(),
    createdAt: at().notNull(),
  },
  (t) => [
    index('approvals_waiting').on(t.brandId, t.createdAt, t.id).where(sql`state = 'waiting'`),
    index('approvals_own').on(t.userId).where(sql`state in ('waiting','returned','refused')`),
    index('approvals_ticket').on(t.ticketId),
    check('approvals_state', among('state', approvalStates)),
    check('approvals_decided', sql`state = 'waiting' or decided_at is not null`),
  ],
)

export const statusColors = ['grey', 'teal', 'blue', 'violet', 'green', 'amber', 'red', 'pink'] as const
export type StatusColor = (typeof statusColors)[number]
/** A finer name of one of the six statuses. Archived, never deleted: tickets have it. */
export const namedStatuses = pgTable('named_statuses', {
  id: uuid().primaryKey(),
  status: text().$type<TicketStatus>().notNull(),
  zh: text().notNull(),
  en: text().notNull(),
  color: text().$type<StatusColor>().notNull(),
  position: integer().notNull(),
  createdAt: at().notNull().defaultNow(),
  archivedAt: at(),
})

/** Which one a ticket has; a row goes with every change of the fixed status (trigger `tickets_forget_name`). */
export const ticketNames = pgTable(
  'ticket_names',
  {
    ticketId: uuid()
      .primaryKey()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    namedId: uuid()
      .notNull()
      .references(() => namedStatuses.id),
  },
  (t) => [index().on(t.namedId)],
)
