import type { DeliveryState } from '../db/schema.ts'

/** Every move a delivery may make; docs/flows.md shows the same table and a test compares the two. */
export const transitions: { readonly [from in DeliveryState]: readonly DeliveryState[] } = {
  queued: ['claimed', 'sent', 'failed', 'cancelled'],
  claimed: ['sending', 'queued', 'failed'],
  sending: ['sent', 'queued', 'failed', 'unknown'],
  sent: ['delivered', 'read', 'failed'],
  delivered: ['read', 'failed'],
  read: [],
  failed: ['queued'],
  unknown: ['sent', 'queued', 'failed', 'cancelled'],
  cancelled: [],
}
