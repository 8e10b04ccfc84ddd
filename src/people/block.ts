/**
 * A blocked person is not answered: what they write is kept and opens no ticket, and what is open of theirs is closed. Asked
 * by ingest for every post (`look`).
 */
import { eq, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import type { Tx } from '../db/client.ts'
import { contactBlocks } from '../db/schema.ts'
import { Refused } from '../problem.ts'
import { applyPatch } from '../tickets/change.ts'
import { lockTicket } from '../tickets/lock-ticket.ts'
import { lockPerson, tellOfPerson, uuids } from './alias.ts'
import type { RenameDeps } from './rename.ts'

export interface BlockDeps extends RenameDeps {
  readonly now: () => Date
}

/** Returns how many tickets were closed with it. Twice is once. Throws 404. */
export async function blockPerson(deps: BlockDeps, actor: Actor, contactId: string): Promise<{ closed: number }> {
  const open = await deps.db.transaction(async (tx) => {
    const { contact, ids } = await lockPerson(tx, actor, contactId)
    const row = { contactId: contact.id, byId: actor.id, byName: actor.name, createdAt: deps.now() }
    const made = await tx.insert(contactBlocks).values(row).onConflictDoNothing().returning()
    if (made.length > 0) {
      await tellOfPerson(tx, ids)
      await writeAudit(tx, actor, 'contact.blocked', `contact:${contact.id}`)
    }
    return openTickets(tx, ids)
  })
  // Each by itself: what they wrote a moment ago may hold one, and the block stands already.
  let closed = 0
  for (const id of open) if (await close(deps, actor, id)) closed += 1
  deps.nudge()
  return { closed }
}

async function openTickets(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    select id from tickets where contact_id = any(${uuids(ids)}) and status <> 'closed' and status <> 'resolved' order by id`)
  return rows.map(({ id }) => id)
}

async function close(deps: BlockDeps, actor: Actor, id: string): Promise<boolean> {
  try {
    return await deps.db.transaction(async (tx) => {
      const ticket = await lockTicket(tx, actor, id)
      return (await applyPatch(tx, actor, ticket, { status: 'closed' }, deps.now(), { blocked: true })) !== null
    })
  } catch (error) {
    // It went into another one meanwhile.
    if (error instanceof Refused) return false
    throw error
  }
}

/** What they write from now on opens tickets again; what was closed stays closed, what was kept stays kept. Throws 404. */
export async function unblockPerson(deps: BlockDeps, actor: Actor, contactId: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const { contact, ids } = await lockPerson(tx, actor, contactId)
    const gone = await tx.delete(contactBlocks).where(eq(contactBlocks.contactId, contact.id)).returning()
    if (gone.length === 0) return
    await tellOfPerson(tx, ids)
    await writeAudit(tx, actor, 'contact.unblocked', `contact:${contact.id}`)
  })
  deps.nudge()
}
