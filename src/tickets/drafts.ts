/** What somebody is writing in a ticket, kept so that another tab, or tomorrow, has it. One per person and ticket. */
import { and, eq, isNull } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { drafts } from '../db/schema.ts'
import { conflict } from '../problem.ts'
import { type Draft, DraftBody, type DraftPut } from '../wire.ts'
import { requireTicket } from './lock-ticket.ts'
import { refuseStub } from './moves/lock.ts'

export interface DraftDeps {
  readonly db: Db
  readonly now: () => Date
}

export async function readDraft(deps: DraftDeps, actor: Actor, ticketId: string): Promise<Draft | null> {
  await requireTicket(deps.db, actor, ticketId)
  const [row] = await deps.db.select().from(drafts).where(own(actor, ticketId))
  return row ? show(row) : null
}

/**
 * Stores the draft over the one with that revision. Throws 409 `draft_conflict` with the stored one when it has another:
 * two tabs do not overwrite each other. The same draft once more is no conflict, so a request may be repeated.
 */
export async function putDraft(deps: DraftDeps, actor: Actor, ticketId: string, put: DraftPut): Promise<Draft> {
  const { revision, ...content } = put
  const body = DraftBody.parse({ ...content, text: cleanText(content.text) })
  return deps.db.transaction(async (tx) => {
    const ticket = await requireTicket(tx, actor, ticketId)
    if (ticket.status === 'closed') await refuseStub(tx, ticketId)
    const [stored] = await tx.select().from(drafts).where(own(actor, ticketId)).for('update')
    if (!stored && revision === 0) return insert(tx, deps, actor, ticketId, body)
    if (!stored) throw stale(null)
    if (stored.revision !== revision) return sameOrStale(stored, body)
    const [row] = await tx
      .update(drafts)
      .set({ body, revision: revision + 1, updatedAt: deps.now() })
      .where(eq(drafts.id, stored.id))
      .returning()
    return show(row ?? stored)
  })
}

/** Puts words below what the actor is writing there: a macro's, who sends nothing. The caller holds the ticket's lock. */
export async function addToDraft(tx: Tx, deps: Pick<DraftDeps, 'now'>, actor: Actor, ticketId: string, words: string) {
  const text = cleanText(words)
  const [stored] = await tx.select().from(drafts).where(own(actor, ticketId)).for('update')
  if (!stored) {
    const now = deps.now()
    const row = {
      id: newId(),
      ticketId,
      userId: actor.id,
      body: DraftBody.parse({ text }),
      createdAt: now,
      updatedAt: now,
    }
    await tx.insert(drafts).values({ ...row, revision: firstRevision(now) })
    return
  }
  const body = DraftBody.parse(stored.body)
  const joined = body.text.trim() === '' ? text : `${body.text}\n\n${text}`
  await tx
    .update(drafts)
    .set({ body: { ...body, text: joined }, revision: stored.revision + 1, updatedAt: deps.now() })
    .where(eq(drafts.id, stored.id))
}

/** With a revision: only that one. Nothing there is nothing to do. */
export async function deleteDraft(
  deps: DraftDeps,
  actor: Actor,
  ticketId: string,
  revision: number | undefined,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await requireTicket(tx, actor, ticketId)
    const [stored] = await tx.select().from(drafts).where(own(actor, ticketId)).for('update')
    if (!stored) return
    if (revision !== undefined && stored.revision !== revision) throw stale(show(stored))
    await tx.delete(drafts).where(eq(drafts.id, stored.id))
  })
}

async function insert(
  tx: Tx,
  deps: Pick<DraftDeps, 'now'>,
  actor: Actor,
  ticketId: string,
  body: DraftBody,
): Promise<Draft> {
  const now = deps.now()
  const row = {
    id: newId(),
    ticketId,
    userId: actor.id,
    body,
    revision: firstRevision(now),
    createdAt: now,
    updatedAt: now,
  }
  const [inserted] = await tx.insert(drafts).values(row).onConflictDoNothing().returning()
  if (inserted) return show(inserted)
  // Another tab was first; it is committed now.
  const [stored] = await tx.select().from(drafts).where(own(actor, ticketId))
  if (!stored) throw stale(null)
  return sameOrStale(stored, body)
}

/**
 * Seconds since 2026, not 1: a draft begun after another was sent has a higher revision than that one ever had, so a tab
 * that still holds the sent one cannot overwrite it.
 */
const firstRevision = (now: Date) => Math.max(1, Math.floor((now.getTime() - Date.UTC(2026, 0, 1)) / 1000))

function sameOrStale(stored: typeof drafts.$inferSelect, body: DraftBody): Draft {
  const present = show(stored)
  const { revision: _revision, updatedAt: _updatedAt, ...content } = present
  if (JSON.stringify(DraftBody.parse(content)) === JSON.stringify(body)) return present
  throw stale(present)
}

const stale = (draft: Draft | null) => conflict('draft_conflict', 'This draft was changed in another place.', { draft })

const own = (actor: Actor, ticketId: string) =>
  and(eq(drafts.ticketId, ticketId), eq(drafts.userId, actor.id), isNull(drafts.sendAt))

function show(row: typeof drafts.$inferSelect): Draft {
  return { ...DraftBody.parse(row.body), revision: row.revision, updatedAt: row.updatedAt.toISOString() }
}
