import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TicketQuery } from '../../../src/wire.ts'
import { queueQueryOf, readInboxSearch, savedAs, shownCount, viewNames } from './views.ts'

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
  test('keeps whom, whose, where and which tag', () => {
    const brand = '019aa000-0000-7000-8000-000000000001'
    expect(
      readInboxSearch({ brand: `${brand},x`, assignee: 'me', tag: ' 退货, 加急 ', surface: 'public,nowhere' }),
    ).toEqual({ brand, assignee: 'me', tag: '退货, 加急', surface: 'public' })
    expect(readInboxSearch({ assignee: '<b>' })).toEqual({})
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
          brand: fc.oneof(anything, fc.uuid()),
          assignee: anything,
          tag: anything,
          surface: anything,
          team: fc.oneof(anything, fc.uuid()),
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
  test('of whose it is, is about them whoever else is asked for', () => {
    expect(queueQueryOf('mine', { assignee: 'somebody' })).toMatchObject({ assignee: 'me' })
    expect(queueQueryOf('all', { assignee: 'somebody' })).toMatchObject({ assignee: 'somebody' })
  })
  test('of what closes soon puts first what closes first', () => {
    expect(queueQueryOf('closing', {})).toMatchObject({ window: 'closing', sort: 'window' })
    expect(queueQueryOf('closing', { sort: 'newest' })).toMatchObject({ sort: 'newest' })
  })
  test('is known again in whatever order its filters were chosen', () => {
    const saved = [
      { id: 'a', view: 'all', search: { status: 'new,open', priority: 'urgent' } },
      { id: 'b', view: 'mine', search: { status: 'new,open', priority: 'urgent' } },
    ]
    expect(savedAs(saved, 'all', { priority: 'urgent', status: 'open,new' })?.id).toBe('a')
    expect(savedAs(saved, 'all', { priority: 'urgent' })).toBeNull()
    expect(savedAs(saved, 'mine', { priority: 'urgent', status: 'open,new' })?.id).toBe('b')
  })
  test('has a figure with three digits at most', () => {
    expect([0, 999, 1_000].map(shownCount)).toEqual(['0', '999', '999+'])
  })
  test('a chosen status replaces the view’s own', () => {
    expect(queueQueryOf('all', { status: 'new' })).toMatchObject({ status: 'new' })
  })
})
