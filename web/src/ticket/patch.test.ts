import { beforeEach, describe, expect, test, vi } from 'vitest'
import { keys } from '../api/keys.ts'
import type { Message, Ticket } from '../api/wire.ts'
import { queryClient } from '../query-client.ts'
import { assume, type PatchRequest, patchTicket } from './patch.ts'
import { putTicket, ticketInCache, withMessage } from './ticket-cache.ts'

const ticket = {
  id: 't1',
  version: 5,
  status: 'open',
  priority: 'normal',
  assignee: null,
  tags: ['a'],
} as unknown as Ticket
const page = (tickets: Ticket[]) => ({ pages: [{ tickets, next: null }], pageParams: [null] })

beforeEach(() => queryClient.clear())

describe('a change under way', () => {
  const change = (patch: PatchRequest['patch'], more: Partial<PatchRequest> = {}): PatchRequest => ({
    ticketId: 't1',
    patch,
    ...more,
  })
  test('lies over the ticket, the later one on top', () => {
    const patches = [change({ status: 'resolved' }), change({ status: 'open', priority: 'high' })]
    expect(assume(ticket, patches)).toMatchObject({ status: 'open', priority: 'high' })
  })
  test('of the assignee shows the name it was given with', () => {
    const assumed = { assignee: { id: 'u1', name: 'Ada' } }
    expect(assume(ticket, [change({ assignee: 'me' }, { assumed })]).assignee).toEqual(assumed.assignee)
    expect(assume({ ...ticket, ...assumed }, [change({ assignee: null })]).assignee).toBeNull()
  })
  test('of another ticket changes nothing', () => {
    expect(assume(ticket, [{ ...change({ status: 'closed' }), ticketId: 't2' }])).toBe(ticket)
  })
})

describe('an answer', () => {
  test('replaces the ticket in every list and in its own page', () => {
    queryClient.setQueryData(keys.queue({ q: 'x' }), page([ticket]))
    queryClient.setQueryData(keys.detail('t1'), { ...ticket, threads: ['kept'] })
    putTicket({ ...ticket, version: 6, status: 'resolved' })
    expect(queryClient.getQueryData(keys.queue({ q: 'x' }))).toMatchObject(
      page([{ ...ticket, version: 6, status: 'resolved' }]),
    )
    expect(queryClient.getQueryData(keys.detail('t1'))).toMatchObject({ status: 'resolved', threads: ['kept'] })
  })
  test('that came late does not put back what is newer', () => {
    queryClient.setQueryData(keys.queue({}), page([ticket]))
    putTicket({ ...ticket, version: 4, status: 'new' })
    expect(ticketInCache('t1')?.status).toBe('open')
  })
})

describe('two changes in a row', () => {
  test('do not run into each other: the second knows the version the first made', async () => {
    const bodies: { version?: number }[] = []
    vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
      bodies.push(JSON.parse(body))
      return Response.json({ ...ticket, version: 5 + bodies.length })
    })
    queryClient.setQueryData(keys.queue({}), page([ticket]))
    patchTicket({ ticketId: 't1', patch: { assignee: 'me' }, guarded: true })
    patchTicket({ ticketId: 't1', patch: { status: 'resolved' }, guarded: true })
    await vi.waitFor(() => expect(bodies).toHaveLength(2))
    expect(bodies.map(({ version }) => version)).toEqual([5, 6])
    vi.unstubAllGlobals()
  })
})

describe('a message that an answer brought', () => {
  const message = (id: string, text: string) => ({ id, text }) as Message
  const data = {
    pages: [
      { messages: [message('m3', 'c')], next: 'x' },
      { messages: [message('m1', 'a')], next: null },
    ],
    pageParams: [null, 'x'],
  }
  test('is added to the newest page', () => {
    expect(withMessage(data, message('m4', 'd')).pages[0]!.messages.map(({ id }) => id)).toEqual(['m3', 'm4'])
    expect(withMessage(data, message('m4', 'd')).pages[1]).toBe(data.pages[1])
  })
  test('replaces itself where it stands', () => {
    expect(withMessage(data, message('m1', 'edited')).pages[1]!.messages).toEqual([message('m1', 'edited')])
    expect(withMessage(data, message('m1', 'edited')).pages[0]!.messages).toHaveLength(1)
  })
})
