/** The fields a house keeps of its customers, and their values. */
import { asc, eq, isNull, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import { type Db, databaseCode, type Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { contactFields, contactValues } from '../db/schema.ts'
import { conflict, notFound, unprocessable } from '../problem.ts'
import type { ContactField, ContactFieldPatch, NewContactField } from '../wire-people.ts'
import { lockPerson, tellOfPerson } from './alias.ts'
import type { RenameDeps } from './rename.ts'

const MOST = 50
type Row = typeof contactFields.$inferSelect

/** Those that are asked for, in their order. */
export async function listFields(db: Db | Tx): Promise<ContactField[]> {
  const rows = await db
    .select()
    .from(contactFields)
    .where(isNull(contactFields.archivedAt))
    .orderBy(asc(contactFields.position), asc(contactFields.id))
  return rows.map(show)
}

/** One that was archived under the same key is asked for again. Throws 409 `name_taken`, 422 `too_many`. */
export async function addField(db: Db, actor: Actor, wanted: NewContactField): Promise<ContactField> {
  const { key, title, type } = wanted
  const choices = type === 'choice' ? [...new Set(wanted.choices.map(cleanText))] : []
  try {
    return await db.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('contact fields', 0))`)
      const present = await tx.select().from(contactFields)
      const live = present.filter(({ archivedAt }) => archivedAt === null)
      if (live.length >= MOST) throw unprocessable('too_many', 'There are too many fields.', { most: MOST })
      const position = Math.max(0, ...live.map((row) => row.position)) + 1
      const names = { titleEn: cleanText(title.en), titleZh: cleanText(title.zh), choices, position, archivedAt: null }
      const archived = present.find((row) => row.key === key && row.archivedAt !== null && row.type === type)
      const [row] = archived
        ? await tx.update(contactFields).set(names).where(eq(contactFields.id, archived.id)).returning()
        : await tx
            .insert(contactFields)
            .values({ id: newId(), key, type, ...names })
            .returning()
      await writeAudit(tx, actor, 'contact_field.added', `contact_field:${row!.id}`, { key, type })
      return show(row!)
    })
  } catch (error) {
    if (databaseCode(error) === '23505') throw conflict('name_taken', 'Another field has this key.')
    throw error
  }
}

/** Throws 404. */
export async function changeField(db: Db, actor: Actor, id: string, patch: ContactFieldPatch): Promise<ContactField> {
  return db.transaction(async (tx) => {
    const row = await lockField(tx, id)
    const { title, choices, position } = patch
    const [changed] = await tx
      .update(contactFields)
      .set({
        titleEn: title ? cleanText(title.en) : row.titleEn,
        titleZh: title ? cleanText(title.zh) : row.titleZh,
        choices: choices && row.type === 'choice' ? [...new Set(choices.map(cleanText))] : row.choices,
      })
      .where(eq(contactFields.id, id))
      .returning()
    if (position !== undefined) await place(tx, id, position)
    await writeAudit(tx, actor, 'contact_field.changed', `contact_field:${id}`, { fields: Object.keys(patch) })
    return show(changed!)
  })
}

async function place(tx: Tx, id: string, position: number): Promise<void> {
  const others = (await listFields(tx)).map((field) => field.id).filter((other) => other !== id)
  others.splice(position - 1, 0, id)
  for (const [index, each] of others.entries()) {
    await tx
      .update(contactFields)
      .set({ position: index + 1 })
      .where(eq(contactFields.id, each))
  }
}

/** Not asked for any more; what is there is kept. Throws 404. */
export async function archiveField(db: Db, actor: Actor, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    await lockField(tx, id)
    await tx.update(contactFields).set({ archivedAt: new Date() }).where(eq(contactFields.id, id))
    await writeAudit(tx, actor, 'contact_field.archived', `contact_field:${id}`)
  })
}

async function lockField(tx: Tx, id: string): Promise<Row> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('contact fields', 0))`)
  const [row] = await tx.select().from(contactFields).where(eq(contactFields.id, id))
  if (!row || row.archivedAt !== null) throw notFound('field')
  return row
}

/** Throws 404, 422 `field_unknown`, `bad_value` with the field's id. The audit says which fields, and not their values. */
export async function setValues(
  deps: RenameDeps,
  actor: Actor,
  contactId: string,
  values: Readonly<Record<string, string | null>>,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const { contact, ids } = await lockPerson(tx, actor, contactId)
    const fields = new Map((await listFields(tx)).map((field) => [field.id, field]))
    for (const [fieldId, given] of Object.entries(values)) {
      const field = fields.get(fieldId)
      if (!field) throw unprocessable('field_unknown', 'There is no such field.', { field: fieldId })
      const value = given === null ? '' : cleanText(given).trim()
      if (!mayBe(field, value)) throw unprocessable('bad_value', 'This field cannot hold that.', { field: fieldId })
      // Empty is kept as such: it hides what the person had under another name.
      const now = new Date()
      await tx
        .insert(contactValues)
        .values({ contactId: contact.id, fieldId, value, updatedAt: now })
        .onConflictDoUpdate({
          target: [contactValues.contactId, contactValues.fieldId],
          set: { value, updatedAt: now },
        })
    }
    await tellOfPerson(tx, ids)
    await writeAudit(tx, actor, 'contact.fields_set', `contact:${contact.id}`, { fields: Object.keys(values) })
  })
  deps.nudge()
}

function mayBe({ type, choices }: ContactField, value: string): boolean {
  if (value === '') return true
  if (type === 'choice') return choices.includes(value)
  return type === 'text' || isDay(value)
}

/** A day there is: not the 30th of February. */
function isDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(value)) return false
  const day = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value)
}

function show({ id, key, titleEn, titleZh, type, choices }: Row): ContactField {
  return { id, key, title: { en: titleEn, zh: titleZh }, type, choices }
}
