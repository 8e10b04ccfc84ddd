/**
 * What must hold at the end of every run, whatever died or failed in between: read from the platform's ledger, the
 * database, and every move that a delivery made.
 */
import { verifyAudit } from '../../src/auth/seal-audit.ts'
import type { DeliveryState } from '../../src/db/schema.ts'
import { transitions } from '../../src/outbound/states.ts'
import { type Move, readMoves } from './moves.ts'
import type { Scene } from './scene.ts'

interface Delivery {
  readonly id: string
  readonly messageId: string
  readonly threadId: string
  readonly position: number
  readonly state: DeliveryState
  readonly text: string
  readonly externalId: string | null
  readonly reason: string | null
  readonly chat: string
  /** How often a person ordered it to be sent again. */
  readonly resends: number
  /** A person said what became of it, or to go on past it. */
  readonly judged: boolean
}

/** Every broken promise, in words; none is `[]`. Texts of replies and of customers' lines must be unique in the run. */
export async function brokenPromises(scene: Scene): Promise<string[]> {
  const { sql } = scene.database
  const [deliveries, moves] = await Promise.all([readDeliveries(scene), readMoves(sql)])
  return [
    ...(await inboundOnce(scene)),
    ...sentOnce(scene, deliveries),
    ...sentIsTrue(scene, deliveries),
    ...doubtIsShown(scene, deliveries, moves),
    ...inOrder(scene, deliveries),
    ...movesAreLegal(moves),
    ...(await auditHolds(scene)),
  ]
}

/** Everything has come to rest: nothing waits at the platform, nothing is on its way out. */
export async function isSettled(scene: Scene): Promise<boolean> {
  const [row] = await scene.database.sql<{ open: number }[]>`
    select count(*)::int as open from deliveries where state in ('claimed', 'sending')
      or (state = 'queued' and not exists (
        select from deliveries b where b.thread_id = deliveries.thread_id and b.position < deliveries.position and b.state = 'unknown'))`
  return row?.open === 0 && scene.simulator.state().bots.every(({ pending }) => pending === 0)
}

/** N1: what the platform was told that we have, we have: once. */
async function inboundOnce({ database, said, accountId }: Scene): Promise<string[]> {
  const rows = await database.sql<{ place: string; text: string | null; count: number }[]>`
    select place, min(text) as text, count(distinct message)::int as count from (
      select external_id as place, text, id as message from messages
        where account_id = ${accountId} and direction = 'inbound'
      union all select external_id, null, message_id from message_parts where account_id = ${accountId}
    ) stored group by place`
  const stored = new Map(rows.map((row) => [row.place, row]))
  const expected = new Set(said.map(({ place }) => place))
  return [
    ...said.flatMap(({ place, text }) => {
      const row = stored.get(place)
      if (!row) return [`N1: “${text}” was acknowledged and is not stored`]
      if (row.count !== 1) return [`N1: “${text}” is stored ${row.count} times`]
      return text === null || row.text === text ? [] : [`N1: “${text}” is stored as “${row.text}”`]
    }),
    ...rows.filter(({ place }) => !expected.has(place)).map(({ place }) => `N1: nobody wrote ${place}`),
  ]
}

/** N2: the person got it once, but for what somebody ordered again. */
function sentOnce({ simulator }: Scene, deliveries: readonly Delivery[]): string[] {
  const known = new Set(deliveries.map(({ chat, text }) => `${chat} ${text}`))
  return [
    ...deliveries.flatMap((delivery) => {
      const arrived = arrivals(simulator, delivery).length
      return arrived > 1 + delivery.resends ? [`N2: “${delivery.text}” arrived ${arrived} times`] : []
    }),
    ...simulator
      .messages()
      .filter(({ chatId, text }) => !known.has(`${chatId} ${text ?? ''}`))
      .map(({ text }) => `N2: “${text}” arrived and is no delivery`),
  ]
}

/** N3: what we call sent did arrive, under the id we keep. A person's word is a person's word. */
function sentIsTrue({ simulator }: Scene, deliveries: readonly Delivery[]): string[] {
  return deliveries
    .filter(({ state, reason }) => ['sent', 'delivered', 'read'].includes(state) && reason !== 'said_sent')
    .filter((delivery) => {
      return !arrivals(simulator, delivery).some(
        ({ chatId, messageId }) => `${chatId}:${messageId}` === delivery.externalId,
      )
    })
    .map(({ text, externalId }) => `N3: “${text}” is called sent as ${externalId}, and did not arrive`)
}

/** N4: where nobody can know, it says so; where somebody can, it does not. */
function doubtIsShown({ simulator, deaths }: Scene, deliveries: readonly Delivery[], moves: readonly Move[]): string[] {
  return deliveries.flatMap((delivery) => {
    const { id, text, state, judged } = delivery
    const calls = simulator.calls.filter((call) => call.chatId === delivery.chat && (call.text ?? '') === text)
    const mine = moves.filter((move) => move.delivery === id)
    const doubts = mine.filter(({ to }) => to === 'unknown')
    const interrupted = doubts.filter(({ reason }) => reason === 'interrupted')
    const doubtful = calls.filter(({ outcome }) => !isClear(outcome))
    const found: string[] = []
    if (!interrupted.every((doubt) => diedBetween(deaths, lastBefore(mine, doubt, 'sending')?.at, doubt.at))) {
      found.push(`N4: “${text}” is said to be interrupted, and nobody died`)
    }
    if (doubts.length - interrupted.length > doubtful.length) {
      found.push(
        `N4: “${text}” became unknown ${doubts.length} times; the platform was unclear ${doubtful.length} times`,
      )
    }
    if (doubtful.length > doubts.length) {
      found.push(
        `N4: “${text}” had ${doubtful.length} calls without a clear answer, and was unknown ${doubts.length} times`,
      )
    }
    // Back in the queue, or failed, after its call: the platform certainly did not do it.
    const arrived = arrivals(simulator, delivery).length
    const known = mine.filter(({ to }) => to === 'sent').length
    if (arrived > known + doubts.length) found.push(`N4: “${text}” arrived, and nobody knows`)
    const last = doubts.length > 0 && mine.at(-1)?.to !== 'unknown'
    if (last && !judged && state !== 'sent') found.push(`N4: “${text}” left doubt for ${state} without anybody's word`)
    return found
  })
}

/** A commit under way at the death may land a moment after it. */
const landsMs = 2_000
function diedBetween(deaths: readonly Date[], from: Date | undefined, to: Date): boolean {
  return deaths.some((at) => from !== undefined && at.getTime() >= from.getTime() - landsMs && at <= to)
}

function lastBefore(moves: readonly Move[], before: Move, to: DeliveryState): Move | undefined {
  return moves.slice(0, moves.indexOf(before)).findLast((move) => move.to === to)
}

const isClear = (outcome: unknown) => typeof outcome === 'number' && outcome < 500

/** N5: a person reads what we wrote in the order we wrote it, but for what was sent again or passed over. */
function inOrder({ simulator }: Scene, deliveries: readonly Delivery[]): string[] {
  const placed = new Map(deliveries.filter(({ judged }) => !judged).map((one) => [`${one.chat} ${one.text}`, one]))
  const last = new Map<string, number>()
  return simulator.messages().flatMap(({ chatId, text }) => {
    const delivery = placed.get(`${chatId} ${text ?? ''}`)
    if (!delivery) return []
    const before = last.get(delivery.threadId) ?? -1
    last.set(delivery.threadId, delivery.position)
    return delivery.position > before ? [] : [`N5: “${text}” arrived after something written later`]
  })
}

/** Only moves of the table. */
function movesAreLegal(moves: readonly Move[]): string[] {
  return moves.flatMap(({ delivery, from, to }) => {
    if (from === null) return to === 'queued' ? [] : [`moves: ${delivery} began as ${to}`]
    return transitions[from].includes(to) ? [] : [`moves: ${delivery} went from ${from} to ${to}`]
  })
}

/** N7 */
async function auditHolds({ database, seal }: Scene): Promise<string[]> {
  const verdict = await verifyAudit(database.db, seal)
  return verdict.ok ? [] : [`N7: the audit is ${verdict.reason} at ${verdict.seq}`]
}

function arrivals(simulator: Scene['simulator'], { chat, text }: Delivery) {
  return simulator.messages().filter((entry) => entry.chatId === chat && (entry.text ?? '') === text)
}

async function readDeliveries({ database }: Scene): Promise<readonly Delivery[]> {
  return database.sql<Delivery[]>`
    select d.id, d.message_id as "messageId", d.thread_id as "threadId", d.position::float8 as position, d.state, d.text,
      d.external_id as "externalId", d.reason_code as reason, split_part(t.external_id, '/', 1) as chat,
      (select count(*)::int from audit a
        where a.subject = 'delivery:' || d.id and a.action = 'delivery.resolved_queued') as resends,
      exists (select from audit a where a.subject = 'delivery:' || d.id and a.action like 'delivery.%') as judged
    from deliveries d join threads t on t.id = d.thread_id order by d.position`
}
