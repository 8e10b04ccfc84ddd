/** Teams: who works together on which tickets. */
import { index, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core'

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
