import { expect, test } from 'vitest'
import { SendError } from '#channel/errors.ts'
import type { SimPost } from './simulator/world.ts'
import { open, replyTo } from './test-open.ts'

const visibilities: readonly SimPost['visibility'][] = ['public', 'unlisted', 'private', 'direct']

test.each(visibilities)('edge: an answer to a %s post has its visibility', async (visibility) => {
  const { simulator, connection, lin } = await open()
  const asked = simulator.write(lin, { text: '@acme_care 很卡', visibility })
  await connection.send(replyTo(asked))
  expect(simulator.accepted).toMatchObject([{ visibility, replyTo: asked.id }])
})

test.each(visibilities)(
  'edge: in a direct thread an answer is never public, also below a %s post',
  async (visibility) => {
    const { simulator, connection, lin } = await open()
    const asked = simulator.write(lin, { text: '@acme_care 很卡', visibility })
    await connection.send(replyTo(asked, { surface: 'direct' }))
    expect(simulator.accepted).toMatchObject([{ visibility: 'direct' }])
  },
)

test('edge: an answer in a public thread to a post that is private is private', async () => {
  const { simulator, connection, lin } = await open()
  const asked = simulator.write(lin, { text: '@acme_care 订单 42', visibility: 'direct' })
  await connection.send(replyTo(asked, { surface: 'public' }))
  expect(simulator.accepted).toMatchObject([{ visibility: 'direct' }])
})

test('edge: nothing is posted while the parent cannot be read, so that no visibility is guessed', async () => {
  const { simulator, connection, lin } = await open()
  const asked = simulator.write(lin, { text: '@acme_care 订单 42', visibility: 'direct' })
  for (const [status, body] of [
    [503, {}],
    [200, 'odd'],
    [200, { id: asked.id }],
  ] as const) {
    simulator.failAt(`GET /api/v1/statuses/${asked.id}`, { kind: 'answer', status, body })
    await expect(connection.send(replyTo(asked))).rejects.toMatchObject({ outcome: 'retry', code: 'unreachable' })
  }
  expect(simulator.accepted).toEqual([])
})

test('edge: a content warning stands above the answer too, as it reads now', async () => {
  const { simulator, connection, lin } = await open()
  const asked = simulator.write(lin, { text: '@acme_care 裂了', warning: '屏幕碎片' })
  await connection.send(replyTo(asked))
  const long = simulator.write(lin, { text: '@acme_care 裂了', warning: '👨‍👩‍👧‍👦'.repeat(100) })
  await connection.send(replyTo(long))
  expect(simulator.accepted.map(({ warning }) => warning)).toEqual(['屏幕碎片', `${'👨‍👩‍👧‍👦'.repeat(67)}…`])
})

test.each([
  ['您好', '@lin@elsewhere.example 您好'],
  ['您好 @lin@elsewhere.example。', '您好 @lin@elsewhere.example。'],
  ['@LIN@Elsewhere.Example 您好', '@LIN@Elsewhere.Example 您好'],
  ['@lin 您好', '@lin@elsewhere.example @lin 您好'],
  ['@lin@elsewhere.example.evil 您好', '@lin@elsewhere.example @lin@elsewhere.example.evil 您好'],
  ['写信给 help@lin@elsewhere.example', '@lin@elsewhere.example 写信给 help@lin@elsewhere.example'],
])('the person is named once: %s', async (text, sent) => {
  const { simulator, connection, lin } = await open()
  await connection.send(replyTo(simulator.write(lin, { text: '@acme_care 很卡' }), { text }))
  expect(simulator.accepted).toMatchObject([{ text: sent }])
})

test('edge: a person who moved is named where they are now, and can read a private answer there', async () => {
  const { simulator, connection, lin } = await open()
  lin.movedTo = simulator.meet({ username: 'lin', domain: 'new.example' })
  await connection.send(replyTo(simulator.write(lin, { text: '@acme_care 很卡', visibility: 'direct' })))
  expect(simulator.accepted).toMatchObject([{ text: '@lin@new.example 您好，已为您登记。' }])
})

test('edge: a private answer that names a third person is refused, because they could read it', async () => {
  const { simulator, connection, lin } = await open()
  simulator.meet({ username: 'wang', domain: 'elsewhere.example' })
  const asked = simulator.write(lin, { text: '@acme_care 订单 42', visibility: 'direct' })
  const sent = connection.send(replyTo(asked, { text: '和 @wang@elsewhere.example 一样' }))
  await expect(sent).rejects.toMatchObject({ outcome: 'rejected', code: 'invalid', text: { en: /nobody but/u } })
  expect(simulator.accepted).toEqual([])
})

test('edge: an answer to a post that was deleted is gone, and nothing is posted', async () => {
  const { simulator, connection, lin } = await open()
  const asked = simulator.write(lin, { text: '@acme_care 很卡' })
  simulator.erase(asked)
  await expect(connection.send(replyTo(asked))).rejects.toMatchObject({ outcome: 'rejected', code: 'gone' })
  expect(simulator.calls.filter((call) => call.startsWith('POST'))).toEqual([])
})

test('a thread without a message of the person is answered at its first post, naming the person', async () => {
  const { simulator, connection, lin } = await open()
  const ours = simulator.write(simulator.world.me, { text: '新机发布' })
  await connection.send(replyTo(ours, { to: lin.id, inReplyTo: null }))
  expect(simulator.accepted).toMatchObject([{ replyTo: ours.id, text: '@lin@elsewhere.example 您好，已为您登记。' }])
  const nowhere = replyTo(ours, { to: lin.id, inReplyTo: null, thread: { externalId: 'x', rootId: null } })
  await expect(connection.send(nowhere)).rejects.toMatchObject({ outcome: 'rejected', code: 'invalid' })
})

test('what was accepted has an id, and an address where everybody may read it', async () => {
  const { simulator, connection, lin } = await open()
  const open_ = await connection.send(replyTo(simulator.write(lin, { text: '@acme_care a' })))
  expect(open_).toEqual({
    externalId: simulator.accepted[0]!.id,
    url: expect.stringContaining('https://social.example/'),
  })
  const direct = simulator.write(lin, { text: '@acme_care b', visibility: 'direct' })
  expect(await connection.send(replyTo(direct))).toEqual({ externalId: simulator.accepted[1]!.id, url: null })
})

test('the same delivery sent again is the same post', async () => {
  const { simulator, connection, lin, reopen } = await open()
  const reply = replyTo(simulator.write(lin, { text: '@acme_care a' }))
  simulator.fail({ kind: 'cut' })
  await expect(connection.send(reply)).rejects.toMatchObject({ outcome: 'unknown', code: 'no_answer' })
  expect(await reopen().send({ ...reply, doubted: true })).toMatchObject({ externalId: simulator.accepted[0]!.id })
  expect(simulator.accepted).toHaveLength(1)
})

test.each([
  [400, { error: 'param is missing' }, 'rejected', 'invalid'],
  [401, { error: 'The access token is invalid' }, 'retry', 'credentials_refused'],
  [403, { error: 'This action is not allowed' }, 'rejected', 'permission'],
  [403, { error: 'Your login is currently disabled' }, 'retry', 'credentials_refused'],
  [403, { error: 'Your login is currently pending approval' }, 'retry', 'credentials_refused'],
  [404, { error: 'Record not found' }, 'rejected', 'gone'],
  [410, 'gone', 'rejected', 'gone'],
  [422, { error: 'Validation failed: Text character limit of 500 exceeded' }, 'rejected', 'too_long'],
  [422, { error: 'Prüfung gescheitert: Text mehr als 300 Zeichen' }, 'rejected', 'too_long'],
  [422, { error: 'Cannot attach more than 4 files' }, 'rejected', 'media_refused'],
  [422, { error: "Validation failed: Text can't be blank" }, 'rejected', 'invalid'],
  [422, 'no object', 'rejected', 'invalid'],
  [429, { error: 'Too many requests' }, 'retry', 'rate_limited'],
  [301, '', 'retry', 'unreachable'],
  [500, '<html>', 'unknown', 'platform_error'],
  [503, { error: 'Remote data could not be fetched' }, 'unknown', 'platform_error'],
  [200, { id: 7 }, 'unknown', 'platform_error'],
  [200, null, 'unknown', 'platform_error'],
  [202, [], 'unknown', 'platform_error'],
] as const)('the answer %i %j is %s: %s', async (status, body, outcome, code) => {
  const { simulator, connection, lin } = await open()
  const asked = simulator.write(lin, { text: '@acme_care a' })
  simulator.fail({ kind: 'answer', status, body })
  const error: unknown = await connection.send(replyTo(asked, { text: '长'.repeat(390) })).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(SendError)
  expect(error).toMatchObject({ outcome, code })
})

test('a wait is as long as the server’s clock says, however ours goes', async () => {
  const { simulator, connection, tools, lin } = await open()
  const asked = simulator.write(lin, { text: '@acme_care a' })
  tools.setNow(new Date('2031-01-01T00:00:00Z'))
  simulator.fail({ kind: 'rate-limited', seconds: 90 })
  const error: unknown = await connection.send(replyTo(asked)).catch((thrown) => thrown)
  const waits = ((error as SendError).after?.getTime() ?? 0) - Date.parse('2031-01-01T00:00:00Z')
  expect(waits).toBeGreaterThan(88_000)
  expect(waits).toBeLessThan(92_000)
  expect(error).toMatchObject({ scope: 'account' })
})

test('the server’s own limit of calls is kept, and said', async () => {
  const { simulator, connection, lin } = await open({ callsPer5Minutes: 4 })
  const asked = simulator.write(lin, { text: '@acme_care a' })
  await connection.send(replyTo(asked))
  await connection.send(replyTo(asked))
  await expect(connection.send(replyTo(asked))).rejects.toMatchObject({ outcome: 'retry', code: 'rate_limited' })
  expect(simulator.accepted).toHaveLength(2)
})

test('a time that ends before the post is no doubt', async () => {
  const { simulator, connection, lin } = await open()
  const asked = simulator.write(lin, { text: '@acme_care a' })
  simulator.failAt(`GET /api/v1/statuses/${asked.id}`, { kind: 'hang' })
  const sent = connection.send(replyTo(asked, { signal: AbortSignal.timeout(200) }))
  await expect(sent).rejects.toMatchObject({ outcome: 'retry', code: 'unreachable' })
})
