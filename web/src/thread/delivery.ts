/** What became of a reply, as one line or as one per part. Pure. */
import type { Delivery, DeliveryState, Message } from '../api/wire.ts'
import type { IconName } from '../ui/icons.ts'
import type { Tone } from '../ui/Pill.tsx'

export interface DeliveryLine {
  readonly delivery: Delivery
  /** Null: this line speaks for all parts. */
  readonly part: number | null
  readonly of: number
}

/** Parts that fared alike share a line; a failed or doubtful one always has its own, since it has its own buttons. */
export function deliveryLines(deliveries: readonly Delivery[]): DeliveryLine[] {
  const [first] = deliveries
  if (!first) return []
  const alike = deliveries.every(
    ({ state, reason }) => state === first.state && state !== 'unknown' && reason?.code === first.reason?.code,
  )
  if (alike) return [{ delivery: first, part: null, of: deliveries.length }]
  const of = deliveries.length
  return deliveries.map((delivery) => ({ delivery, part: of > 1 ? delivery.part + 1 : null, of }))
}

/** A reply can be taken back while every part of it still waits. */
export function canUndo(message: Pick<Message, 'direction' | 'deliveries'>): boolean {
  return (
    message.direction === 'outbound' &&
    message.deliveries.length > 0 &&
    message.deliveries.every(({ state }) => state === 'queued')
  )
}

/** Whole seconds until the first part leaves; 0 once it may have left. */
export function secondsUntilSent(deliveries: readonly Delivery[], now: number): number {
  const first = Math.min(...deliveries.map(({ notBefore }) => Date.parse(notBefore)))
  return Math.max(0, Math.ceil((first - now) / 1000))
}

export const deliveryTones: Record<DeliveryState, Tone> = {
  queued: 'neutral',
  claimed: 'neutral',
  sending: 'neutral',
  sent: 'neutral',
  delivered: 'good',
  read: 'good',
  failed: 'danger',
  unknown: 'doubt',
  cancelled: 'neutral',
}

export const deliveryIcons: Record<DeliveryState, IconName> = {
  queued: 'clock',
  claimed: 'send',
  sending: 'send',
  sent: 'done',
  delivered: 'doneAll',
  read: 'doneAll',
  failed: 'warning',
  unknown: 'question',
  cancelled: 'close',
}
