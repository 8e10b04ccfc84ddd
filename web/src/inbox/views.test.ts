import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TicketQuery } from '../../../src/wire.ts'
import { queueQueryOf, readInboxSearch, viewNames } from './views.ts'

describe('an address', () => {
  test('keeps what is known and forgets the rest', () => {
    expect(
      readInboxSearch({
        q: ' 退款 ',
        status: 'new,gone,open,new',
        channel: 'x,<b>',
        priority: '',
        sort: 'sideways',
        page: '3',
      }),
    ).toEqual({ q: '退款', status: 'new,open', channel: 'x' })
  })
  test('the default order is not written into it', () => expect(readInboxSearch({ sort: 'newest' })).toEqual({}))
  test('never makes a query the API refuses', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.constantFrom('new', 'open,closed', 'urgent,low', 'waiting', 'telegram,x'),
      fc.integer(),
    )
    fc.assert(
      fc.property(
        fc.record({
          q: anything,
          status: anything,
          channel: anything,
          priority: anything,
          sort: anything,
          view: fc.constantFrom(...viewNames),
        }),
        ({ view, ...raw }) => TicketQuery.safeParse(queueQueryOf(view, readInboxSearch(raw))).success,
      ),
    )
  })
})

describe('a view', () => {
  test.each(viewNames)('%s asks for something the API knows', (view) => {
    expect(TicketQuery.safeParse(queueQueryOf(view, {})).success).toBe(true)
  })
  test('of open work leaves snoozed conversations out, unless one looks for words', () => {
    expect(queueQueryOf('mine', {})).toMatchObject({ snoozed: 'false', assignee: 'me' })
    expect(queueQueryOf('mine', { q: '退款' })).not.toHaveProperty('snoozed')
    expect(queueQueryOf('snoozed', { q: '退款' })).toMatchObject({ snoozed: 'true' })
  })
  test('a chosen status replaces the view’s own', () => {
    expect(queueQueryOf('all', { status: 'new' })).toMatchObject({ status: 'new' })
  })
})
