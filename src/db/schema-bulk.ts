/** Changes of many tickets at once, and the named lists of acts (macros) that they and single tickets are changed by. */
import { sql } from 'drizzle-orm'
import {
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
import { brands, tickets } from './schema.ts'

const at = () => timestamp({ withTimezone: true })

/** `stopped`: somebody stopped it, or may not change tickets any more; what is done stays done. */
export const bulkStates = ['running', 'done', 'stopped', 'undoing', 'undone'] as const
export type BulkState = (typeof bulkStates)[number]
/** `same`: there was nothing to change. `kept`: not put back, because somebody changed it since. */
export const bulkItemStates = ['waiting', 'changed', 'same', 'failed', 'undone', 'kept'] as const
export type BulkItemState = (typeof bulkItemStates)[number]

export const bulkChanges = pgTable(
  'bulk_changes',
  {
    id: uuid().primaryKey(),
    userId: text().notNull(),
    /** Who asked for it, as they were then; what they may do is asked again before each slice. */
    actor: jsonb().notNull(),
    acts: jsonb().notNull(),
    /** The macro's name, where one was run. */
    macro: text(),
    state: text().$type<BulkState>().notNull().default('running'),
    /** Why it was stopped by itself: a stable code. */
    reason: text(),
    total: integer().notNull(),
    /** Chosen, and not there (any more). */
    missing: integer().notNull().default(0),
    createdAt: at().notNull().defaultNow(),
    endedAt: at(),
  },
  (t) => [
    index().on(t.userId, t.createdAt.desc()),
    check('bulk_changes_state', sql.raw(`state in (${bulkStates.map((s) => `'${s}'`).join(',')})`)),
  ],
)

/** One ticket of a bulk change: what it had, what it has now, or why it was left alone. */
export const bulkItems = pgTable(
  'bulk_items',
  {
    bulkId: uuid()
      .notNull()
      .references(() => bulkChanges.id, { onDelete: 'cascade' }),
    ticketId: uuid()
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    position: integer().notNull(),
    state: text().$type<BulkItemState>().notNull().default('waiting'),
    /** Why it failed or was kept: a stable code. */
    code: text(),
    /** The fields that were changed. */
    before: jsonb(),
    after: jsonb(),
  },
  (t) => [
    primaryKey({ columns: [t.bulkId, t.ticketId] }),
    index('bulk_items_state').on(t.bulkId, t.state, t.position),
    index().on(t.ticketId),
    check('bulk_items_state_known', sql.raw(`state in (${bulkItemStates.map((s) => `'${s}'`).join(',')})`)),
  ],
)

/** Named lists of acts. Owned like quick replies. */
export const macros = pgTable(
  'macros',
  {
    id: uuid().primaryKey(),
    /** Null: shared. */
    ownerId: text(),
    /** Of a shared one; null: for every brand. */
    brandId: uuid().references(() => brands.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    acts: jsonb().notNull(),
    createdAt: at().notNull().defaultNow(),
    updatedAt: at().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('macros_own').on(t.ownerId, sql`lower(name)`).where(sql`owner_id is not null`),
    uniqueIndex('macros_shared')
      .on(sql`coalesce(brand_id, '00000000-0000-0000-0000-000000000000')`, sql`lower(name)`)
      .where(sql`owner_id is null`),
  ],
)
