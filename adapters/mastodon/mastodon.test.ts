import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from './parse.ts'

const folder = new URL('./fixtures/', import.meta.url)

interface Fixture {
  readonly about: string
  readonly payload: { readonly notification?: { readonly status: Record<string, unknown> } }
  readonly events: readonly unknown[]
}
const read = (name: string): Fixture => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))

test.each(readdirSync(folder).map((name) => [read(name).about, name]))('%s (%s)', (_, name) => {
  const { payload, events } = read(name)
  expect(JSON.parse(JSON.stringify(parse(payload)))).toMatchObject(events)
  expect(parse(payload)).toHaveLength(events.length)
})

/** A mention whose post is changed in one place. */
function mention(changes: Record<string, unknown>) {
  const { payload } = read('mention.json')
  return parse({
    ...payload,
    notification: { ...payload.notification, status: { ...payload.notification?.status, ...changes } },
  })
}

test('the payload is kept as it came', () => {
  const { payload } = read('mention.json')
  expect(parse(payload)).toMatchObject([{ message: { raw: payload } }])
})

test('elements nested without end are cut, and end in no error', () => {
  const [event] = mention({ content: `${'<div>'.repeat(20_000)}deep` })
  expect(event).toMatchObject({ type: 'message' })
})

test('a huge post is read in time', () => {
  const [event] = mention({ content: `<p>${'<b>很慢 </b>'.repeat(20_000)}</p>` })
  expect(event).toMatchObject({ type: 'message', message: { text: expect.stringContaining('很慢') } })
})

test('scripts and styles are no words', () => {
  expect(mention({ content: '<p>a</p><script>alert(1)</script><style>p{}</style>' })).toMatchObject([
    { message: { text: 'a' } },
  ])
})

test('edge: the answers of one person below one post are one thread, private ones another', () => {
  const threadOf = (changes: Record<string, unknown>) => {
    const [event] = mention(changes)
    return event?.type === 'message' ? event.message.threadId : null
  }
  const first = threadOf({})
  expect(threadOf({ id: '2', in_reply_to_id: '1' })).toBe(first)
  expect(threadOf({ id: '2', in_reply_to_id: '1', visibility: 'private' })).toBe(first)
  expect(threadOf({ id: '2', in_reply_to_id: '1', visibility: 'direct' })).toBe(`${first}:direct`)
})
