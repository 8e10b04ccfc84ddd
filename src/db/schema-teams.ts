/** Teams: who works together on which tickets. */
import {
  bigint,
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'

const at = () => timestamp({ withTimezone: true })

export const teams = pgTable(
  'teams',
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    /** Whose tickets it takes; null: every brand's. */
    brandIds: uuid().array(),
    /** ISO 639-1; empty: every language. */
    languages: text().array().notNull().default([]),
    /** Its tickets are given to whoever of it has room. */
    autoAssign: boolean().notNull().default(false),
    /** Those of its brands that no team has, too. */
    takesNew: boolean().notNull().default(false),
    /** A ticket whose customer waits goes back to it when its assignee has been away so long; null: never. */
    returnAfterMs: bigint({ mode: 'number' }),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [uniqueIndex('teams_name').on(t.name)],
)

export const teamMembers = pgTable(
  'team_members',
  {
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    userId: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.teamId, t.userId] }), index().on(t.userId)],
)

/** What people can take, and whether they are here. No row: nobody said, and they have not been here. */
export const agents = pgTable('agents', {
  userId: text().primaryKey(),
  /** ISO 639-1; empty: every language. */
  languages: text().array().notNull().default([]),
  /** Null: every one. */
  channels: text().array(),
  /** Open tickets at most; null: no end. */
  capacity: integer(),
  /** Set by hand. */
  state: text().$type<'online' | 'busy' | 'away'>().notNull().default('online'),
  /** When a desk of theirs was last open. */
  seenAt: timestamp({ withTimezone: true }),
  /** When a ticket was last given to them by itself. */
  givenAt: timestamp({ withTimezone: true }),
})
