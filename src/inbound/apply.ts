import type { OpenAccount } from '../accounts/connections.ts'
import type { Seal } from '../seal.ts'
import { applyMessage } from './apply-message.ts'
import { type Changes, markDeleted, noChanges, setReachable } from './changes.ts'
import { at } from './identify.ts'
import type { Known } from './known.ts'
import type { Incoming } from './take-keys.ts'

/** A delete whose message is still on its way through another node is tried again after this. */
const TOMBSTONE_RECHECK_MS = 10_000

/**
 * Applies fresh events, in the order they came, to what is known. Pure but for new ids: no clock, no database.
 * The end is the same for every order of a message, its edits and its delete.
 */
export function apply(fresh: readonly Incoming[], known: Known, seal: Seal): Changes {
  const changes = noChanges()
  for (const incoming of fresh) applyOne(incoming, known, changes, seal)
  for (const brandId of changes.mentionsOf) {
    changes.events.push({ brandId, type: 'mention', ticketId: null, version: null })
  }
  return changes
}

function applyOne(incoming: Incoming, known: Known, changes: Changes, seal: Seal): void {
  const { account, event, receivedAt } = incoming
  switch (event.type) {
    case 'message':
      return applyMessage(incoming, event.message, null, known, changes, seal)
    case 'edited':
      return applyMessage(incoming, event.message, event.editedAt, known, changes, seal)
    case 'deleted': {
      const message = known.messages.get(at(account.id, event.externalId))
      if (message) return markDeleted(message, account.brandId, event.at, known, changes)
      const subject = `${account.id}:${event.externalId}`
      const payload = { externalId: event.externalId, at: event.at }
      const dueAt = new Date(receivedAt.getTime() + TOMBSTONE_RECHECK_MS)
      changes.due.push({ kind: 'tombstone', subject, accountId: account.id, dueAt, payload })
      return
    }
    case 'opened': {
      const thread = known.threads.get(at(account.id, event.threadId))
      // A kind that opens no window must not take the place of one that does.
      if (thread && opensWindow(account, event.kind) && (!thread.openedAt || thread.openedAt < event.at)) {
        thread.openedAt = event.at
        thread.openedKind = event.kind
        changes.changedThreads.add(thread)
      }
      if (event.welcome) follow(incoming, 'acknowledge', `${event.identity}:${event.at.getTime()}`, changes, seal)
      return
    }
    case 'reachability': {
      const person = known.identities.get(at(account.id, event.identity))
      if (person) setReachable(person, event.reachable, event.reason, event.surface ?? null, event.at, changes)
      return
    }
    case 'echo':
      return follow(incoming, 'echo', event.message.externalId, changes, seal)
    case 'receipt':
      return follow(incoming, 'receipt', `${event.externalId}:${event.status}`, changes, seal)
    case 'signal':
      return follow(incoming, 'acknowledge', event.externalId, changes, seal)
    case 'moved':
      changes.moves.push({ accountId: account.id, from: event.from, to: event.to })
      return
    case 'unread':
      changes.unread.push({ account, reason: event.reason, raw: event.raw, receivedAt })
  }
}

/** Leaves the event itself to a due handler, sealed: it may hold a person's words. */
function follow(
  { account, event, receivedAt }: Incoming,
  kind: string,
  about: string,
  changes: Changes,
  seal: Seal,
): void {
  const subject = `${account.id}:${about}`
  const payloadSealed = seal.seal(JSON.stringify({ event, receivedAt }), `due_work:${kind}:${subject}`)
  changes.due.push({ kind, subject, accountId: account.id, dueAt: receivedAt, payloadSealed })
}

const opensWindow = ({ adapter }: OpenAccount, kind: string) =>
  Object.values(adapter.capabilities.surfaces).some((surface) =>
    surface?.windows.some(({ openedBy }) => openedBy !== 'message' && openedBy.opened.includes(kind)),
  )
