/** Reads mentions forward. https://docs.joinmastodon.org/methods/notifications/#get, read 2026-11-24 */
import type { PollPosition, PollResult } from '#channel/adapter.ts'
import type { InboundEvent } from '#channel/events.ts'
import type { Tools } from '#channel/tools.ts'
import { type Answer, type Api, isOk } from './api.ts'
import { type Cursor, moveOn, readCursor, remember, type Seen, stamp } from './cursor.ts'
import { lookEveryMs, lookForEdits } from './edits.ts'
import { compareIds } from './ids.ts'
import { parse } from './parse.ts'
import { asReadError, readError } from './refuse.ts'
import { findOrigin } from './roots.ts'
import { Notification } from './types.ts'
import { isNearlyUsedUp, resetOf } from './wait.ts'

export const everyMs = 10_000
const pageSize = 40
/**
 * `quote` since 4.5, older servers pass over it. `include_filtered` since 4.3: what the account's policy puts aside as
 * "notification requests" are strangers' mentions, and a stranger is who asks for help.
 */
const what = 'types[]=mention&types[]=update&types[]=quote&include_filtered=true'

export async function poll(api: Api, tools: Tools, me: string, at: PollPosition, signal: AbortSignal) {
  try {
    if (at.cursor === null) return await begin(api, tools, signal)
    return await read(api, tools, me, readCursor(at.cursor), signal)
  } catch (error) {
    throw asReadError(error)
  }
}

/** What was there before the account was connected is no ticket. */
async function begin(api: Api, tools: Tools, signal: AbortSignal): Promise<PollResult> {
  const answer = await ask(api, tools, `${what}&limit=1`, signal)
  const newest = idsOf(answer).at(-1) ?? '0'
  const cursor: Cursor = { after: newest, newest, lookedAt: tools.now().getTime(), seen: [] }
  return { events: [], cursor: JSON.stringify(cursor), more: false, nextAt: nextAt(answer, tools.now()) }
}

async function read(api: Api, tools: Tools, me: string, cursor: Cursor, signal: AbortSignal): Promise<PollResult> {
  const query = `${what}&limit=${pageSize}&min_id=${encodeURIComponent(cursor.after)}`
  const answer = await ask(api, tools, query, signal)
  const { events, seen } = await readPage(api, tools, me, cursor, listOf(answer), signal)
  const isFull = listOf(answer).length >= pageSize
  let next: Cursor = { ...cursor, ...moveOn(cursor, idsOf(answer), isFull), seen: [...seen] }
  const now = tools.now()
  if (!isFull && now.getTime() - cursor.lookedAt >= lookEveryMs) {
    const look = await lookForEdits(api, tools, me, next, signal)
    events.push(...look.events)
    next = { ...next, seen: [...look.seen], lookedAt: now.getTime() }
  }
  return { events, cursor: JSON.stringify(next), more: isFull, nextAt: nextAt(answer, now) }
}

/** The page's notifications, the oldest first, with the conversation of each. */
async function readPage(
  api: Api,
  tools: Tools,
  me: string,
  cursor: Cursor,
  page: readonly unknown[],
  signal: AbortSignal,
): Promise<{ events: InboundEvent[]; seen: readonly Seen[] }> {
  const events: InboundEvent[] = []
  let seen: readonly Seen[] = cursor.seen
  for (const notification of page.toReversed()) {
    const post = Notification.safeParse(notification).data?.status
    const known = new Map(seen.map(({ id, root }) => [id, root]))
    const origin = post ? await originOf(api, tools, post, known, signal) : { root: null, parent: null }
    const fresh = parse({ me, ...origin, notification }).filter((event) => isNew(event, seen))
    events.push(...fresh)
    if (post && fresh.some(({ type }) => type !== 'unread'))
      seen = remember(seen, [{ id: post.id, root: origin.root ?? post.id, editedAt: stamp(post.edited_at) }])
  }
  return { events, seen }
}

async function originOf(
  api: Api,
  tools: Tools,
  post: NonNullable<Notification['status']>,
  known: ReadonlyMap<string, string>,
  signal: AbortSignal,
) {
  const root = known.get(post.id)
  return root ? { root, parent: null } : await findOrigin(api, tools, post, known, signal)
}

/** Not what the poll before has read already. */
function isNew(event: InboundEvent, seen: readonly Seen[]): boolean {
  if (event.type === 'message') return !seen.some(({ id }) => id === event.message.externalId)
  if (event.type !== 'edited') return true
  const { message, editedAt } = event
  return !seen.some((post) => post.id === message.externalId && post.editedAt === stamp(editedAt))
}

async function ask(api: Api, tools: Tools, query: string, signal: AbortSignal): Promise<Answer> {
  const answer = await api({ path: `/api/v1/notifications?${query}`, signal })
  if (!isOk(answer) || !Array.isArray(answer.body)) throw readError(answer, tools.now())
  return answer
}

const listOf = ({ body }: Answer): readonly unknown[] => (Array.isArray(body) ? body : [])
const idsOf = (answer: Answer): string[] =>
  listOf(answer)
    .flatMap((given) => Notification.safeParse(given).data?.id ?? [])
    .toSorted(compareIds)

/** Answers to customers come before questions to the server. */
function nextAt(answer: Answer, now: Date): Date {
  return isNearlyUsedUp(answer) ? resetOf(answer, now) : new Date(now.getTime() + everyMs)
}
