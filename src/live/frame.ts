import type { StreamEvent } from '../wire.ts'
import { type Position, toCursor } from './position.ts'
import type { StreamRow } from './read.ts'

/** One event as SSE writes it: the browser keeps `id` and sends it when it comes back. */
export function frameOf(event: StreamEvent): string {
  return `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}

export function rowFrame(epoch: string, row: StreamRow): string {
  const { type, ticketId, version } = row
  return frameOf({ id: toCursor(epoch, row), type, ticketId, version })
}

export function resetFrame(epoch: string, position: Position): string {
  return frameOf({ id: toCursor(epoch, position), type: 'reset', ticketId: null, version: null })
}

/** A comment with an id and no data: no event to the client, but where it will resume. */
export function placeFrame(epoch: string, position: Position): string {
  return `: here\nid: ${toCursor(epoch, position)}\n\n`
}
