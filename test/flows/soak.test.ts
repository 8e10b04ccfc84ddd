import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { NodeProcess } from '../helpers/node-process.ts'
import { patience } from '../helpers/patience.ts'
import { until } from '../helpers/until.ts'
import { brokenPromises, isSettled } from './invariants.ts'
import { settleDoubts, startLoad } from './load.ts'
import { openScene, type Scene, untilConnected } from './scene.ts'

const soakMs = 20_000

let scene: Scene
let nodes: NodeProcess[]
const options = { callTimeoutMs: 4_000 }
beforeAll(async () => {
  scene = await openScene({ mode: 'webhook' })
  nodes = await Promise.all([scene.start(options), scene.start(options), scene.start(options)])
  scene.front.to(nodes.map(({ url }) => url))
  await untilConnected(scene)
}, 60_000 * patience)
afterAll(() => scene.close())

test('a process killed every second, copies, disorder and unclear answers: every promise holds', {
  timeout: 120_000 * patience,
}, async () => {
  const load = startLoad(scene, { people: 30, postEveryMs: 40, replyEveryMs: 120, unclear: 0.15 })
  const starting = new Set<Promise<void>>()
  const endsAt = performance.now() + soakMs
  let kills = 0
  while (performance.now() < endsAt) {
    // The rhythm of the killing, not a wait for anything.
    await wait(1_000)
    if (nodes.length < 2) continue
    const [victim] = nodes.splice(Math.floor(Math.random() * nodes.length), 1)
    scene.front.to(nodes.map(({ url }) => url))
    await scene.kill(victim!)
    kills += 1
    const started = scene.start(options).then((node) => {
      starting.delete(started)
      nodes.push(node)
      scene.front.to(nodes.map(({ url }) => url))
    })
    starting.add(started)
  }
  await Promise.all(starting)
  await load.stop()
  // People settle what is in doubt, until nothing is.
  await until(async () => (await isSettled(scene)) && (await settleDoubts(scene)) === 0, {
    timeoutMs: 60_000,
    everyMs: 250,
  })

  expect(await brokenPromises(scene)).toEqual([])
  // Fewer than one a second on a machine that is busy starting processes.
  expect(kills).toBeGreaterThanOrEqual(patience > 1 ? 1 : 3)
  expect(scene.said.length).toBeGreaterThan(200 / patience)
  const arrived = scene.simulator.messages().map(({ text }) => text)
  expect(arrived.toSorted()).toEqual(load.replies.toSorted())
  const refused = [...load.statuses.keys()].filter((status) => ![0, 200, 502, 503].includes(status))
  expect(refused).toEqual([])
  const [unread] = await scene.database.sql<{ count: number }[]>`select count(*)::int as count from inbound_unread`
  expect(unread!.count).toBe(0)
  const parked = await scene.database.sql`select kind, reason from due_work where parked_at is not null`
  expect([...parked]).toEqual([])
})
