/** PostgreSQL goes away under load and comes back: posts are refused, not lost, and nobody restarts anything. */
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/client.ts'
import { type Embedded, startEmbedded } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import type { NodeProcess } from '../helpers/node-process.ts'
import { patience } from '../helpers/patience.ts'
import { until } from '../helpers/until.ts'
import { brokenPromises, isSettled } from './invariants.ts'
import { settleDoubts, startLoad } from './load.ts'
import { openScene, type Scene, untilConnected } from './scene.ts'

let folder: string
let embedded: Embedded
let scene: Scene
let nodes: NodeProcess[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huixin-database-'))
  await chmod(folder, 0o711)
  // Durable, as in earnest: what was committed must be there after a crash.
  embedded = await startEmbedded({ data: folder, settings: { max_connections: '200' } })
  await migrate(embedded.target)
  const pool = openDatabase(embedded.target)
  const nothing = async () => {}
  const database = { ...pool, target: embedded.target, truncate: nothing, close: nothing }
  scene = await openScene({ mode: 'webhook', database })
  nodes = await Promise.all([scene.start({ callTimeoutMs: 8_000 }), scene.start({ callTimeoutMs: 8_000 })])
  scene.front.to(nodes.map(({ url }) => url))
  await untilConnected(scene)
}, 60_000 * patience)
afterAll(async () => {
  await scene.close()
  await scene.database.sql.end({ timeout: 1 })
  await embedded.close()
  await rm(folder, { recursive: true, force: true })
}, 30_000 * patience)

const terminateAll = () => scene.database.sql`
  select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`

/** As after a power cut of the database alone; whoever uses it starts it again. */
async function restartImmediately(): Promise<void> {
  const [pid] = (await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')
  process.kill(Number(pid), 'SIGQUIT')
}

test.for([
  ['every connection is cut, five times', 5, terminateAll],
  ['PostgreSQL ends at once and is started again, twice', 2, restartImmediately],
] as const)('%s', { timeout: 90_000 * patience }, async ([, times, strike]) => {
  const load = startLoad(scene, { people: 20, postEveryMs: 30, replyEveryMs: 150 })
  for (let time = 0; time < times; time += 1) {
    const before = scene.said.length
    await until(() => scene.said.length > before + 20, { timeoutMs: 20_000, what: 'posts flow' })
    await until(async () => {
      await scene.noteDeath()
      await strike()
      return true
    })
    const then = scene.said.length
    // Those that were on their way may still get through; from the twentieth on it serves again.
    await until(() => scene.said.length > then + 20, { timeoutMs: 20_000, what: 'posts flow again' })
  }
  await load.stop()
  await until(async () => (await isSettled(scene)) && (await settleDoubts(scene)) === 0, {
    timeoutMs: 40_000,
    everyMs: 250,
  })

  expect([...load.statuses.keys()].filter((status) => ![200, 503].includes(status))).toEqual([])
  expect(nodes.map((node) => node.isOver())).toEqual([false, false])
  const promised = await until(async () => ({ broken: await brokenPromises(scene) }))
  expect(promised.broken).toEqual([])
  const texts = scene.simulator.messages().map(({ text }) => text)
  for (const text of load.replies) expect(texts.filter((one) => one === text)).toHaveLength(1)
})
