import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { changeDraft, draftOf, emptyDraft, forgetDrafts } from './draft-store.ts'
import { submitReply } from './submit.ts'

vi.stubGlobal('sessionStorage', { getItem: () => null, setItem: () => {}, removeItem: () => {} })
const body = { text: 'hello', mediaIds: [], seenVersion: 1 }
const calls: { key: string; body: unknown }[] = []

/** Answers each call with the next of these; `lost` means that no answer comes. */
function answer(...answers: (Response | 'lost')[]) {
  vi.stubGlobal('fetch', async (_: string, options: { body: string; headers: Record<string, string> }) => {
    calls.push({ key: options.headers['idempotency-key']!, body: JSON.parse(options.body) })
    const next = answers.shift()!
    if (next === 'lost') throw new TypeError('network')
    return next
  })
}
const accepted = () => Response.json({ message: { id: 'm1' } }, { status: 202 })

beforeEach(() => {
  vi.useFakeTimers()
  calls.length = 0
  forgetDrafts()
  changeDraft('t1', { reply: 'hello' })
})
afterEach(() => void vi.useRealTimers())

const submit = async (wanted = body) => {
  const outcome = submitReply('t1', wanted).then(
    (message) => message.id,
    (error: { code: string }) => error.code,
  )
  await vi.advanceTimersByTimeAsync(10_000)
  return outcome
}

describe('a reply', () => {
  test('leaves the composer once the server has it', async () => {
    answer(accepted())
    expect(await submit()).toBe('m1')
    expect(draftOf('t1')).toBe(emptyDraft)
  })
  test('whose answer was lost is handed in again under the same key', async () => {
    answer('lost', new Response('', { status: 502 }), accepted())
    expect(await submit()).toBe('m1')
    expect(new Set(calls.map(({ key }) => key)).size).toBe(1)
  })
  test('that nobody answered stays, and the next press is the same request', async () => {
    answer('lost', 'lost', 'lost')
    expect(await submit()).toBe('offline')
    expect(draftOf('t1').reply).toBe('hello')
    answer(accepted())
    expect(await submit({ ...body, seenVersion: 7 })).toBe('m1')
    expect(new Set(calls.map(({ key, body: sent }) => JSON.stringify([key, sent]))).size).toBe(1)
  })
  test('that was refused stays, and the next press is a new request', async () => {
    answer(Response.json({ code: 'window_closed' }, { status: 422 }))
    expect(await submit()).toBe('window_closed')
    expect(draftOf('t1')).toMatchObject({ reply: 'hello', attempt: null })
    answer(accepted())
    await submit()
    expect(calls[0]!.key).not.toBe(calls[1]!.key)
  })
  test('is not repeated by itself after a refusal', async () => {
    answer(Response.json({ code: 'seen_conflict' }, { status: 409 }), accepted())
    expect(await submit()).toBe('seen_conflict')
    expect(calls).toHaveLength(1)
  })
})
