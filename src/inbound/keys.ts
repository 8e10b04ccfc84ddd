import { createHash } from 'node:crypto'
import type { InboundEvent } from '../channel/events.ts'

/** What makes an event the same event when it comes again. Hashed with our key before it is stored. */
export function keyOf(event: InboundEvent): string {
  switch (event.type) {
    case 'message':
      return messageKey(event.message.externalId)
    case 'edited':
      return `e:${event.message.externalId}:${event.editedAt.getTime()}:${digestOf(event.message)}`
    case 'deleted':
      return tombstoneKey(event.externalId)
    case 'receipt':
      return `r:${event.externalId}:${event.status}`
    case 'opened':
      return `o:${event.identity}:${event.threadId}:${event.kind}:${event.at.getTime()}`
    case 'reachability':
      return `a:${event.identity}:${event.reachable}:${event.at.getTime()}`
    case 'echo':
      return `s:${event.message.externalId}`
    case 'signal':
      return `g:${event.externalId}`
    case 'moved':
      return `v:${event.externalId}`
    case 'unread':
      return `u:${event.externalId}`
  }
}

export const messageKey = (externalId: string) => `m:${externalId}`
/** A delete leaves this, so that an original that comes later is known to be deleted. */
export const tombstoneKey = (externalId: string) => `d:${externalId}`

function digestOf(message: { text: string; media: readonly { externalId: string }[] }): string {
  const content = JSON.stringify([message.text, message.media.map((media) => media.externalId)])
  return createHash('sha256').update(content).digest('base64url')
}
