import { describe, expect, test } from 'vitest'
import { ticketStatuses } from '../db/schema.ts'
import { afterInbound, afterLostReply, afterReply, afterStatusChange, type TicketState } from './status.ts'

const HOUR = 3_600_000
const noon = new Date('2026-11-22T12:00:00Z')
const later = (ms: number) => new Date(noon.getTime() + ms)
const ticket = (state: Partial<TicketState>): TicketState => ({
  status: 'open',
  snoozedUntil: null,
  resolvedAt: null,
  unansweredSince: null,
  ...state,
})

describe('a customer writes', () => {
  test.each([
    ['new', 'new'],
    ['open', 'open'],
    ['waiting_customer', 'open'],
    ['waiting_other', 'open'],
  ] as const)('%s becomes %s', (from, to) => {
    const result = afterInbound(ticket({ status: from }), noon, 72 * HOUR)
    expect(result.kind).toBe('same')
    expect({ ...ticket({ status: from }), ...('patch' in result ? result.patch : {}) }).toEqual(
      ticket({ status: to, unansweredSince: noon }),
    )
  })

  test('a resolved ticket reopens up to the threshold and not a millisecond longer', () => {
    const resolved = ticket({ status: 'resolved', resolvedAt: noon })
    expect(afterInbound(resolved, later(72 * HOUR), 72 * HOUR)).toEqual({
      kind: 'same',
      patch: { status: 'open', resolvedAt: null, unansweredSince: later(72 * HOUR) },
    })
    expect(afterInbound(resolved, later(72 * HOUR + 1), 72 * HOUR)).toEqual({ kind: 'new' })
  })

  test('a message written before the resolution and delivered after it reopens', () => {
    const resolved = ticket({ status: 'resolved', resolvedAt: noon })
    expect(afterInbound(resolved, later(-HOUR), HOUR)).toMatchObject({ kind: 'same', patch: { status: 'open' } })
  })

  test('a threshold of 0 never reopens', () => {
    const resolved = ticket({ status: 'resolved', resolvedAt: noon })
    expect(afterInbound(resolved, noon, 0)).toEqual({ kind: 'new' })
    expect(afterInbound(resolved, later(-HOUR), 0)).toEqual({ kind: 'new' })
  })

  test('a closed ticket never reopens', () => {
    expect(afterInbound(ticket({ status: 'closed', resolvedAt: noon }), noon, 72 * HOUR)).toEqual({ kind: 'new' })
  })

  test('a snoozed ticket wakes', () => {
    const result = afterInbound(ticket({ status: 'waiting_other', snoozedUntil: later(HOUR) }), noon, HOUR)
    expect(result).toMatchObject({ kind: 'same', patch: { status: 'open', snoozedUntil: null } })
  })

  test('the clock runs from the earliest unanswered message, in whichever order they come', () => {
    const waiting = ticket({ unansweredSince: noon })
    expect(afterInbound(waiting, later(HOUR), HOUR)).toEqual({ kind: 'same', patch: {} })
    expect(afterInbound(waiting, later(-HOUR), HOUR)).toEqual({
      kind: 'same',
      patch: { unansweredSince: later(-HOUR) },
    })
  })

  test('the same state again is no change', () => {
    expect(afterInbound(ticket({ unansweredSince: noon }), new Date(noon), HOUR)).toEqual({ kind: 'same', patch: {} })
  })
})

describe('a reply is written', () => {
  test.each([
    ['new', 'waiting_customer'],
    ['open', 'waiting_customer'],
    ['waiting_customer', 'waiting_customer'],
    ['waiting_other', 'waiting_other'],
    ['resolved', 'resolved'],
    ['closed', 'closed'],
  ] as const)("a person's: %s becomes %s and the clock stops", (from, to) => {
    const before = ticket({ status: from, unansweredSince: noon, snoozedUntil: later(HOUR) })
    expect({ ...before, ...afterReply(before, { automatic: false }) }).toEqual({
      ...before,
      status: to,
      unansweredSince: null,
    })
  })

  test.each(ticketStatuses)('an automatic one leaves %s and its clock alone', (status) => {
    expect(afterReply(ticket({ status, unansweredSince: noon }), { automatic: true })).toEqual({})
  })
})

describe('a reply is lost', () => {
  test.each([
    ['waiting_customer', 'open'],
    ['resolved', 'open'],
    ['open', 'open'],
    ['new', 'new'],
    ['waiting_other', 'waiting_other'],
  ] as const)('%s becomes %s and the clock runs again', (from, to) => {
    const before = ticket({ status: from, resolvedAt: from === 'resolved' ? noon : null, snoozedUntil: later(HOUR) })
    expect({ ...before, ...afterLostReply(before, noon) }).toEqual(ticket({ status: to, unansweredSince: noon }))
  })

  test('a closed ticket stays closed', () => {
    expect(afterLostReply(ticket({ status: 'closed' }), noon)).toEqual({})
  })
})

describe('a person sets the status', () => {
  test.each(['resolved', 'closed'] as const)('%s stops the clock and ends the snooze', (status) => {
    const before = ticket({ unansweredSince: noon, snoozedUntil: later(HOUR) })
    expect({ ...before, ...afterStatusChange(before, status, noon, noon) }).toEqual(
      ticket({ status, resolvedAt: noon }),
    )
  })

  test('closing a resolved ticket keeps the time it was resolved', () => {
    const resolved = ticket({ status: 'resolved', resolvedAt: noon })
    expect(afterStatusChange(resolved, 'closed', later(HOUR), null)).toEqual({ status: 'closed' })
  })

  test('an agent may reopen a closed ticket, and what was unanswered is so again', () => {
    const closed = ticket({ status: 'closed', resolvedAt: noon })
    expect(afterStatusChange(closed, 'open', later(HOUR), later(-HOUR))).toEqual({
      status: 'open',
      resolvedAt: null,
      unansweredSince: later(-HOUR),
    })
  })

  test('moving between unfinished statuses leaves the clock and the snooze alone', () => {
    const before = ticket({ unansweredSince: noon, snoozedUntil: later(HOUR) })
    expect(afterStatusChange(before, 'waiting_other', later(HOUR), null)).toEqual({ status: 'waiting_other' })
  })

  test.each(ticketStatuses)('%s set again is no change', (status) => {
    const finished = status === 'resolved' || status === 'closed'
    expect(
      afterStatusChange(ticket({ status, resolvedAt: finished ? noon : null }), status, later(HOUR), null),
    ).toEqual({})
  })
})
