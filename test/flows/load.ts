/** Customers who write and a desk that answers, for as long as a test lets them. */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Fault } from '../../adapters/telegram/simulator.ts'
import { door, type Scene, webhookSecret } from './scene.ts'

export interface Load {
  /** How often each status was answered to a post. */
  readonly statuses: Map<number, number>
  /** Texts of replies that were taken. */
  readonly replies: string[]
  /** Milliseconds each post took until it was taken. */
  readonly tookMs: number[]
  /** Ends when everything begun is answered. */
  stop(): Promise<void>
}

export interface LoadOptions {
  readonly people: number
  readonly postEveryMs: number
  readonly replyEveryMs: number
  /** Chance that a reply meets an answer that tells nothing. */
  readonly unclear?: number
}

const faults: readonly Fault[] = [
  { kind: 'reset', accepted: true },
  { kind: 'reset', accepted: false },
  { kind: 'cut', accepted: true },
  { kind: 'garbage', accepted: true },
  { kind: 'status', status: 502, accepted: true },
  { kind: 'status', status: 500, accepted: false },
]

/** Over all loads of a file: texts must be told apart. */
let count = 0

/** Posts through the front, out of order and some of them again; replies with a key, until they are taken. */
export function startLoad(scene: Scene, options: LoadOptions): Load {
  const { people, postEveryMs, replyEveryMs, unclear = 0 } = options
  const load = { statuses: new Map<number, number>(), replies: [] as string[], tookMs: [] as number[] }
  const open = new Set<Promise<void>>()
  let going = true
  const persons = Array.from({ length: people }, (_, i) => scene.customer(8_000 + i).chat.id)

  const track = (work: Promise<void>) => {
    const done = work.finally(() => open.delete(done))
    open.add(done)
  }
  const pick = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)]!

  async function untilTaken(body: object): Promise<void> {
    const begun = performance.now()
    for (;;) {
      const status = await fetch(door(scene), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': webhookSecret },
        body: JSON.stringify(body),
      }).then(
        async (answer) => {
          await answer.arrayBuffer()
          return answer.status
        },
        () => 0, // The front itself lost the node in the middle of the answer.
      )
      load.statuses.set(status, (load.statuses.get(status) ?? 0) + 1)
      if (status === 200) break
      await wait(50 + Math.random() * 100)
    }
    load.tookMs.push(performance.now() - begun)
  }

  async function post(): Promise<void> {
    count += 1
    const [number, id] = [count, pick(persons)]
    const message_id = 100_000 + number
    const text = `第${number}条`
    const from = { id, is_bot: false, first_name: `客户${id}` }
    const date = Math.floor(Date.now() / 1000) - Math.floor(Math.random() * 5)
    const update = { update_id: number, message: { message_id, date, chat: { id, type: 'private' }, from, text } }
    // Shuffled: what was written first may come last.
    await wait(Math.random() * 200)
    await untilTaken(update)
    scene.said.push({ place: `${id}:${message_id}`, messageId: message_id, text })
    for (let copy = 0; copy < 2; copy += 1) {
      if (Math.random() < 0.2) await wait(Math.random() * 1_000).then(() => untilTaken(update))
    }
  }

  async function reply(): Promise<void> {
    const tickets = await scene.database.sql<{ id: string; chat: string }[]>`
      select k.id, t.external_id as chat from tickets k join threads t on t.current_ticket_id = k.id`.catch(() => [])
    if (tickets.length === 0) return
    const { id, chat } = pick(tickets)
    count += 1
    const text = `答复${count}`
    const key = randomUUID()
    if (Math.random() < unclear) scene.simulator.fail({ method: 'sendMessage', chatId: chat, fault: pick(faults) })
    for (;;) {
      const answer = await scene
        .call('POST', `/api/tickets/${id}/replies`, { text }, { 'idempotency-key': key })
        .catch(() => ({ status: 0, body: null }))
      if (answer.status === 202) break
      if (answer.status !== 0 && answer.status < 500) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
      await wait(100)
    }
    load.replies.push(text)
  }

  const every = async (ms: number, act: () => Promise<void>) => {
    while (going) {
      track(act())
      await wait(ms)
    }
  }
  const loops = [every(postEveryMs, post), every(replyEveryMs, reply)]
  return {
    ...load,
    async stop() {
      going = false
      await Promise.all(loops)
      while (open.size > 0) await Promise.all(open)
    },
  }
}

/** A person looks at everything in doubt, and says what is true. */
export async function settleDoubts(scene: Scene): Promise<number> {
  const rows = await scene.database.sql<{ id: string; text: string }[]>`
    select id, text from deliveries where state = 'unknown' order by position`
  for (const { id, text } of rows) {
    const as = scene.simulator.messages().some((entry) => entry.text === text) ? 'sent' : 'queued'
    const { status } = await scene.call('POST', `/api/deliveries/${id}/resolve`, { as })
    if (status !== 200 && status !== 409) throw new Error(`resolve: ${status}`)
  }
  return rows.length
}
