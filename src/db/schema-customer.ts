/** What speaks to a customer by itself, what it asked, what was answered, and the public page that shows a ticket. */
import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { accounts, brands, messages, tickets } from './schema.ts'

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })
const at = () => timestamp({ withTimezone: true })

export const questionKinds = ['solved', 'satisfaction'] as const
export type QuestionKind = (typeof questionKinds)[number]
export const partyKinds = ['carrier', 'shop', 'brand', 'other'] as const
export type PartyKind = (typeof partyKinds)[number]

/** An account without a row is silent: nothing is sent by itself, and nothing is ever due for it. */
export const automaticSettings = pgTable('automatic_settings', {
  accountId: uuid()
    .primaryKey()
    .references(() => accounts.id),
  /** `AutomaticSettings` of `wire-automatic.ts`. */
  settings: jsonb().notNull(),
  updatedAt: at().notNull(),
})

/**
 * One row for each occasion on which something was said by itself, or was not and why. `key` names the occasion: whoever
 * writes the row first has decided it, in the transaction that writes the message.
 */
export const automaticMessages = pgTable(
  'automatic_messages',
  {
    id: uuid().primaryKey(),
    key: text().notNull(),
    kind: text().notNull(),
    ticketId: uuid()
      .notNull()
      .references(() => tickets.id),
    threadId: uuid(),
    /** Null: nothing was said. */
    messageId: uuid().references(() => messages.id, { onDelete: 'cascade' }),
    /** Why not: a stable code. */
    skipped: text(),
    /** A person's reply that is written while it still waits takes its place. */
    yields: boolean().notNull(),
    createdAt: at().notNull(),
  },
  (t) => [
    uniqueIndex('automatic_messages_key').on(t.key),
    index('automatic_messages_ticket').on(t.ticketId, t.kind, t.createdAt),
    index('automatic_messages_thread').on(t.threadId, t.kind, t.createdAt),
    index('automatic_messages_message').on(t.messageId),
  ],
)

/** What a customer was asked. One that is open in a thread is answered by a number there; all of them by a signed link. */
export const questions = pgTable(
  'questions',
  {
    id: uuid().primaryKey(),
    ticketId: uuid()
      .notNull()
      .references(() => tickets.id),
    threadId: uuid().notNull(),
    kind: text().$type<QuestionKind>().notNull(),
    /** The ticket's version when it was asked. */
    ticketVersion: integer().notNull(),
    askedAt: at().notNull(),
    /** From then on an answer in the chat is an ordinary message. */
    until: at().notNull(),
    closedAt: at(),
  },
  (t) => [
    uniqueIndex('questions_open').on(t.threadId).where(sql`closed_at is null`),
    index('questions_ticket').on(t.ticketId, t.askedAt),
  ],
)

/** Every answer there was; the newest of a ticket and kind counts. */
export const answers = pgTable(
  'answers',
  {
    id: uuid().primaryKey(),
    questionId: uuid()
      .notNull()
      .references(() => questions.id),
    ticketId: uuid()
      .notNull()
      .references(() => tickets.id),
    kind: text().$type<QuestionKind>().notNull(),
    /** `solved`: 1 yes, 0 no. `satisfaction`: 1 to 5. */
    value: smallint().notNull(),
    comment: text(),
    via: text().$type<'chat' | 'link'>().notNull(),
    messageId: uuid(),
    at: at().notNull(),
  },
  (t) => [
    index('answers_ticket').on(t.ticketId, t.kind, t.at.desc(), t.id.desc()),
    check('answers_value', sql`value between 0 and 5`),
  ],
)

/** One visit to the status page that asked for a one-time code. Of a wrong look-up code there is a row too, without a ticket. */
export const statusProofs = pgTable(
  'status_proofs',
  {
    /** Hash of the visitor's cookie. */
    id: bytea().primaryKey(),
    ticketId: uuid().references(() => tickets.id),
    codeHash: bytea(),
    tries: integer().notNull().default(0),
    expiresAt: at().notNull(),
    createdAt: at().notNull(),
  },
  (t) => [index('status_proofs_expire').on(t.expiresAt), index('status_proofs_ticket').on(t.ticketId, t.createdAt)],
)

/** A visitor who proved that the ticket is theirs. */
export const statusSessions = pgTable(
  'status_sessions',
  {
    tokenHash: bytea().primaryKey(),
    ticketId: uuid()
      .notNull()
      .references(() => tickets.id),
    expiresAt: at().notNull(),
  },
  (t) => [index('status_sessions_expire').on(t.expiresAt)],
)

/** How often an address or a code was tried; kept here, so that a restart or another node forgets nothing. */
export const guessCounts = pgTable(
  'guess_counts',
  {
    /** HMAC of what was counted. */
    key: bytea().primaryKey(),
    count: integer().notNull(),
    blockedUntil: at().notNull(),
    /** Forgotten then. */
    expiresAt: at().notNull(),
  },
  (t) => [index('guess_counts_expire').on(t.expiresAt)],
)

/** The customer pressed "nobody answers me": once a day for each ticket. */
export const customerCalls = pgTable(
  'customer_calls',
  {
    ticketId: uuid()
      .notNull()
      .references(() => tickets.id),
    /** UTC, `2026-11-22`. */
    day: text().notNull(),
    at: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.ticketId, t.day] })],
)

/** Whose a case can be when it is not ours: carriers, shops, other brands, with where to go. */
export const otherParties = pgTable(
  'other_parties',
  {
    id: uuid().primaryKey(),
    /** Null: for every brand. */
    brandId: uuid().references(() => brands.id, { onDelete: 'cascade' }),
    kind: text().$type<PartyKind>().notNull(),
    name: text().notNull(),
    /** What the customer is told, in both languages. */
    zh: text().notNull(),
    en: text().notNull(),
    createdAt: at().notNull(),
    updatedAt: at().notNull(),
    removedAt: at(),
  },
  (t) => [index('other_parties_brand').on(t.brandId)],
)

/** Why a ticket was closed, where it was not because it was solved. */
export const closeReasons = pgTable('close_reasons', {
  ticketId: uuid()
    .primaryKey()
    .references(() => tickets.id),
  reason: text().$type<'not_ours'>().notNull(),
  partyId: uuid()
    .notNull()
    .references(() => otherParties.id),
  by: text().notNull(),
  at: at().notNull(),
})
