import type { deliveries } from '../db/schema.ts'
import type { Delivery } from '../wire.ts'

/** A delivery as the API shows it. */
export function toWire(
  row: Pick<
    typeof deliveries.$inferSelect,
    'id' | 'part' | 'state' | 'externalId' | 'reasonCode' | 'reason' | 'attempt' | 'notBefore' | 'passedOver' | 'byHand'
  >,
): Delivery {
  return {
    id: row.id,
    part: row.part,
    state: row.state,
    externalId: row.externalId,
    reason: row.reasonCode === null ? null : { code: row.reasonCode, text: row.reason },
    attempt: row.attempt,
    notBefore: row.notBefore.toISOString(),
    passedOver: row.passedOver,
    byHand: row.byHand,
  }
}
