/** Two people who are one; and back. `from` keeps its row: its notes and fields are read as part of `into`. */
import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import type { Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { contactBlocks, contactMerges, contacts, contactsApart, identities } from '../db/schema.ts'
import { conflict, notFound, unprocessable } from '../problem.ts'
import { moving } from '../tickets/moves/lock.ts'
import type { PersonMerged } from '../wire-people.ts'
import { aliasesOf, personOf, tellOfPerson, uuids } from './alias.ts'
import type { BlockDeps } from './block.ts'

/** Twice is once. Throws 404, 422 `same_person` and `other_brand`. */
export async function mergePeople(
  deps: BlockDeps,
  actor: Actor,
  fromId: string,
  intoId: string,
): Promise<PersonMerged> {
  const done = await moving(deps.db, (tx) => merge(tx, deps.now(), actor, fromId, intoId))
  deps.nudge()
  return done
}

async function merge(tx: Tx, now: Date, actor: Actor, fromId: string, intoId: string): Promise<PersonMerged> {
  await lockBoth(tx, [fromId, intoId])
  const into = (await personOf(tx, actor, intoId)).contact
  const [present] = await tx
    .select()
    .from(contactMerges)
    .where(and(eq(contactMerges.fromId, fromId), isNull(contactMerges.undoneAt), inScope(actor, contactMerges.brandId)))
  if (present && present.intoId === into.id) return { mergeId: present.id, contactId: into.id }
  const from = (await personOf(tx, actor, fromId)).contact
  if (from.id === into.id) throw unprocessable('same_person', 'These are one person already.')
  if (from.brandId !== into.brandId) throw unprocessable('other_brand', 'These people are of two brands.')
  await lockBoth(tx, [from.id, into.id])
  // Tickets before identities, as everywhere.
  const ticketIds = await idsOf(tx, sql`select id from tickets where contact_id = ${from.id} order by id for update`)
  const identityIds = await idsOf(
    tx,
    sql`select id from identities where contact_id = ${from.id} order by id for update`,
  )
  await tx.execute(sql`update tickets set contact_id = ${into.id} where id = any(${uuids(ticketIds)})`)
  await tx.execute(sql`update identities set contact_id = ${into.id} where id = any(${uuids(identityIds)})`)
  const mergeId = newId()
  const row = { id: mergeId, brandId: into.brandId, fromId: from.id, intoId: into.id, identityIds, ticketIds }
  const blockMoved = await moveBlock(tx, from.id, into.id)
  await tx.insert(contactMerges).values({ ...row, blockMoved, byId: actor.id, byName: actor.name, createdAt: now })
  await tellOfPerson(tx, await aliasesOf(tx, into.id), 'message')
  await writeAudit(tx, actor, 'contact.merged', `contact:${into.id}`, { merge: mergeId, from: from.id })
  return { mergeId, contactId: into.id }
}

async function idsOf(tx: Tx, statement: ReturnType<typeof sql>): Promise<string[]> {
  return (await tx.execute<{ id: string }>(statement)).map(({ id }) => id)
}

async function lockBoth(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx
    .select({ id: contacts.id })
    .from(contacts)
    .where(inArray(contacts.id, [...ids]))
    .orderBy(contacts.id)
    .for('no key update')
}

/** Who blocked one of the two does not want to hear of the other by a back door. True: it was only of `from`. */
async function moveBlock(tx: Tx, fromId: string, intoId: string): Promise<boolean> {
  const [block] = await tx.select().from(contactBlocks).where(eq(contactBlocks.contactId, fromId))
  if (!block) return false
  const made = await tx
    .insert(contactBlocks)
    .values({ ...block, contactId: intoId })
    .onConflictDoNothing()
    .returning()
  return made.length > 0
}

/**
 * What belonged to each belongs to each again; tickets opened since go with who wrote in them. Twice is once. Throws 404, 409
 * `merged_further` when the two have become a third since.
 */
export async function undoPeopleMerge(deps: BlockDeps, actor: Actor, mergeId: string): Promise<PersonMerged> {
  const done = await moving(deps.db, async (tx) => {
    const visible = and(eq(contactMerges.id, mergeId), inScope(actor, contactMerges.brandId))
    const [found] = await tx.select().from(contactMerges).where(visible)
    if (!found) throw notFound('change')
    await lockBoth(tx, [found.fromId, found.intoId])
    const [move] = await tx
      .select()
      .from(contactMerges)
      .where(and(visible, isNull(contactMerges.undoneAt)))
    const { fromId, intoId } = found
    if (!move) return { mergeId, contactId: fromId }
    if ((await personOf(tx, actor, intoId)).contact.id !== intoId) {
      throw conflict('merged_further', 'They have become one with somebody else since. Take that back first.')
    }
    await giveBack(tx, move)
    await tx.update(contactMerges).set({ undoneAt: deps.now() }).where(eq(contactMerges.id, mergeId))
    if (move.blockMoved) await tx.delete(contactBlocks).where(eq(contactBlocks.contactId, intoId))
    await tellOfPerson(tx, [fromId, intoId], 'message')
    await writeAudit(tx, actor, 'contact.unmerged', `contact:${intoId}`, { merge: mergeId, from: fromId })
    return { mergeId, contactId: fromId }
  })
  deps.nudge()
  return done
}

async function giveBack(tx: Tx, { fromId, intoId, identityIds, ticketIds }: typeof contactMerges.$inferSelect) {
  const theirs = uuids(identityIds)
  await tx.execute(sql`select from tickets where contact_id = ${intoId} order by id for update`)
  await tx.execute(sql`
    update tickets t set contact_id = ${fromId}
    where t.contact_id = ${intoId} and (t.id = any(${uuids(ticketIds)}) or (
      exists (select from messages m where m.ticket_id = t.id and m.identity_id = any(${theirs}))
      and not exists (
        select from messages m where m.ticket_id = t.id and m.identity_id is not null and not m.identity_id = any(${theirs})
      )
    ))`)
  await tx
    .update(identities)
    .set({ contactId: fromId })
    .where(
      and(eq(identities.contactId, intoId), inArray(identities.id, identityIds.length > 0 ? identityIds : [fromId])),
    )
}

/** Not suggested again. Throws 404. */
export async function keepApart(deps: BlockDeps, actor: Actor, id: string, otherId: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const [one, other] = [await personOf(tx, actor, id), await personOf(tx, actor, otherId)]
    const [aId, bId] = [one.contact.id, other.contact.id].sort() as [string, string]
    if (aId === bId) throw unprocessable('same_person', 'These are one person already.')
    await tx.insert(contactsApart).values({ aId, bId, byId: actor.id }).onConflictDoNothing()
    await writeAudit(tx, actor, 'contact.kept_apart', `contact:${one.contact.id}`, { other: other.contact.id })
  })
}
