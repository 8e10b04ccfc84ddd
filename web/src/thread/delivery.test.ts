import { describe, expect, test } from 'vitest'
import type { Delivery, DeliveryState } from '../api/wire.ts'
import { canUndo, deliveryLines, secondsUntilSent } from './delivery.ts'

const delivery = (part: number, state: DeliveryState, code?: string): Delivery => ({
  id: `d${part}`,
  part,
  state,
  externalId: null,
  reason: code ? { code, text: null } : null,
  attempt: 0,
  notBefore: new Date(10_000).toISOString(),
  passedOver: false,
  byHand: false,
})

describe('the lines of a reply', () => {
  test.each([
    [[], 0],
    [[delivery(0, 'sent')], 1],
    [[delivery(0, 'sent'), delivery(1, 'sent')], 1],
    [[delivery(0, 'sent'), delivery(1, 'queued')], 2],
    [[delivery(0, 'failed', 'blocked'), delivery(1, 'failed', 'blocked')], 1],
    [[delivery(0, 'failed', 'blocked'), delivery(1, 'failed', 'too_long')], 2],
    [[delivery(0, 'unknown'), delivery(1, 'unknown')], 2],
  ])('%#', (deliveries, lines) => expect(deliveryLines(deliveries)).toHaveLength(lines))
  test('parts are counted from one', () => {
    expect(deliveryLines([delivery(0, 'sent'), delivery(1, 'failed')]).map(({ part, of }) => [part, of])).toEqual([
      [1, 2],
      [2, 2],
    ])
  })
})

describe('undo', () => {
  test('is offered while every part waits', () => {
    expect(canUndo({ direction: 'outbound', deliveries: [delivery(0, 'queued'), delivery(1, 'queued')] })).toBe(true)
    expect(canUndo({ direction: 'outbound', deliveries: [delivery(0, 'claimed'), delivery(1, 'queued')] })).toBe(false)
  })
  test('is not offered for what is not sent anywhere', () => {
    expect(canUndo({ direction: 'note', deliveries: [] })).toBe(false)
    expect(canUndo({ direction: 'outbound', deliveries: [] })).toBe(false)
  })
  test.each([
    [7_000, 3],
    [9_001, 1],
    [10_000, 0],
    [99_000, 0],
  ])('at %i ms there are %i seconds left', (now, seconds) =>
    expect(secondsUntilSent([delivery(0, 'queued')], now)).toBe(seconds),
  )
})
