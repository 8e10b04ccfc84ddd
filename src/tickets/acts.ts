/** A list of acts on one ticket: what macros and changes of many tickets are made of. */
import type { Actor } from '../auth/actor.ts'
import type { AuditDetail } from '../auth/audit.ts'
import type { Tx } from '../db/client.ts'
import type { TicketPatch } from '../wire.ts'
import type { TicketActs } from '../wire-bulk.ts'
import { applyPatch, type Changes, refuseWithoutResult, uniqueTags } from './change.ts'
import { addToDraft } from './drafts.ts'
import { lockTicket, type TicketRow } from './lock-ticket.ts'
import { fillWords } from './macros/fill.ts'
import { writeNote } from './note.ts'

export interface Acted {
  /** The fields that were set, as they were and as they are; null: none. */
  readonly before: Changes | null
  readonly after: Changes | null
  /** A note or a draft was written. */
  readonly wrote: boolean
}

/** All of them or none, in the caller's transaction. Sends nothing. Throws what each act by itself throws. */
export async function applyActs(
  tx: Tx,
  deps: { readonly now: () => Date },
  actor: Actor,
  ticketId: string,
  acts: TicketActs,
  via: AuditDetail,
): Promise<Acted> {
  const ticket = await lockTicket(tx, actor, ticketId)
  const now = deps.now()
  const after = await applyPatch(tx, actor, ticket, patchOf(ticket, acts, now), now, via)
  await refuseWithoutResult(tx, actor, ticket, after)
  if (acts.note !== undefined) {
    await writeNote(tx, now, actor, ticketId, { text: await fillWords(tx, actor, ticket, acts.note), mediaIds: [] })
  }
  if (acts.reply !== undefined) {
    await addToDraft(tx, deps, actor, ticketId, await fillWords(tx, actor, ticket, acts.reply))
  }
  return {
    before:
      after && (Object.fromEntries(Object.keys(after).map((name) => [name, ticket[name as keyof Changes]])) as Changes),
    after,
    wrote: acts.note !== undefined || acts.reply !== undefined,
  }
}

function patchOf(ticket: TicketRow, acts: TicketActs, now: Date): Omit<TicketPatch, 'version'> {
  const { status, priority, assignee, addTags, removeTags, snoozeForMs, snoozedUntil } = acts
  const until = snoozeForMs === undefined ? snoozedUntil : new Date(now.getTime() + snoozeForMs).toISOString()
  return {
    ...(status === undefined ? {} : { status }),
    ...(priority === undefined ? {} : { priority }),
    ...(assignee === undefined ? {} : { assignee }),
    ...(addTags || removeTags ? { tags: tagsAfter(ticket.tags, addTags ?? [], removeTags ?? []) } : {}),
    ...(until === undefined ? {} : { snoozedUntil: until }),
  }
}

const nameOf = (tag: string) => tag.normalize('NFKC').trim().toLowerCase()
const mostTags = 30

/** What a ticket has stays, up to the most it may have; a tag is the same however it is written. */
export function tagsAfter(present: readonly string[], add: readonly string[], remove: readonly string[]): string[] {
  const gone = new Set(remove.map(nameOf))
  return uniqueTags([...present, ...add].filter((tag) => !gone.has(nameOf(tag)))).slice(
    0,
    Math.max(mostTags, present.length),
  )
}
