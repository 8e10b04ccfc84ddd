/** Two processes on one database: one frozen, one asked to go, both asked at once. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Point } from '../../src/serve.ts'
import type { NodeOptions, NodeProcess } from '../helpers/node-process.ts'
import { patience } from '../helpers/patience.ts'
import { readStream } from '../helpers/read-stream.ts'
import { until } from '../helpers/until.ts'
import { brokenPromises, isSettled } from './invariants.ts'
import { isOwnedBy, openScene, type Scene, untilConnected } from './scene.ts'

const timeoutMs = 15_000
let scene: Scene
let owner: NodeProcess
let other: NodeProcess

async function open(mode: 'webhook' | 'polling', options: Partial<NodeOptions> = {}): Promise<void> {
  scene = await openScene({ mode })
  owner = await scene.start(options)
  await until(() => isOwnedBy(scene, owner), { timeoutMs })
  other = await scene.start(options)
  scene.front.to([owner.url, other.url])
}
async function close(): Promise<void> {
  try {
    await until(() => isSettled(scene), { timeoutMs })
    expect(await brokenPromises(scene)).toEqual([])
  } finally {
    await scene.close()
  }
}

const frozen = async (point: Point, act: () => unknown) => {
  await owner.arm({ point, by: 'SIGSTOP' })
  scene.front.to([other.url])
  await act()
  expect(await owner.reached()).toBe(point)
}
const takenOver = () => until(() => isOwnedBy(scene, other), { timeoutMs, what: 'the other node took over' })

describe('the owner is frozen for longer than its lease', () => {
  beforeAll(() => open('polling'), 40_000 * patience)
  afterAll(close, 40_000 * patience)
  // It changed hands in the test before.
  beforeEach(async () => {
    await until(async () => (await isOwnedBy(scene, owner)) || (await isOwnedBy(scene, other)), { timeoutMs })
    if (await isOwnedBy(scene, other)) [owner, other] = [other, owner]
  })

  test('what it had read is in once, and its cursor moves nothing back', { timeout: 40_000 * patience }, async () => {
    const customer = scene.customer(3001)
    const first = scene.says(customer, '冻结之前')
    await scene.ticketOf(first)
    let second = first
    await frozen('poll:fetched', () => {
      second = scene.says(customer, '冻结之时')
    })
    await takenOver()
    await scene.ticketOf(second)
    const third = scene.says(customer, '冻结之后')
    await scene.ticketOf(third)
    const cursor = async () => {
      const [row] = await scene.database.sql<{ cursor: string }[]>`select cursor from poll_cursors`
      return Number(row!.cursor)
    }
    const before = await cursor()
    owner.wake()
    const last = scene.says(customer, '醒来以后')
    await scene.ticketOf(last)
    expect(await cursor()).toBeGreaterThan(before)
    expect(await isOwnedBy(scene, other)).toBe(true)
  })

  const sends: [Point, string, number][] = [
    ['send:claimed', 'sent', 1],
    ['send:before-call', 'sent', 1],
    ['send:after-call', 'sent', 1],
  ]
  test.for(sends)(
    'a reply frozen at %s is %s once in the end',
    { timeout: 40_000 * patience },
    async ([point, , arrived]) => {
      const customer = scene.customer(3002)
      const ticket = await scene.ticketOf(scene.says(customer, '请回复'))
      let reply = ''
      await frozen(point, async () => {
        reply = (await scene.reply(ticket.id, `回复 ${point}`)).id
      })
      await scene.noteDeath()
      await takenOver()
      // Claimed and never begun: the other node sends it. Begun: nobody knows, until the one that does wakes up.
      const meanwhile = point === 'send:claimed' ? 'sent' : 'unknown'
      await until(async () => (await scene.stateOf(reply)) === meanwhile, { timeoutMs })
      owner.wake()
      await until(async () => (await scene.stateOf(reply)) === 'sent', { timeoutMs })
      expect(scene.simulator.messages().filter(({ text }) => text === `回复 ${point}`)).toHaveLength(arrived)
      const second = await scene.reply(ticket.id, `再答 ${point}`)
      await until(async () => (await scene.stateOf(second.id)) === 'sent', { timeoutMs })
    },
  )
})

describe('both work', () => {
  beforeAll(async () => {
    // Calls are held on purpose: that must not be taken for silence.
    await open('webhook', { callTimeoutMs: 10_000 })
    await untilConnected(scene)
  }, 40_000 * patience)
  afterAll(close, 40_000 * patience)

  test('posts come to both, and a desk at either sees every one once', { timeout: 40_000 * patience }, async () => {
    const streams = await Promise.all(
      [owner, other].map((node) => readStream(`${node.url}/api/events`, { ...scene.headers })),
    )
    const said = Array.from({ length: 40 }, (_, i) => scene.says(scene.customer(3100 + (i % 10)), `第${i}条`))
    const tickets = await Promise.all(said.map((line) => scene.ticketOf(line)))
    expect(new Set(tickets.map(({ id }) => id)).size).toBe(10)
    const stored = await scene.database.sql<{ ticketId: string; version: number }[]>`
      select ticket_id as "ticketId", version from events where type = 'message'`
    expect(stored).toHaveLength(40)
    const ofPosts = (events: (typeof streams)[number]['events']) => events.filter(({ type }) => type === 'message')
    for (const stream of streams) {
      await until(() => ofPosts(stream.events).length >= 40, { timeoutMs })
      const seen = ofPosts(stream.events).map(({ ticketId, version }) => `${ticketId} ${version}`)
      expect(seen.toSorted()).toEqual(stored.map(({ ticketId, version }) => `${ticketId} ${version}`).toSorted())
      expect(new Set(stream.events.map(({ id }) => id)).size).toBe(stream.events.length)
      stream.close()
    }
  })

  test('SIGTERM under load ends in order: nothing is in doubt, and the other goes on', {
    timeout: 60_000 * patience,
  }, async () => {
    const customers = Array.from({ length: 12 }, (_, i) => scene.customer(3200 + i))
    const said = customers.map((customer, i) => scene.says(customer, `负载 ${i}`))
    const tickets = await Promise.all(said.map((line) => scene.ticketOf(line)))
    // Calls are under way when the signal comes, and the platform answers them a little later.
    const held = scene.simulator.hold({ method: 'sendMessage', at: 'after' })
    // All at once: the first call must not have waited for its whole time when the last one is under way.
    const answered = tickets.map(async (ticket, i) => [
      await scene.reply(ticket.id, `答 ${i} 甲`),
      await scene.reply(ticket.id, `答 ${i} 乙`),
    ])
    const replies = (await Promise.all(answered)).flat()
    const waiting = () => scene.simulator.state().holds.find(({ id }) => id === held)?.waiting ?? 0
    await until(() => waiting() === customers.length, { timeoutMs })
    const stream = await readStream(`${owner.url}/api/events`, { ...scene.headers })
    let posting = true
    const load = (async () => {
      for (let i = 0; posting; i += 1) await scene.ticketOf(scene.says(customers[i % 12]!, `继续 ${i}`))
    })()
    // Somebody who began a request and does not go on must not hold the door open.
    const lazy = await idleRequest(owner)
    const ended = owner.terminate()
    scene.front.to([other.url])
    await until(() => stream.isOver(), { timeoutMs })
    scene.simulator.release(held)
    const { code, signal, ms } = await ended
    expect({ code, signal }).toEqual({ code: 0, signal: null })
    expect(ms).toBeLessThan(15_000 * patience)
    posting = false
    await load
    lazy.destroy()
    for (const { id } of replies) await until(async () => (await scene.stateOf(id)) === 'sent', { timeoutMs })
    const unknown = await scene.database.sql`select from kept_moves where "to" = 'unknown'`
    expect(unknown).toHaveLength(0)
    const [sent] = replies
    expect(await scene.stateOf(sent!.id)).toBe('sent')
    // Given back, not left to run out.
    await takenOver()
    expect(owner.lines.filter((line) => /"level":(50|60)/u.test(line))).toEqual([])
  })
})

async function idleRequest(node: NodeProcess) {
  const { connect } = await import('node:net')
  const socket = connect(Number(new URL(node.url).port), '127.0.0.1')
  socket.on('error', () => {})
  await new Promise((resolve) => socket.once('connect', resolve))
  const head = `POST /webhooks/${scene.accountId} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`
  await new Promise<void>((resolve) => socket.write(head, () => resolve()))
  return socket
}
