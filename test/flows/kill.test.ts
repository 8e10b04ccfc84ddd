/** A process that dies at any line with a name: what it began, another one brings to an end that is true. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkDue } from '../../src/accounts/check-due.ts'
import { followUp } from '../../src/db/due.ts'
import type { Point } from '../../src/serve.ts'
import type { NodeProcess } from '../helpers/node-process.ts'
import { patience } from '../helpers/patience.ts'
import { until } from '../helpers/until.ts'
import { brokenPromises, isSettled } from './invariants.ts'
import { isOwnedBy, ok, openScene, type Scene, untilConnected } from './scene.ts'

/** Longer than every lease here, on a busy machine. */
const timeoutMs = 15_000

/** Two nodes; when one dies a third is started, so that there are always two. */
async function openPair(mode: 'webhook' | 'polling') {
  const scene = await openScene({ mode })
  const nodes = await Promise.all([scene.start(), scene.start()])
  scene.front.to(nodes.map(({ url }) => url))
  let starting: Promise<unknown> = Promise.resolve()

  async function owner(): Promise<NodeProcess> {
    return until(
      async () => {
        for (const node of nodes) if (await isOwnedBy(scene, node)) return node
        return null
      },
      { timeoutMs, what: 'somebody owns the account' },
    )
  }

  /** There are always two; whoever died is replaced. */
  function refill(): void {
    const alive = nodes.filter((node) => !node.isOver())
    nodes.splice(0, nodes.length, ...alive)
    scene.front.to(nodes.map(({ url }) => url))
    starting = Promise.all(Array.from({ length: 2 - alive.length }, () => scene.start())).then((started) => {
      nodes.push(...started)
      scene.front.to(nodes.map(({ url }) => url))
    })
  }

  return {
    scene,
    /**
     * Runs `act` with the point armed, on the owner of the account or on all, until one of them has died there; the
     * other goes on. `through`: which nodes take requests meanwhile.
     */
    async killAt(point: Point, where: 'owner' | 'any', act: () => unknown, through: 'armed' | 'others' = 'armed') {
      await starting
      const armed = where === 'owner' ? [await owner()] : [...nodes]
      for (const node of armed) await node.arm({ point, by: 'SIGKILL' })
      const takers = through === 'armed' ? armed : nodes.filter((node) => !armed.includes(node))
      scene.front.to(takers.map(({ url }) => url))
      try {
        await act()
        const victim = await Promise.race(armed.map((node) => node.reached().then(() => node)))
        expect(await victim.over).toEqual({ code: null, signal: 'SIGKILL' })
        await scene.noteDeath()
      } finally {
        for (const node of nodes) if (!node.isOver()) await node.arm(null)
        refill()
      }
    },
    async close() {
      try {
        await starting
        await until(() => isSettled(scene), { timeoutMs })
        expect(await brokenPromises(scene)).toEqual([])
      } finally {
        await scene.close()
      }
    },
  }
}
type Pair = Awaited<ReturnType<typeof openPair>>

let lastChat = 2000
const someone = (scene: Scene) => scene.customer(++lastChat)

async function reaches(scene: Scene, messageId: string, state: string): Promise<void> {
  await until(async () => (await scene.stateOf(messageId)) === state, { timeoutMs, what: `it is ${state}` })
}

describe('polling', () => {
  let pair: Pair
  beforeAll(async () => {
    pair = await openPair('polling')
  })
  afterAll(() => pair.close(), 30_000 * patience)

  test.for<Point>(['poll:fetched', 'ingest:before-commit', 'ingest:after-commit'])(
    'what was being read at %s is read once',
    { timeout: 40_000 * patience },
    async (point) => {
      const { scene, killAt } = pair
      const customer = someone(scene)
      const said: ReturnType<Scene['says']>[] = []
      await killAt(point, 'owner', () =>
        said.push(scene.says(customer, `一 ${point}`), scene.says(customer, `二 ${point}`)),
      )
      const tickets = await Promise.all(said.map((line) => scene.ticketOf(line)))
      expect(new Set(tickets.map(({ id }) => id)).size).toBe(1)
    },
  )
})

describe('webhooks, sends and due work', () => {
  let pair: Pair
  let scene: Scene
  beforeAll(async () => {
    pair = await openPair('webhook')
    scene = pair.scene
    await untilConnected(scene)
  })
  afterAll(() => pair.close(), 30_000 * patience)

  async function complaint(text: string) {
    const customer = someone(scene)
    const post = scene.says(customer, text)
    return { customer, post, ticket: await scene.ticketOf(post) }
  }
  /** Its time is now; whatever pauses or waits for it. */
  const hurry = (kind: string) => scene.database.sql`update due_work set due_at = now() where kind = ${kind}`

  test.for<Point>(['ingest:before-commit', 'ingest:after-commit'])(
    'a post that was not answered at %s comes again and is one',
    { timeout: 40_000 * patience },
    async (point) => {
      const customer = someone(scene)
      let post: ReturnType<Scene['says']> | null = null
      await pair.killAt(point, 'owner', () => {
        post = scene.says(customer, `帖子 ${point}`)
      })
      await scene.ticketOf(post!)
      await until(() => isSettled(scene), { timeoutMs })
    },
  )

  const sends: [Point, string, number][] = [
    ['send:claimed', 'sent', 1],
    ['send:before-call', 'unknown', 0],
    ['send:after-call', 'unknown', 1],
    ['send:settled', 'sent', 1],
  ]
  test.for(sends)(
    'a reply that was at %s becomes %s',
    { timeout: 40_000 * patience },
    async ([point, state, arrived]) => {
      const { customer, ticket } = await complaint(`等回复 ${point}`)
      let first = ''
      let second = ''
      const write = async () => {
        first = (await scene.reply(ticket.id, `答一 ${point}`)).id
        second = (await scene.reply(ticket.id, `答二 ${point}`)).id
      }
      await pair.killAt(point, 'owner', write, 'others')
      await reaches(scene, first, state)
      const texts = () => {
        const mine = scene.simulator.messages().filter(({ chatId }) => chatId === String(customer.chat.id))
        return mine.map(({ text }) => text)
      }
      if (state === 'unknown') {
        // Nothing overtakes it, and it is not tried again by itself.
        expect(await scene.stateOf(second)).toBe('queued')
        expect(texts()).toHaveLength(arrived)
        const [delivery] = (await scene.messagesOf(ticket.id)).find(({ id }) => id === first)!.deliveries
        const as = arrived === 1 ? 'sent' : 'queued'
        ok(await scene.call('POST', `/api/deliveries/${delivery!.id}/resolve`, { as }))
      }
      await reaches(scene, second, 'sent')
      expect(texts()).toEqual([`答一 ${point}`, `答二 ${point}`])
    },
  )

  test('a file is fetched by another node', { timeout: 40_000 * patience }, async () => {
    const customer = someone(scene)
    await pair.killAt('due:media', 'any', () => scene.note(customer, customer.sendsPhoto(undefined, '照片'), '照片'))
    const ticket = await scene.ticketOf(scene.said.at(-1)!)
    await until(async () => (await scene.messagesOf(ticket.id))[0]?.media[0]?.state === 'ready', { timeoutMs })
  })

  test('a press of a button is answered by another node', { timeout: 40_000 * patience }, async () => {
    const { customer, post } = await complaint('按钮')
    await pair.killAt('due:acknowledge', 'any', () => customer.presses(post.messageId, 'yes'))
    await until(() => scene.simulator.ledger.some(({ method }) => method === 'answerCallbackQuery'), { timeoutMs })
  })

  test('what the owner wrote in the app becomes one message', { timeout: 40_000 * patience }, async () => {
    const [id, connection] = [++lastChat, 'connection-1']
    const chat = { id, type: 'private', first_name: '陈静' }
    const date = Math.floor(Date.now() / 1000)
    const from = { id, is_bot: false, first_name: '陈静' }
    const owner = { id: 77, is_bot: false, first_name: 'Owner' }
    const business = (message_id: number, values: object) =>
      scene.simulator.inject(scene.token, {
        business_message: { message_id, date, chat, business_connection_id: connection, ...values },
      })
    business(1, { from, text: '在吗?' })
    const place = `${connection}:${id}:1`
    scene.said.push({ place, messageId: 1, text: '在吗?' })
    await until(async () => (await linesAt(place)).length === 1, { timeoutMs })
    await pair.killAt('due:echo', 'any', () => business(2, { from: owner, text: '在' }))
    await until(async () => (await linesAt(`${connection}:${id}:2`)).length === 1, { timeoutMs })
    expect((await linesAt(`${connection}:${id}:2`))[0]).toMatchObject({ direction: 'outbound', text: '在' })
  })
  const linesAt = (place: string) =>
    scene.database.sql<{ direction: string; text: string }[]>`
      select direction, text from messages where external_id = ${place}`

  test('a delete that came before its message marks it', { timeout: 40_000 * patience }, async () => {
    const [id, business_connection_id] = [++lastChat, 'connection-2']
    const chat = { id, type: 'private', first_name: '陈静' }
    await pair.killAt('due:tombstone', 'any', async () => {
      const gone = { business_connection_id, chat, message_ids: [5] }
      scene.simulator.inject(scene.token, { deleted_business_messages: gone })
      await until(async () => (await hurry('tombstone')).count === 1, { timeoutMs })
    })
    const from = { id, is_bot: false, first_name: '陈静' }
    const message = { message_id: 5, date: 1_790_000_000, chat, from, business_connection_id, text: '删掉了' }
    scene.simulator.inject(scene.token, { business_message: message })
    const place = `${business_connection_id}:${id}:5`
    scene.said.push({ place, messageId: 5, text: '删掉了' })
    const marked = () =>
      scene.database.sql`select from messages where external_id = ${place} and deleted_at is not null`
    await until(async () => (await marked()).length === 1, { timeoutMs })
    await until(async () => (await left('tombstone')) === 0, { timeoutMs })
  })
  const left = async (kind: string) => {
    const [row] = await scene.database.sql<{ count: number }[]>`
      select count(*)::int as count from due_work where kind = ${kind}`
    return row!.count
  }

  test('a scheduled reply is written and sent once', { timeout: 40_000 * patience }, async () => {
    const { ticket } = await complaint('明天再说')
    let reply = ''
    await pair.killAt('due:scheduled', 'any', async () => {
      const sendAt = new Date(Date.now() + 500).toISOString()
      reply = (await scene.reply(ticket.id, '到时间了', { sendAt })).id
    })
    await reaches(scene, reply, 'sent')
    expect(scene.simulator.messages().filter(({ text }) => text === '到时间了')).toHaveLength(1)
  })

  test('a snoozed ticket wakes', { timeout: 40_000 * patience }, async () => {
    const { ticket } = await complaint('过会儿')
    await pair.killAt('due:unsnooze', 'any', async () => {
      // Counted from here: making the nodes ready takes a while.
      const snoozedUntil = new Date(Date.now() + 1_500).toISOString()
      ok(await scene.call('PATCH', `/api/tickets/${ticket.id}`, { snoozedUntil }))
    })
    await until(
      async () => {
        const now = ok(await scene.call<typeof ticket>('GET', `/api/tickets/${ticket.id}`))
        return now.snoozedUntil === null
      },
      { timeoutMs },
    )
  })

  test('an account is checked by another node', { timeout: 40_000 * patience }, async () => {
    const due = checkDue(scene.accountId, new Date())
    await pair.killAt('due:account.check', 'any', async () => {
      await scene.database.db.transaction((tx) => followUp(tx, [due]))
    })
    // It was made, and is planned again.
    const planned = () => scene.database.sql`
      select from due_work where kind = 'account.check' and lease_until is null and due_at > now() + interval '10 minutes'`
    await until(async () => (await planned()).length === 1, { timeoutMs })
  })

  test('a delivery in doubt whose platform cannot be asked stays in doubt', {
    timeout: 40_000 * patience,
  }, async () => {
    const { customer, ticket } = await complaint('没人知道')
    const fault = { kind: 'reset', accepted: true } as const
    scene.simulator.fail({ method: 'sendMessage', chatId: String(customer.chat.id), fault })
    let id = ''
    // With the doubt the question has its time, 5 s later: who waits for the doubt first may come too late for it.
    await pair.killAt('due:find-sent', 'any', async () => {
      const reply = await scene.reply(ticket.id, '也许收到')
      id = reply.id
      await reaches(scene, id, 'unknown')
      await hurry('find-sent')
    })
    await until(async () => (await left('find-sent')) === 0, { timeoutMs })
    expect(await scene.stateOf(id)).toBe('unknown')
  })

  test.for(['prune', 'prune_events'])('%s goes on after a kill', { timeout: 40_000 * patience }, async (kind) => {
    const claims = async () => {
      const [row] = await scene.database.sql<{ claims: number; free: boolean }[]>`
        select claims, lease_until is null and due_at > now() as free from due_work where kind = ${kind}`
      return row!
    }
    const before = (await claims()).claims
    await pair.killAt(`due:${kind}`, 'any', () => hurry(kind))
    await until(async () => (await claims()).claims >= before + 2 && (await claims()).free, { timeoutMs })
  })
})
