import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { StreamEvent } from '../api/wire.ts'
import { changesOf, readEvent } from './changes.ts'
import { createRefresher } from './refresher.ts'

const event = (type: StreamEvent['type'], ticketId: string | null = 't1'): StreamEvent => ({
  id: '1.2.3',
  type,
  ticketId,
  version: 1,
})

describe('what an event makes old', () => {
  test.each([
    ['ticket', { queues: true, details: ['t1'], messages: [] }],
    ['message', { queues: true, details: ['t1'], messages: ['t1'] }],
    ['delivery', { queues: true, details: ['t1'], messages: ['t1'] }],
    ['media', { queues: false, details: [], messages: ['t1'] }],
  ] as const)('%s', (type, expected) => {
    const changes = changesOf([event(type)])
    expect(changes.all).toBe(false)
    expect(changes.queues).toBe(expected.queues)
    expect([...changes.details]).toEqual(expected.details)
    expect([...changes.messages]).toEqual(expected.messages)
  })
  test('a task makes the tasks old, and the ticket it stands on', () => {
    const changes = changesOf([event('task')])
    expect(changes).toMatchObject({ tasks: true, queues: false })
    expect([[...changes.details], [...changes.messages]]).toEqual([['t1'], []])
  })
  test('reset makes everything old', () => expect(changesOf([event('reset', null)]).all).toBe(true))
  test('a mention touches the mentions alone', () => {
    expect(changesOf([event('mention', null)])).toMatchObject({ mentions: true, queues: false, accounts: false })
  })
  test('an account touches no ticket', () => {
    expect(changesOf([event('account', null)])).toMatchObject({ accounts: true, queues: false })
  })
  test.each(['', 'null', '[]', '{"id":1,"type":"ticket"}', '{"type":"ticket"}'])('%j is no event', (data) => {
    expect(readEvent(data)).toBeNull()
  })
})

describe('a refresher', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('a hundred asks make one refresh', async () => {
    const refresh = vi.fn(async () => {})
    const refresher = createRefresher(refresh, 1_000)
    for (let n = 0; n < 100; n += 1) refresher.ask()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(refresh).toHaveBeenCalledTimes(1)
  })

  test('what is asked for while one runs makes one more afterwards', async () => {
    let finish = () => {}
    const refresh = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)))
    const refresher = createRefresher(refresh, 100)
    refresher.ask()
    await vi.advanceTimersByTimeAsync(100)
    refresher.ask()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(refresh).toHaveBeenCalledTimes(1)
    finish()
    await vi.advanceTimersByTimeAsync(200)
    expect(refresh).toHaveBeenCalledTimes(2)
  })

  test('a steady stream of events refreshes once per gap, and never starves', async () => {
    const refresh = vi.fn(async () => {})
    const refresher = createRefresher(refresh, 1_000)
    for (let n = 0; n < 100; n += 1) {
      refresher.ask()
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(refresh.mock.calls.length).toBeGreaterThanOrEqual(9)
    expect(refresh.mock.calls.length).toBeLessThanOrEqual(11)
  })

  test('a refresh that fails does not stop the next one', async () => {
    const refresh = vi.fn().mockRejectedValueOnce(new Error('offline')).mockResolvedValue(undefined)
    const refresher = createRefresher(refresh, 10)
    refresher.ask()
    await vi.advanceTimersByTimeAsync(100)
    refresher.ask()
    await vi.advanceTimersByTimeAsync(100)
    expect(refresh).toHaveBeenCalledTimes(2)
  })

  test('nothing runs after it was stopped', async () => {
    const refresh = vi.fn(async () => {})
    const refresher = createRefresher(refresh, 10)
    refresher.ask()
    refresher.stop()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(refresh).not.toHaveBeenCalled()
  })
})
