/** What the desk keeps beside a ticket, in tables of their own: `tickets` is written with every message. */
import { index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { authUser } from './auth-schema.ts'
import { tickets } from './schema.ts'

/** In which language a ticket began. */
export const ticketLanguages = pgTable('ticket_languages', {
  ticketId: uuid()
    .primaryKey()
    .references(() => tickets.id, { onDelete: 'cascade' }),
  /** ISO 639-1, by `mentions/language.ts`; `und`: cannot be told. */
  language: text().notNull(),
})

/** How far each agent has seen a ticket. */
export const ticketSeen = pgTable(
  'ticket_seen',
  {
    userId: text()
      .notNull()
      .references(() => authUser.id, { onDelete: 'cascade' }),
    ticketId: uuid()
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    /** The newest version that was on the screen; a message has the version it came with. */
    version: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.ticketId] }), index('ticket_seen_ticket').on(t.ticketId)],
)
