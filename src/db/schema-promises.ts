/**
 * What customers are promised: working calendars, policies, and a clock for each promise of a ticket. Clocks are worked out
 * from messages and from how the ticket stood (`ticket_changes`), so they can be worked out again at any time.
 */
import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'

const at = () => timestamp({ withTimezone: true })

export const clockKinds = ['first_answer', 'substance', 'next_answer', 'resolution', 'progress'] as const
export type ClockKind = (typeof clockKinds)[number]
/** `dropped`: the ticket was finished without it. */
export const clockStates = ['running', 'paused', 'met', 'missed', 'dropped'] as const
export type ClockState = (typeof clockStates)[number]

export const calendars = pgTable('calendars', {
  id: uuid().primaryKey(),
  name: text().notNull(),
  timeZone: text().notNull(),
  hours: jsonb().$type<{ day: number; from: string; to: string }[]>().notNull(),
  chineseHolidays: boolean().notNull(),
  exceptions: jsonb().$type<{ date: string; name: string; hours: { from: string; to: string }[] }[]>().notNull(),
  createdAt: at().notNull().defaultNow(),
})

/** How long for, and whether by the calendar or by the clock on the wall. */
export interface Target {
  readonly ms: number
  readonly working: boolean
}

/** What happens when a clock has been over for so long. */
export interface EscalationStep {
  /** Null: of every clock. */
  readonly kind: ClockKind | null
  readonly afterMs: number
  /** Give it to this team; its assignee lets go unless they are in it. */
  readonly teamId: string | null
  /** Give it to the supervisor with the fewest open tickets. */
  readonly toSupervisor: boolean
  readonly raisePriority: boolean
  readonly tag: string | null
}

export const policies = pgTable('policies', {
  id: uuid().primaryKey(),
  name: text().notNull(),
  /** The first that fits a ticket is its policy. */
  position: integer().notNull(),
  enabled: boolean().notNull().default(true),
  /** Null: every one. */
  brandIds: uuid().array(),
  channels: text().array(),
  priorities: text().array(),
  /** Null: only where no target counts working time. */
  calendarId: uuid().references(() => calendars.id),
  targets: jsonb().$type<Partial<Record<ClockKind, Target>>>().notNull(),
  /** Resolution and progress wait while the customer's word is waited for. */
  pauseWaiting: boolean().notNull().default(true),
  pauseSnoozed: boolean().notNull().default(true),
  /** How long before it is over there is a warning; null: none. */
  warnMs: bigint({ mode: 'number' }),
  /** Who hears of what: of a warning, and of a promise that was not kept. */
  warn: text().array().$type<('assignee' | 'team' | 'supervisor')[]>().notNull(),
  breach: text().array().$type<('assignee' | 'team' | 'supervisor')[]>().notNull(),
  steps: jsonb().$type<EscalationStep[]>().notNull().default([]),
  createdAt: at().notNull().defaultNow(),
})

/** One of each kind for a ticket: the one that runs, or the last one. */
export const clocks = pgTable(
  'clocks',
  {
    ticketId: uuid().notNull(),
    kind: text().$type<ClockKind>().notNull(),
    brandId: uuid().notNull(),
    policyId: uuid().notNull(),
    state: text().$type<ClockState>().notNull(),
    startedAt: at().notNull(),
    /** Null while it is paused, and where its calendar has no time left to give. */
    dueAt: at(),
    warnAt: at(),
    /** Of a paused one: what is left. */
    leftMs: bigint({ mode: 'number' }),
    stoppedAt: at(),
    /** What it was worked out from: an older result never takes the place of a newer one. */
    revision: integer().notNull(),
    ticketVersion: integer().notNull(),
    /** Said already, for this `dueAt`. */
    warnedFor: at(),
    breachedFor: at(),
    stepsDone: integer().notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.ticketId, t.kind] }),
    index('clocks_due').on(t.brandId, t.dueAt, t.ticketId).where(sql`state = 'running'`),
    index('clocks_policy').on(t.policyId),
  ],
)

/** Replies that gave the customer nothing yet, as somebody said: "we are looking into it". */
export const holdingReplies = pgTable('holding_replies', {
  messageId: uuid().primaryKey(),
  markedBy: text().notNull(),
  markedAt: at().notNull().defaultNow(),
})
