/** The promises can be broken: each is, and is seen. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LedgerEntry } from '../../adapters/telegram/simulator.ts'
import { patience } from '../helpers/patience.ts'
import { until } from '../helpers/until.ts'
import { brokenPromises, isSettled } from './invariants.ts'
import { openScene, type Scene, untilConnected } from './scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await openScene({ mode: 'webhook' })
  const node = await scene.start()
  scene.front.to([node.url])
  await untilConnected(scene)
  const ticket = await scene.ticketOf(scene.says(scene.customer(9001), '一切正常'))
  for (const text of ['第一句', '第二句']) {
    const { id } = await scene.reply(ticket.id, text)
    await until(async () => (await scene.stateOf(id)) === 'sent')
  }
  await until(() => isSettled(scene))
  const { sql } = scene.database
  await until(async () => (await sql`select from audit where seq is null`).count === 0)
  await node.kill()
  expect(await brokenPromises(scene)).toEqual([])
}, 60_000 * patience)
afterAll(() => scene.close())

const ledger = () => scene.simulator.ledger as LedgerEntry[]
const run = (text: string) => () => scene.database.sql.unsafe(text)
const first = `(select id from deliveries order by position limit 1)`
const move = (from: string, to: string, reason: string) =>
  `insert into kept_moves (delivery, "from", "to", attempt, reason) values (${first}, '${from}', '${to}', 1, '${reason}')`

test.for<[string, () => unknown, () => unknown]>([
  [
    'N1: “没人存” was acknowledged',
    () => scene.said.push({ place: '9001:99', messageId: 99, text: '没人存' }),
    () => scene.said.pop(),
  ],
  ['N1: nobody wrote', () => scene.said.unshift(scene.said.pop()!) && scene.said.splice(0, 1), () => {}],
])('%s', async ([name, damage, repair]) => {
  const kept = [...scene.said]
  await damage()
  expect((await brokenPromises(scene)).join('\n')).toContain(name)
  await repair()
  scene.said.splice(0, scene.said.length, ...kept)
  expect(await brokenPromises(scene)).toEqual([])
})

test.for<[string, () => unknown, () => unknown]>([
  ['N2: “第一句” arrived 2 times', () => ledger().push(ledger()[0]!), () => ledger().pop()],
  [
    'N2: “谁写的” arrived and is no delivery',
    () => ledger().push({ ...ledger()[0]!, text: '谁写的' }),
    () => ledger().pop(),
  ],
  ['N3: “第二句” is called sent', () => ledger().pop(), () => {}],
  ['N5: “第一句” arrived after', () => ledger().reverse(), () => {}],
])('%s', async ([name, damage, repair]) => {
  const kept = [...ledger()]
  await damage()
  expect((await brokenPromises(scene)).join('\n')).toContain(name)
  await repair()
  ledger().splice(0, ledger().length, ...kept)
  expect(await brokenPromises(scene)).toEqual([])
})

test.for<[string, string]>([
  ['N4: “第一句” is said to be interrupted, and nobody died', move('sending', 'unknown', 'interrupted')],
  ['N4: “第一句” became unknown 1 times; the platform was unclear 0 times', move('sending', 'unknown', 'no_answer')],
  ['moves: ', move('cancelled', 'queued', 'x')],
])('%s', async ([name, damage]) => {
  await run(damage)()
  expect((await brokenPromises(scene)).join('\n')).toContain(name)
  await run('delete from kept_moves where id = (select max(id) from kept_moves)')()
  expect(await brokenPromises(scene)).toEqual([])
})

test('N4: a call without a clear answer, and nobody in doubt', async () => {
  const call = scene.simulator.calls.find(({ text }) => text === '第一句') as { outcome: unknown }
  call.outcome = 'reset'
  expect((await brokenPromises(scene)).join('\n')).toContain('N4: “第一句” had 1 calls without a clear answer')
  call.outcome = 200
})

test('N7: an act that was changed', async () => {
  // Somebody with all rights in the database.
  await run('alter table audit disable trigger user')()
  await run(`update audit set actor = 'somebody else' where seq = 1`)()
  expect(await brokenPromises(scene)).toEqual(['N7: the audit is changed at 1'])
})
