/** What is known of a person beside what the platforms tell: notes, fields, a block; and people who became one. */
import { sql } from 'drizzle-orm'
import {
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
import { contacts, messages } from './schema.ts'

const at = () => timestamp({ withTimezone: true })

export const contactFieldTypes = ['text', 'date', 'choice'] as const
export type ContactFieldType = (typeof contactFieldTypes)[number]

export const contactNotes = pgTable(
  'contact_notes',
  {
    id: uuid().primaryKey(),
    contactId: uuid()
      .notNull()
      .references(() => contacts.id, { onDelete: 'cascade' }),
    text: text().notNull(),
    userId: text().notNull(),
    authorName: text().notNull(),
    createdAt: at().notNull().defaultNow(),
    updatedAt: at().notNull().defaultNow(),
  },
  (t) => [index().on(t.contactId, t.createdAt.desc())],
)

/** What a house wants to know of its customers; changed by administrators. */
export const contactFields = pgTable(
  'contact_fields',
  {
    id: uuid().primaryKey(),
    /** For programs and rules: stays when the titles change. */
    key: text().notNull(),
    titleEn: text().notNull(),
    titleZh: text().notNull(),
    type: text().$type<ContactFieldType>().notNull(),
    choices: text().array().notNull().default(sql`'{}'`),
    position: integer().notNull(),
    /** Not asked for any more; values that are there are kept. */
    archivedAt: at(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('contact_fields_key').on(t.key),
    check('contact_fields_type', sql.raw(`type in (${contactFieldTypes.map((s) => `'${s}'`).join(',')})`)),
  ],
)

export const contactValues = pgTable(
  'contact_values',
  {
    contactId: uuid()
      .notNull()
      .references(() => contacts.id, { onDelete: 'cascade' }),
    fieldId: uuid()
      .notNull()
      .references(() => contactFields.id, { onDelete: 'cascade' }),
    /** A date as `YYYY-MM-DD`. */
    value: text().notNull(),
    updatedAt: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.contactId, t.fieldId] }), index().on(t.fieldId, t.value)],
)

/** What a blocked person writes is kept, and opens no ticket. */
export const contactBlocks = pgTable('contact_blocks', {
  contactId: uuid()
    .primaryKey()
    .references(() => contacts.id, { onDelete: 'cascade' }),
  byId: text().notNull(),
  byName: text().notNull(),
  createdAt: at().notNull().defaultNow(),
})

/** Posts of blocked people: messages in no ticket and no list, read on the person's page alone. */
export const keptPosts = pgTable(
  'kept_posts',
  {
    messageId: uuid()
      .primaryKey()
      .references(() => messages.id, { onDelete: 'cascade' }),
    contactId: uuid().notNull(),
    at: at().notNull(),
  },
  (t) => [index().on(t.contactId, t.at.desc())],
)

/** Two people who were one. `from` keeps its row, its notes and its values, and is read as part of `into`. */
export const contactMerges = pgTable(
  'contact_merges',
  {
    id: uuid().primaryKey(),
    brandId: uuid().notNull(),
    fromId: uuid()
      .notNull()
      .references(() => contacts.id, { onDelete: 'cascade' }),
    intoId: uuid()
      .notNull()
      .references(() => contacts.id, { onDelete: 'cascade' }),
    identityIds: uuid().array().notNull(),
    ticketIds: uuid().array().notNull(),
    /** The block of `from` became one of `into`. */
    blockMoved: boolean().notNull().default(false),
    detail: jsonb().notNull().default({}),
    byId: text().notNull(),
    byName: text().notNull(),
    createdAt: at().notNull().defaultNow(),
    undoneAt: at(),
  },
  (t) => [
    uniqueIndex('contact_merges_from').on(t.fromId).where(sql`undone_at is null`),
    index('contact_merges_into').on(t.intoId),
  ],
)

/** Two people somebody said are not one: not suggested again. The smaller id stands first. */
export const contactsApart = pgTable(
  'contacts_apart',
  {
    aId: uuid()
      .notNull()
      .references(() => contacts.id, { onDelete: 'cascade' }),
    bId: uuid()
      .notNull()
      .references(() => contacts.id, { onDelete: 'cascade' }),
    byId: text().notNull(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.aId, t.bId] }), check('contacts_apart_order', sql`a_id < b_id`)],
)
