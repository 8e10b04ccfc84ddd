/** Tickets that became one, were divided, or belong together. */
import { sql } from 'drizzle-orm'
import { check, index, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { tickets } from './schema.ts'

const at = () => timestamp({ withTimezone: true })

/** `merge`: `from` went into `into`. `split`: messages of `from` became `into`, a ticket of their own. */
export const ticketMoveKinds = ['merge', 'split'] as const
export type TicketMoveKind = (typeof ticketMoveKinds)[number]

export const ticketMoves = pgTable(
  'ticket_moves',
  {
    id: uuid().primaryKey(),
    kind: text().$type<TicketMoveKind>().notNull(),
    brandId: uuid().notNull(),
    fromId: uuid()
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    intoId: uuid()
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    /** The version of `into` that brought the messages: a later message there has a higher one. */
    intoVersion: integer().notNull(),
    /** Both tickets as they were. */
    fromBefore: jsonb().notNull(),
    intoBefore: jsonb().notNull(),
    /** What was set in `into`. */
    intoAfter: jsonb().notNull(),
    byId: text().notNull(),
    byName: text().notNull(),
    createdAt: at().notNull().defaultNow(),
    undoneAt: at(),
  },
  (t) => [
    index('ticket_moves_from').on(t.fromId),
    index('ticket_moves_into').on(t.intoId),
    check('ticket_moves_kind', sql.raw(`kind in (${ticketMoveKinds.map((s) => `'${s}'`).join(',')})`)),
  ],
)

/** Tickets that are empty now: whoever asks for one is led to where its messages went. */
export const ticketStubs = pgTable(
  'ticket_stubs',
  {
    ticketId: uuid()
      .primaryKey()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    intoId: uuid()
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
  },
  (t) => [index().on(t.intoId)],
)

/** What went along: so that it can go back, and nothing else does. */
export const ticketMoveItems = pgTable(
  'ticket_move_items',
  {
    moveId: uuid()
      .notNull()
      .references(() => ticketMoves.id, { onDelete: 'cascade' }),
    /** `message`, `thread`, or the table of what follows a ticket. */
    kind: text().notNull(),
    rowId: uuid().notNull(),
    /** What it had beside its ticket: a message its version, a draft its body. */
    detail: jsonb(),
  },
  (t) => [primaryKey({ columns: [t.moveId, t.kind, t.rowId] }), index().on(t.rowId)],
)

/** Two tickets that have to do with each other. The smaller id stands first: each pair once. */
export const ticketLinks = pgTable(
  'ticket_links',
  {
    aId: uuid()
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    bId: uuid()
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    byId: text().notNull(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.aId, t.bId] }), index().on(t.bId), check('ticket_links_order', sql`a_id < b_id`)],
)
