/** What a ticket is about: categories, product facts, repair records, and the rules that find out by themselves. */

import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  customType,
  date,
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
import type { FactSources, WarrantyAnswer } from '../wire-facts.ts'
import type { RuleAction, RuleCondition } from '../wire-rules.ts'
import { brands, tickets } from './schema.ts'

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })
const at = () => timestamp({ withTimezone: true })

/**
 * The tree an administrator edits. `tickets.category` holds an `id`; rows are archived and never deleted, so that no
 * ticket loses its own. Shipped ones have names for ids (`product.battery`).
 */
export const categories = pgTable(
  'categories',
  {
    id: text().primaryKey(),
    parentId: text(),
    en: text().notNull(),
    zh: text().notNull(),
    /** Among its neighbours. */
    position: integer().notNull(),
    archivedAt: at(),
    createdAt: at().notNull().defaultNow(),
  },
  () => [check('categories_not_own_parent', sql`parent_id is distinct from id`)],
)

/** The product a ticket is about. No row: nothing is known. */
export const ticketFacts = pgTable(
  'ticket_facts',
  {
    ticketId: uuid()
      .primaryKey()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    brandId: uuid().notNull(),
    model: text(),
    /** In capitals, without spaces. */
    serial: text(),
    purchasedOn: date({ mode: 'string' }),
    /** One of the ticket's files: the receipt. */
    proofId: uuid(),
    /** Where each came from. */
    sources: jsonb().$type<FactSources>().notNull().default({}),
    /** What was read from messages and somebody said is none: `field value`. */
    dismissed: text().array().notNull().default(sql`'{}'`),
    revision: integer().notNull().default(1),
    updatedAt: at().notNull(),
  },
  (t) => [index('ticket_facts_serial').on(t.brandId, t.serial).where(sql`serial is not null`)],
)

/** A device as the brand's own records know it. */
export const devices = pgTable(
  'devices',
  {
    brandId: uuid()
      .notNull()
      .references(() => brands.id),
    serial: text().notNull(),
    model: text(),
    purchasedOn: date({ mode: 'string' }),
    warrantyUntil: date({ mode: 'string' }),
    updatedAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.brandId, t.serial] })],
)

export const repairs = pgTable(
  'repairs',
  {
    id: uuid().primaryKey(),
    brandId: uuid()
      .notNull()
      .references(() => brands.id),
    serial: text().notNull(),
    repairedOn: date({ mode: 'string' }).notNull(),
    fault: text().notNull().default(''),
    result: text().notNull().default(''),
    place: text().notNull().default(''),
    /** The repair's number in the brand's own records; empty: it has none. */
    reference: text().notNull().default(''),
    importedBy: text().notNull(),
    createdAt: at().notNull(),
  },
  // The same row again is the same repair.
  (t) => [
    uniqueIndex('repairs_once').on(
      t.brandId,
      t.serial,
      t.repairedOn,
      t.reference,
      sql`md5(fault || chr(1) || result || chr(1) || place)`,
    ),
  ],
)

/** Where a brand's own system is asked for a serial number's warranty and repairs. */
export const warrantySources = pgTable('warranty_sources', {
  brandId: uuid()
    .primaryKey()
    .references(() => brands.id),
  /** https, with `{serial}` in it. */
  url: text().notNull(),
  /** Sent as `Authorization`; null: none. */
  tokenSealed: bytea(),
  updatedAt: at().notNull(),
})

/** What that system answered last; asked again after a while. */
export const warrantyAnswers = pgTable(
  'warranty_answers',
  {
    brandId: uuid().notNull(),
    serial: text().notNull(),
    answer: jsonb().$type<WarrantyAnswer>(),
    /** Why it could not be asked: a stable code. The last good answer stays. */
    failure: text(),
    askedAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.brandId, t.serial] })],
)

export const rules = pgTable(
  'rules',
  {
    id: uuid().primaryKey(),
    /** Of a shipped one: its name in `src/rules/shipped`, so that it is made once. */
    shipped: text(),
    position: integer().notNull(),
    en: text().notNull(),
    zh: text().notNull(),
    enabled: boolean().notNull().default(false),
    /** Null: every brand. */
    brandIds: uuid().array(),
    conditions: jsonb().$type<RuleCondition[]>().notNull(),
    actions: jsonb().$type<RuleAction[]>().notNull(),
    /** No rule after it is asked when it hits. */
    stops: boolean().notNull().default(false),
    revision: integer().notNull().default(1),
    /** Failures since it last worked; too many switch it off. */
    failures: integer().notNull().default(0),
    /** When failures switched it off. */
    failedAt: at(),
    createdBy: text().notNull(),
    createdAt: at().notNull(),
    updatedAt: at().notNull(),
  },
  (t) => [uniqueIndex('rules_shipped').on(t.shipped), index('rules_active').on(t.position).where(sql`enabled`)],
)

/** What a rule did, a row per message; kept 30 days. */
export const ruleHits = pgTable(
  'rule_hits',
  {
    ruleId: uuid()
      .notNull()
      .references(() => rules.id, { onDelete: 'cascade' }),
    messageId: uuid().notNull(),
    ticketId: uuid().notNull(),
    brandId: uuid().notNull(),
    /** Codes of what it changed: `category`, `priority` … */
    did: text().array().notNull(),
    at: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.ruleId, t.messageId] }), index('rule_hits_newest').on(t.ruleId, t.at.desc())],
)

/** What went wrong with a rule, and on which ticket; kept 30 days. */
export const ruleFailures = pgTable(
  'rule_failures',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    ruleId: uuid()
      .notNull()
      .references(() => rules.id, { onDelete: 'cascade' }),
    ticketId: uuid(),
    brandId: uuid(),
    /** `too_slow`, `bad_pattern`, `category_gone` … */
    code: text().notNull(),
    at: at().notNull(),
  },
  (t) => [index('rule_failures_newest').on(t.ruleId, t.at.desc())],
)

/** A question a rule prepared: shown above the composer until somebody uses it or puts it away. */
export const preparedQuestions = pgTable('prepared_questions', {
  ticketId: uuid()
    .primaryKey()
    .references(() => tickets.id, { onDelete: 'cascade' }),
  ruleId: uuid().notNull(),
  messageId: uuid().notNull(),
  en: text().notNull(),
  zh: text().notNull(),
  createdAt: at().notNull(),
  doneAt: at(),
})
