/**
 * Reads the three lists. https://open.weibo.com/wiki/2/statuses/mentions, https://open.weibo.com/wiki/2/comments/to_me,
 * https://open.weibo.com/wiki/2/comments/mentions, read 2026-11-24
 */
import type { PollPosition, PollResult } from '#channel/adapter.ts'
import { ReadError } from '#channel/errors.ts'
import type { InboundEvent } from '#channel/events.ts'
import type { Tools } from '#channel/tools.ts'
import type { Budget } from './budget.ts'
import type { Calls } from './calls.ts'
import { unreadText } from './codes.ts'
import { afterPage, type Cursor, floorOf, isNewer, readCursor, sinceId, writeCursor } from './cursor.ts'
import { idOf } from './ids.ts'
import type { Own, People } from './own.ts'
import { type Kind, parse } from './parse.ts'
import { field } from './plain-text.ts'
import type { Settings } from './settings.ts'
import { Status } from './types.ts'

interface List {
  readonly name: string
  readonly kind: Kind
  readonly field: string
}

const lists: Readonly<Record<string, List>> = {
  mentions: { name: 'statuses/mentions', kind: 'status', field: 'statuses' },
  comments: { name: 'comments/to_me', kind: 'comment', field: 'comments' },
  'comment-mentions': { name: 'comments/mentions', kind: 'comment', field: 'comments' },
}

export function streamsOf({ mentions, comments, commentMentions }: Settings): readonly string[] {
  return [mentions && 'mentions', comments && 'comments', commentMentions && 'comment-mentions'].filter(
    (stream) => stream !== false,
  )
}

/** The most that every one of the lists gives at once. */
const pageSize = 100

export interface Poller {
  readonly settings: Settings
  readonly tools: Pick<Tools, 'now'>
  readonly calls: Calls
  readonly budget: Budget
  readonly own: Own
  readonly people: People
}

export async function poll(poller: Poller, at: PollPosition, signal: AbortSignal): Promise<PollResult> {
  const { settings, tools, calls, budget, own } = poller
  const list = lists[at.stream]
  const nothing = { events: [], cursor: at.cursor, more: false }
  if (!list) return { ...nothing, nextAt: new Date(tools.now().getTime() + 3_600_000) }
  const cursor = readCursor(at.cursor)
  const next = () => budget.nextRead(streamsOf(settings).length)
  const tooSoon = cursor && at.hint === 'push' ? await soonest(cursor, await next(), tools.now()) : null
  if (tooSoon) return { ...nothing, nextAt: tooSoon }
  try {
    const options = { signal, purpose: 'read' } as const
    const uid = await own.ask(options)
    const page = itemsIn(await calls.read(list.name, questionOf(cursor), options), list)
    const { events, cursor: moved, more } = takePage(poller, list, cursor, page, uid)
    return { events, cursor: writeCursor(moved), more, nextAt: more ? null : await next() }
  } catch (error) {
    if (signal.aborted) return { ...nothing, nextAt: null }
    // A reading that failed has cost a call as well: made again every minute, an hour's outage would use up the day.
    if (!(error instanceof ReadError) || error.reason !== 'later' || error.after) throw error
    throw new ReadError('later', { text: error.text, cause: error.cause, after: await next() })
  }
}

/**
 * A push says that there is a mention. It may bring a read forward, but not so often that pushes use up the day's calls: a third
 * of the planned pause has to be over. Null: now.
 */
function soonest(cursor: Cursor, planned: Date, now: Date): Date | null {
  const earliest = new Date(cursor.at + (planned.getTime() - now.getTime()) / 3)
  return cursor.run === null && earliest > now ? earliest : null
}

function questionOf(cursor: Cursor | null): Record<string, string | number> {
  const since = cursor && sinceId(cursor)
  return {
    count: pageSize,
    page: 1,
    ...(since ? { since_id: since } : {}),
    ...(cursor?.run ? { max_id: cursor.run.max } : {}),
  }
}

function itemsIn(answer: unknown, list: List): readonly unknown[] {
  // An empty list has been seen to come as [] in place of the object around it.
  const items = Array.isArray(answer) ? answer : field(answer, list.field)
  if (!Array.isArray(items)) throw new ReadError('later', { text: unreadText })
  return items
}

/** The first reading makes tickets of nothing, unless the settings say so: it only finds out where the list stands. */
function takePage(
  { settings, tools, people }: Poller,
  list: List,
  cursor: Cursor | null,
  items: readonly unknown[],
  own: string | null,
): { events: readonly InboundEvent[]; cursor: Cursor; more: boolean } {
  const now = tools.now()
  const at = now.getTime()
  const from = cursor ?? { since: '0', run: null, base: '0', at }
  const numbered = items.map((item) => ({ item, id: numberOf(item) }))
  // A server that does not heed since_id or max_id must not make us read the same page for ever.
  const asked = numbered.filter(({ id }) => !id || !(from.run && isNewer(id, from.run.max)))
  const ids = asked.flatMap(({ id }) => (id && isNewer(id, from.since) ? id : []))
  const reached = cursor === null || numbered.some(({ id }) => id && !isNewer(id, from.since))
  const [moved, more] = afterPage(from, ids, reached, at)
  if (!cursor && settings.firstRead === 'nothing') {
    return { events: [], cursor: { ...moved, base: moved.since }, more: false }
  }
  const fresh = asked.filter(({ id }) => !id || isNewer(id, floorOf(from)))
  // The oldest first, as they were written.
  const events = fresh.toReversed().flatMap(({ item }) => parse(item, { own, at: now }, list.kind))
  for (const event of events) {
    if (event.type === 'message') people.remember(event.message.author)
  }
  return { events, cursor: moved, more }
}

function numberOf(item: unknown): string | null {
  const read = Status.safeParse(item)
  return read.success ? idOf(read.data) : null
}
