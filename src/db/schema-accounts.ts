/** What people and the server note about an account beside its settings: small rows that no post ever writes by itself. */
import { integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { accounts } from './schema.ts'

const at = (name?: string) => (name ? timestamp(name, { withTimezone: true }) : timestamp({ withTimezone: true }))

/** When something came in last. Written behind the commits, once a second and node: a minute's doubt matters to nobody. */
export const accountActivity = pgTable('account_activity', {
  accountId: uuid().primaryKey(),
  lastInAt: at().notNull(),
})

/** A person's pause: nothing is sent while it lasts. What the platform asks for stands in `accounts.paused_until`. */
export const accountHolds = pgTable('account_holds', {
  accountId: uuid()
    .primaryKey()
    .references(() => accounts.id),
  since: at().notNull().defaultNow(),
  /** Null: until somebody ends it. */
  until: at(),
  reason: text().notNull(),
  heldBy: text().notNull(),
  /** As it was then. */
  heldByName: text().notNull(),
})

/** Of what an account used there is only so much: what its channel last counted against, see `Usage.add`. */
export const accountQuotas = pgTable(
  'account_quotas',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id),
    kind: text().notNull(),
    max: integer().notNull(),
    since: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.kind] })],
)
