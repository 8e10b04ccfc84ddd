import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { dueInsertion } from '../db/due.ts'
import { change, insertion, writeTogether } from '../db/insert-rows.ts'
import { onItsWay } from '../db/on-its-way.ts'
import {
  answers,
  events,
  identities,
  keptPosts,
  media,
  mentions,
  messageParts,
  messageRevisions,
  messages,
  rawPayloads,
  threads,
  ticketLanguages,
  tickets,
} from '../db/schema.ts'
import type { Seal } from '../seal.ts'
import { searchVector } from '../tickets/search.ts'
import { triageInsertion } from '../tickets/triage-due.ts'
import type { Changes } from './changes.ts'
import type { KnownMessage, ThreadRow, TicketRow } from './known.ts'
import { storeUnread } from './unread.ts'

/**
 * Puts a batch's rows down: all but the rare ones in one statement, whatever the size of the batch. Resolves when the last
 * statement is on its way, so that the commit can be sent behind it; `done` tells what it came to, and has to be heard.
 */
export async function write(tx: Tx, seal: Seal, changes: Changes): Promise<{ readonly done: Promise<void> }> {
  const newTickets = new Set(changes.newTickets.map(({ id }) => id))
  const changedTickets = [...changes.changedTickets].filter(({ id }) => !newTickets.has(id))
  const newMessages = new Set(changes.newMessages.map(({ id }) => id))
  const changedMessages = [...changes.changedMessages.values()].filter(({ id }) => !newMessages.has(id))
  const done = writeTogether(tx, [
    insertion(tickets, changes.newTickets),
    insertion(ticketLanguages, changes.languages),
    change(tickets, changedTickets.map(ticketColumns)),
    change(threads, [...changes.changedThreads].map(threadColumns)),
    change(identities, [...changes.changedIdentities.values()]),
    insertion(
      messages,
      changes.newMessages.map((row) => {
        const later = changes.changedMessages.get(row.id)
        return later ? { ...row, ...messageColumns(later) } : row
      }),
    ),
    insertion(mentions, changes.newMentions),
    insertion(keptPosts, changes.kept),
    change(messages, changedMessages.map(messageColumns)),
    insertion(messageParts, changes.parts, 'on conflict do nothing'),
    insertion(messageRevisions, changes.revisions, 'on conflict do nothing'),
    insertion(media, changes.media, 'on conflict (message_id, external_id) do nothing'),
    insertion(rawPayloads, changes.raws, 'on conflict do nothing'),
    insertion(answers, changes.answers),
    dueInsertion(changes.due),
    triageInsertion(changes.triage),
    insertion(events, changes.events),
  ])
  if (changes.unread.length === 0 && changes.moves.length === 0 && changes.changedIdentities.size === 0) {
    return onItsWay(done)
  }
  await done
  for (const { account, reason, raw, receivedAt } of changes.unread) {
    await storeUnread(tx, seal, { accountId: account.id, kind: 'raw', value: raw, reason, receivedAt })
  }
  for (const move of changes.moves) await moveThreads(tx, move)
  await tellOfReachability(tx, [...changes.changedIdentities.keys()])
  return { done }
}

const ticketColumns = (ticket: TicketRow) => {
  const { id, status, priority, version, preview, lastMessageAt, unansweredSince, resolvedAt, snoozedUntil } = ticket
  return { id, status, priority, version, preview, lastMessageAt, unansweredSince, resolvedAt, snoozedUntil }
}

const threadColumns = ({ id, currentTicketId, lastInboundAt, openedAt, openedKind }: ThreadRow) => ({
  id,
  currentTicketId,
  lastInboundAt,
  openedAt,
  openedKind,
})

const messageColumns = ({ id, text, sequence, deletedAt, shown }: KnownMessage) => ({
  id,
  text,
  sequence,
  deletedAt,
  search: searchVector(shown),
})

/**
 * Last, so that what came in the same batch under the old id moves too. Roots below the chat (`<from>/…`, a topic) move with it.
 * A thread that is there already stays as it is; of one that a reply has moved before (`Sent.movedTo`) only the root is left to move.
 */
async function moveThreads(tx: Tx, { accountId, from, to }: Changes['moves'][number]): Promise<void> {
  const renamed = (column: SQL) => sql`${to} || substr(${column}, char_length(${from}) + 1)`
  const isMoved = sql`(not starts_with(t.external_id, ${from})
    or (starts_with(${to}, ${from}) and starts_with(t.external_id, ${to})))`
  await tx.execute(sql`
    update threads t set root_id = ${renamed(sql`t.root_id`)},
      external_id = case when ${isMoved} then t.external_id else ${renamed(sql`t.external_id`)} end
    where t.account_id = ${accountId} and (t.root_id = ${from} or starts_with(t.root_id, ${from} || '/'))
      and (${isMoved} or not exists (
        select from threads o where o.account_id = t.account_id and o.external_id = ${renamed(sql`t.external_id`)}))`)
}

/** Whoever has the person's ticket open sees that nothing can be sent there now, or can again. */
async function tellOfReachability(tx: Tx, identityIds: readonly string[]): Promise<void> {
  if (identityIds.length === 0) return
  await tx.execute(sql`
    insert into events (brand_id, type, ticket_id, version)
    select k.brand_id, 'ticket', k.id, k.version from threads t join tickets k on k.id = t.current_ticket_id
    where t.identity_id = any(${`{${identityIds.join(',')}}`}::uuid[])`)
}
