/**
 * Direct messages of the whole account: 15 looks in 15 minutes are too few for one look per conversation. The newest come
 * first, and there is no "since": a page is read again each time, a small one, because each message is billed once a day.
 * https://docs.x.com/x-api/direct-messages/get-dm-events, read 2026-11-24
 */
import { z } from 'zod'
import type { PollPosition, PollResult } from '#channel/adapter.ts'
import { ReadError } from '#channel/errors.ts'
import { readErrorOf } from './explain.ts'
import { ApiFailure } from './failure.ts'
import { timeOfId } from './ids.ts'
import { nextLook } from './limits.ts'
import { idOf, polled, readPage } from './pages.ts'
import { parse } from './parse.ts'
import type { PollDeps } from './poll-mentions.ts'
import { unreachableText } from './refusals.ts'
import { compareIds } from './versions.ts'

const firstPage = '20'
const laterPages = '100'
/** A new account begins with the last day. */
const firstMs = 24 * 3_600_000
/** 15 in 15 minutes. */
const leastMs = 60_000

const Cursor = z.object({
  /** Whose list it is: other keys may be another account's. */
  own: z.string(),
  /** What is older was there before the account. */
  from: z.number(),
  /** The newest of the last whole look. */
  newest: z.string().nullable(),
  /** A look under way. */
  look: z.object({ token: z.string(), top: z.string() }).nullable(),
})
type Cursor = z.infer<typeof Cursor>

export async function pollMessages(deps: PollDeps, at: PollPosition, signal: AbortSignal): Promise<PollResult> {
  const { client, reads, tools, exempt } = deps
  const now = tools.now()
  let cursor: Cursor | null = null
  try {
    const owner = await client.owner()
    cursor = read(at.cursor, owner.id, now)
    const { look, from, newest } = cursor
    const { data, limits } = await client.call({
      method: 'GET',
      path: '/2/dm_events',
      query: {
        ...fields,
        max_results: look ? laterPages : firstPage,
        ...(look ? { pagination_token: look.token } : {}),
      },
      signal,
      summary: (answer) => `[${readPage(answer)?.data.length ?? '?'} messages]`,
    })
    const page = readPage(data)
    if (!page) throw new ReadError('later', { text: unreachableText })
    const ids = page.data.flatMap((event) => idOf(event) ?? []).sort(compareIds)
    await reads.messages(ids)
    const wanted = page.data.filter((event) => {
      const id = idOf(event)
      return id === null || timeOfId(id).getTime() >= from
    })
    const events = wanted.flatMap((event) =>
      parse(polled('dm', owner.id, event, page.includes), { own: owner.id, exempt, receivedAt: now }),
    )
    const top = [look?.top ?? newest ?? '0', ids.at(-1) ?? '0'].sort(compareIds).at(-1)!
    const token = page.meta.next_token
    const oldest = ids[0]
    // However many pages that takes: what a look leaves out, the next one does not come to. A page may be empty in between.
    const reached =
      newest === null ||
      (oldest !== undefined && (compareIds(oldest, newest) <= 0 || timeOfId(oldest).getTime() < from))
    const more = token !== undefined && !reached && token !== look?.token
    const next: Cursor = more ? { ...cursor, look: { token, top } } : { ...cursor, newest: top, look: null }
    // Without headers nothing says how many looks are left.
    const pace = limits ? deps.everyMs : Math.max(deps.everyMs, leastMs)
    return { events, cursor: JSON.stringify(next), more, nextAt: more ? null : nextLook(now, pace, limits) }
  } catch (error) {
    if (cursor?.look && error instanceof ApiFailure && error.status === 400) {
      return {
        events: [],
        cursor: JSON.stringify({ ...cursor, look: null }),
        more: false,
        nextAt: nextLook(now, leastMs, null),
      }
    }
    throw readErrorOf(error, now)
  }
}

function read(text: string | null, own: string, now: Date): Cursor {
  const fresh: Cursor = { own, from: now.getTime() - firstMs, newest: null, look: null }
  try {
    const kept = text === null ? fresh : Cursor.parse(JSON.parse(text))
    return kept.own === own ? kept : fresh
  } catch {
    return fresh // Written by another version: the last day is read again, and known already.
  }
}

const fields = {
  event_types: 'MessageCreate',
  'dm_event.fields':
    'attachments,created_at,dm_conversation_id,entities,event_type,id,referenced_tweets,sender_id,text',
  expansions: 'attachments.media_keys,referenced_tweets.id,sender_id',
  'tweet.fields': 'author_id,entities',
  'user.fields': 'name,profile_image_url,public_metrics,username',
  'media.fields': 'duration_ms,height,media_key,preview_image_url,type,url,variants,width',
}
