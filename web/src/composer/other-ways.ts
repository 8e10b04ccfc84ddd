/** What an agent can do when nothing can be sent where they are. Pure. */
import type { Channel, Message, TicketDetail } from '../api/wire.ts'
import { webUrl } from '../thread/web-url.ts'
import { chooseTarget, refusalOf, type Target } from './target.ts'

/** The ticket's other conversations where the customer can be answered now, each with its newest message that may be. */
export function otherWays(
  ticket: Pick<TicketDetail, 'threads'>,
  messages: readonly Message[],
  here: Pick<Target, 'thread'>,
  channels: readonly Channel[],
  now: number,
): Target[] {
  return ticket.threads.flatMap(({ id }) => {
    const newest = id === here.thread.id ? undefined : messages.findLast((message) => isAnswerable(message, id))
    const way = newest && chooseTarget(ticket, messages, newest.id, channels)
    return way && !refusalOf(way, now) ? [way] : []
  })
}

function isAnswerable({ direction, replyable, deletedAt, threadId }: Message, id: string): boolean {
  return direction === 'inbound' && replyable && !deletedAt && threadId === id
}

/** Where the platform itself shows the conversation: the message to be answered, else the newest that has an address. */
export function addressOf({ message, thread }: Pick<Target, 'message' | 'thread'>, messages: readonly Message[]) {
  const ofThread = messages.filter(({ direction, threadId }) => direction === 'inbound' && threadId === thread.id)
  const addresses = [...ofThread, ...(message ? [message] : [])].map(({ url }) => webUrl(url))
  return addresses.findLast((url) => url !== null) ?? null
}
