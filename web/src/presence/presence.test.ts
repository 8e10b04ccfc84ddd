import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Presence } from '../api/wire.ts'
import { readPresence } from '../live/changes.ts'
import { createReporter, type Report } from './reporter.ts'
import { applyPresence, presenceNow, putPeople } from './store.ts'

const person = (id: string): Presence => ({ user: { id, name: id }, typing: false, holds: false })

describe('this page', () => {
  let sent: Report[]
  let visible: boolean
  let fails: boolean
  beforeEach(() => {
    vi.useFakeTimers()
    sent = []
    visible = true
    fails = false
  })
  afterEach(() => void vi.useRealTimers())
  const start = () =>
    createReporter({
      send: async (report) => {
        sent.push(report)
        if (fails) throw new Error('offline')
        return []
      },
      onPeople: () => {},
      isVisible: () => visible,
    })
  const told = () => sent.map(({ ticketId, typing, answers }) => [ticketId, typing, answers])

  test('reports once when it goes from one ticket to the next', async () => {
    const page = start()
    page.show('a')
    await vi.advanceTimersByTimeAsync(1)
    page.show(null)
    page.show('b')
    await vi.advanceTimersByTimeAsync(1)
    expect(told()).toEqual([
      ['a', false, false],
      ['b', false, false],
    ])
    expect(sent.map(({ sequence }) => sequence)).toEqual([1, 2])
  })

  test('that shows nothing has nothing to say', async () => {
    const page = start()
    page.show(null)
    page.leave()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sent).toEqual([])
  })

  test('says that it is still there while somebody looks at it, also after a report that failed', async () => {
    const page = start()
    fails = true
    page.show('a')
    await vi.advanceTimersByTimeAsync(16_100)
    expect(sent).toHaveLength(3)
    visible = false
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sent).toHaveLength(3)
    page.again()
    expect(sent).toHaveLength(4)
  })

  test('tells of the first key at once, of the others never, and of the pause after them', async () => {
    const page = start()
    page.show('a')
    await vi.advanceTimersByTimeAsync(1)
    sent = []
    for (let key = 0; key < 20; key += 1) {
      page.writes('a', 'reply')
      await vi.advanceTimersByTimeAsync(100)
    }
    await vi.advanceTimersByTimeAsync(3_950)
    expect(told()).toEqual([
      ['a', true, true],
      ['a', false, true],
    ])
  })

  test('does not answer by writing a note, nor in a ticket it has left', async () => {
    const page = start()
    page.show('a')
    await vi.advanceTimersByTimeAsync(1)
    page.writes('a', 'note')
    page.writes('b', 'reply')
    expect(told().at(-1)).toEqual(['a', true, false])
  })

  test('gives the ticket up once the reply is sent, and when it goes away', async () => {
    const page = start()
    page.show('a')
    page.writes('a', 'reply')
    page.ends('a')
    expect(told().at(-1)).toEqual(['a', false, false])
    page.leave()
    expect(told().at(-1)).toEqual([null, false, false])
    const count = sent.length
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sent).toHaveLength(count)
  })

  test('takes over', async () => {
    const page = start()
    page.show('a')
    await page.takeOver('a')
    expect(sent.at(-1)).toMatchObject({ ticketId: 'a', answers: true, takeOver: true })
    page.again()
    expect(sent.at(-1)).toMatchObject({ answers: true, takeOver: false })
  })
})

describe('what is known of people', () => {
  const known = () => presenceNow().tickets.map(({ ticketId, people }) => [ticketId, people.map(({ user }) => user.id)])

  test('changes by ticket, and as a whole', () => {
    applyPresence({ type: 'presence', all: true, tickets: [{ ticketId: 'a', people: [person('1')] }] })
    applyPresence({ type: 'presence', all: false, tickets: [{ ticketId: 'b', people: [person('2')] }] })
    putPeople('a', [person('1'), person('3')])
    expect(known()).toEqual([
      ['a', ['1', '3']],
      ['b', ['2']],
    ])
    applyPresence({ type: 'presence', all: false, tickets: [{ ticketId: 'a', people: [] }] })
    expect(known()).toEqual([['b', ['2']]])
    applyPresence({ type: 'presence', all: true, tickets: [] })
    expect(known()).toEqual([])
  })

  test.each(['', 'null', '{"type":"ticket","tickets":[]}', '{"type":"presence"}'])('%j says nothing', (data) => {
    expect(readPresence(data)).toBeNull()
  })
})
