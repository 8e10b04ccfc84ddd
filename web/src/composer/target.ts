/** Whom a reply would go to, and by which rules. Pure. */
import type { Capabilities, SurfaceCapabilities } from '#channel/capabilities.ts'
import { type Refusal, refuseThread } from '#channel/refuse.ts'
import type { Standing } from '#channel/standing.ts'
import type { Channel, Message, Thread, TicketDetail } from '../api/wire.ts'

export interface Target {
  readonly thread: Thread
  readonly channel: Channel
  readonly capabilities: Capabilities
  /** Null: nothing can be sent on this surface. */
  readonly surface: SurfaceCapabilities | null
  readonly standing: Standing
  /** The message to be answered; null while none is known, then the server takes the newest. */
  readonly message: Message | null
  readonly isChosen: boolean
}

/**
 * The message that was chosen, else the customer's newest that may be answered; its thread, and where that stands.
 * Null where the ticket has no thread or its channel is not installed.
 */
export function chooseTarget(
  ticket: Pick<TicketDetail, 'threads'>,
  messages: readonly Message[],
  chosenId: string | null,
  channels: readonly Channel[],
): Target | null {
  const inbound = messages.filter(({ direction, deletedAt }) => direction === 'inbound' && !deletedAt)
  const chosen = inbound.find(({ id }) => id === chosenId) ?? null
  const message = chosen ?? inbound.findLast(({ replyable }) => replyable) ?? inbound.at(-1) ?? null
  const thread = ticket.threads.find(({ id }) => id === message?.threadId) ?? ticket.threads[0]
  const channel = channels.find((one) => one.channel === thread?.channel)
  if (!thread || !channel) return null
  const capabilities = (thread.capabilities ?? channel.capabilities) as unknown as Capabilities
  const standing: Standing = {
    ...thread.standing,
    // What the server says is about the message it would take by itself; a chosen one speaks for itself.
    ...(chosen
      ? {
          replyable: chosen.replyable,
          notReplyableReason: chosen.replyable ? null : thread.standing.notReplyableReason,
        }
      : {}),
    windows: thread.standing.windows?.map(({ until, left }) => ({ until: new Date(until), left })) ?? null,
  }
  return {
    thread,
    channel,
    capabilities,
    surface: capabilities.surfaces[standing.surface] ?? null,
    standing,
    message,
    isChosen: chosen !== null,
  }
}

export function refusalOf(target: Target, now: number): Refusal | null {
  return refuseThread(target.capabilities, target.standing, new Date(now))
}
