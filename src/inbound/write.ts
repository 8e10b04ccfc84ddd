import { sql } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import { insertRows, updateRows } from '../db/insert-rows.ts'
import {
  identities,
  media,
  messageParts,
  messageRevisions,
  messages,
  rawPayloads,
  threads,
  tickets,
} from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import type { Seal } from '../seal.ts'
import { searchVector } from '../tickets/search.ts'
import type { Changes } from './apply.ts'
import { storeUnread } from './unread.ts'

/** Puts a batch's rows down, parents first. A dozen statements whatever the size of the batch. */
export async function write(tx: Tx, seal: Seal, changes: Changes): Promise<void> {
  await insertRows(tx, tickets, changes.newTickets)
  const fresh = new Set(changes.newTickets.map((ticket) => ticket.id))
  await updateRows(
    tx,
    tickets,
    [...changes.changedTickets]
      .filter((ticket) => !fresh.has(ticket.id))
      .map(({ id, status, version, preview, lastMessageAt, unansweredSince, resolvedAt, snoozedUntil }) => ({
        id,
        status,
        version,
        preview,
        lastMessageAt,
        unansweredSince,
        resolvedAt,
        snoozedUntil,
      })),
  )
  await updateRows(
    tx,
    threads,
    [...changes.changedThreads].map(({ id, currentTicketId, lastInboundAt, openedAt, openedKind }) => ({
      id,
      currentTicketId,
      lastInboundAt,
      openedAt,
      openedKind,
    })),
  )
  await updateRows(tx, identities, [...changes.changedIdentities.values()])
  await insertRows(tx, messages, changes.newMessages)
  await updateRows(
    tx,
    messages,
    [...changes.changedMessages.values()].map(({ id, text, sequence, deletedAt, shown }) => ({
      id,
      text,
      sequence,
      deletedAt,
      search: searchVector(shown),
    })),
  )
  await insertRows(tx, messageParts, changes.parts, sql`on conflict do nothing`)
  await insertRows(tx, messageRevisions, changes.revisions, sql`on conflict do nothing`)
  await insertRows(tx, media, changes.media, sql`on conflict (message_id, external_id) do nothing`)
  await insertRows(tx, rawPayloads, changes.raws, sql`on conflict do nothing`)
  for (const { account, reason, raw, receivedAt } of changes.unread) {
    await storeUnread(tx, seal, { accountId: account.id, kind: 'raw', value: raw, reason, receivedAt })
  }
  await followUp(tx, changes.due)
  await appendEvents(tx, changes.events)
  await tellOfReachability(tx, [...changes.changedIdentities.keys()])
}

/** Whoever has the person's ticket open sees that nothing can be sent there now, or can again. */
async function tellOfReachability(tx: Tx, identityIds: readonly string[]): Promise<void> {
  if (identityIds.length === 0) return
  await tx.execute(sql`
    insert into events (brand_id, type, ticket_id, version)
    select k.brand_id, 'ticket', k.id, k.version from threads t join tickets k on k.id = t.current_ticket_id
    where t.identity_id = any(${`{${identityIds.join(',')}}`}::uuid[])`)
}
