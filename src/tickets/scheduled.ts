import { and, eq, isNotNull } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Tx } from '../db/client.ts'
import { drafts, tickets } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import { Refused } from '../problem.ts'
import { handIn } from '../together/approvals.ts'
import type { Message, NewReply } from '../wire.ts'
import { choosePlace, type Place, type ReplyDeps, waits, writeReply } from './reply.ts'

/** What a scheduled reply keeps: the request, and who made it. */
export interface StoredReply extends NewReply {
  readonly actor: Actor
}

/** A scheduled reply as a message that has no deliveries yet. It keeps its id when it is sent. */
export function scheduledMessage(
  draft: { readonly id: string; readonly body: StoredReply; readonly sendAt: Date; readonly createdAt: Date },
  place: Place,
  version: number,
): Message {
  const { actor, text } = draft.body
  return {
    id: draft.id,
    direction: 'outbound',
    text,
    revisions: [],
    surface: place.thread.surface,
    author: { id: actor.id, name: actor.name, kind: actor.kind === 'user' ? 'user' : 'program' },
    context: null,
    location: null,
    url: null,
    inReplyTo: place.inReplyTo,
    threadId: place.thread.id,
    replyable: false,
    outside: false,
    sentAt: draft.sendAt.toISOString(),
    receivedAt: draft.createdAt.toISOString(),
    deletedAt: null,
    media: [],
    deliveries: [],
    version,
    scheduledAt: draft.sendAt.toISOString(),
  }
}

/**
 * Due handler `scheduled`, subject = draft: writes the reply when its time has come. Refused then (the customer wrote
 * meanwhile, the window closed), it stays a draft with the reason, and the agent is shown it.
 */
export function scheduledHandler(deps: ReplyDeps & { readonly nudge: () => void }) {
  return async (item: { readonly subject: string }): Promise<void> => {
    const where = and(eq(drafts.id, item.subject), isNotNull(drafts.sendAt))
    const [draft] = await deps.db.select().from(drafts).where(where)
    if (!draft || draft.refused) return
    const body = draft.body as StoredReply
    try {
      const place = await choosePlace(deps, body.actor, draft.ticketId, body)
      await deps.db.transaction(async (tx) => {
        // The draft's row is the lock: a cancel that came first leaves nothing to send.
        const [still] = await tx.delete(drafts).where(where).returning({ id: drafts.id })
        if (!still) return
        const actor = { ...body.actor, kind: 'system' as const }
        const reply = { id: draft.id, ticketId: draft.ticketId, actor, body, place, automatic: false }
        // The brand came to want it after this was scheduled.
        if (await waits(tx, reply)) await handIn(tx, deps, reply)
        else await writeReply(tx, deps, reply)
      })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      await deps.db.transaction(async (tx) => {
        await tx.update(drafts).set({ refused: error.code }).where(where)
        await tell(tx, draft.ticketId)
      })
    }
    deps.nudge()
  }
}

/** Before its time. False when there is no such scheduled reply any more. */
export async function cancelScheduled(tx: Tx, actor: Actor, draftId: string): Promise<boolean> {
  const [draft] = await tx
    .select({ ticketId: drafts.ticketId })
    .from(drafts)
    .innerJoin(tickets, eq(tickets.id, drafts.ticketId))
    .where(and(eq(drafts.id, draftId), isNotNull(drafts.sendAt), inScope(actor, tickets.brandId)))
  if (!draft) return false
  const gone = await tx.delete(drafts).where(eq(drafts.id, draftId)).returning({ id: drafts.id })
  if (gone.length > 0) await tell(tx, draft.ticketId)
  return gone.length > 0
}

async function tell(tx: Tx, ticketId: string): Promise<void> {
  const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, ticketId))
  if (ticket) await appendEvents(tx, [{ brandId: ticket.brandId, type: 'ticket', ticketId, version: ticket.version }])
}
