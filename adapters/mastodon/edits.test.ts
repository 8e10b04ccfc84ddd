import { expect, test } from 'vitest'
import type { Connection } from '#channel/adapter.ts'
import { lookEveryMs } from './edits.ts'
import { open } from './test-open.ts'

const ask = (connection: Connection, cursor: string | null) =>
  connection.poll!({ stream: 'mentions', cursor, hint: null }, AbortSignal.timeout(60_000))

/** A house in which one mention was read, and a clock that stands. */
async function begin(count = 1) {
  const house = await open()
  const { simulator, connection, tools, lin } = house
  const start = new Date()
  tools.setNow(start)
  const first = await ask(connection, null)
  const posts = Array.from({ length: count }, (_, n) => simulator.write(lin, { text: `@acme_care 开不了机 ${n}` }))
  let at = (await ask(connection, first.cursor)).cursor
  let looks = 0
  /** One poll after the time of a look at edits. */
  async function look() {
    looks += 1
    tools.setNow(new Date(start.getTime() + looks * lookEveryMs))
    const { events, cursor } = await ask(connection, at)
    at = cursor
    return events
  }
  return { ...house, posts, look }
}

test('edge: an edit of a mention is seen, once', async () => {
  const { simulator, posts, look } = await begin(2)
  expect(await look()).toEqual([])
  simulator.edit(posts[0]!, '@acme_care 已经好了')
  expect(await look()).toMatchObject([
    {
      type: 'edited',
      message: { externalId: posts[0]!.id, text: '@acme_care 已经好了' },
      editedAt: posts[0]!.editedAt,
    },
  ])
  expect(await look()).toEqual([])
})

test('edge: an edit told by a notification is not told again by looking', async () => {
  const { simulator, posts, look, lin } = await begin(2)
  simulator.edit(posts[0]!, '@acme_care 已经好了')
  simulator.notify('update', lin, posts[0]!)
  expect((await look()).map(({ type }) => type)).toEqual(['edited'])
})

test('a mention that was edited before it was read is no edit', async () => {
  const { simulator, look, lin } = await begin(2)
  simulator.edit(simulator.write(lin, { text: '@acme_care a' }), '@acme_care b')
  expect(await look()).toMatchObject([{ type: 'message', message: { text: '@acme_care b' } }])
})

test('edge: a mention that is not there any more was deleted', async () => {
  const { simulator, posts, look } = await begin(3)
  simulator.erase(posts[1]!)
  expect(await look()).toMatchObject([{ type: 'deleted', externalId: posts[1]!.id }])
  expect(await look()).toEqual([])
})

test('all of them gone at once is a server in trouble, not deletions', async () => {
  const { simulator, posts, look } = await begin(3)
  for (const post of posts) simulator.erase(post)
  expect(await look()).toEqual([])
})

test('a server that does not know the call still brings mentions', async () => {
  const { simulator, look, lin } = await begin(2)
  simulator.failAt('GET /api/v1/statuses', { kind: 'answer', status: 404, body: { error: 'Record not found' } })
  simulator.write(lin, { text: '@acme_care 新' })
  expect((await look()).map(({ type }) => type)).toEqual(['message'])
})

test('no more than twenty are asked for at once', async () => {
  const { simulator, look, posts } = await begin(39)
  simulator.edit(posts.at(-1)!, '@acme_care 改')
  expect((await look()).map(({ type }) => type)).toEqual(['edited'])
  const asked = simulator.calls.find((call) => call.startsWith('GET /api/v1/statuses?')) ?? ''
  expect(asked.match(/id\[\]=/gu)).toHaveLength(20)
})
