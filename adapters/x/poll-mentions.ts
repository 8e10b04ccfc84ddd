/**
 * Mentions, in sweeps from some time before the last one: posts appear late and `since_id` is known to miss some. What is
 * read twice is known by its id, and costs nothing a second time on the same day.
 * https://docs.x.com/x-api/users/get-mentions, read 2026-11-24
 */
import { z } from 'zod'
import type { PollPosition, PollResult } from '#channel/adapter.ts'
import { ReadError } from '#channel/errors.ts'
import type { Tools } from '#channel/tools.ts'
import type { Client } from './client.ts'
import { readErrorOf } from './explain.ts'
import { ApiFailure } from './failure.ts'
import { nextLook } from './limits.ts'
import { idOf, polled, readPage } from './pages.ts'
import { parse, versionsIn } from './parse.ts'
import type { ReadCounter } from './reads.ts'
import { unreachableText } from './refusals.ts'
import type { Versions } from './versions.ts'

const minute = 60_000
/** Each sweep begins this long before the last one did. */
const overlapMs = 10 * minute
/** Now and then farther back, for what was listed very late. */
const deepEveryMs = 60 * minute
const deepMs = 6 * 60 * minute
/** A new account begins with the last day. */
const firstMs = 24 * 60 * minute

/** X lists 800 and takes some out after counting: where so many came, there may have been more. */
const mostListed = 780
const tooManyText = {
  en: 'X lists only the newest 800 mentions, and there may have been more since the last look: look for older ones on X, and set a webhook.',
  zh: 'X 最多列出最近 800 条提及，上次读取之后可能还有更多：请到 X 上查看更早的提及，并启用 Webhook。',
}

const Cursor = z.object({
  /** Whose mentions they are: other keys may be another account's. */
  own: z.string(),
  /** Beginnings of the last whole sweep, and of the last that went far back. */
  sweptAt: z.number().nullable(),
  deepAt: z.number(),
  /** A sweep under way. */
  sweep: z
    .object({ from: z.string(), at: z.number(), token: z.string(), deep: z.boolean(), listed: z.number().default(0) })
    .nullable(),
})
type Cursor = z.infer<typeof Cursor>

export interface PollDeps {
  readonly client: Client
  readonly versions: Versions
  readonly reads: ReadCounter
  readonly tools: Tools
  readonly exempt: boolean
  readonly everyMs: number
}

export async function pollMentions(deps: PollDeps, at: PollPosition, signal: AbortSignal): Promise<PollResult> {
  const { client, versions, reads, tools } = deps
  const now = tools.now()
  let cursor: Cursor | null = null
  try {
    const owner = await client.owner()
    cursor = read(at.cursor, owner.id)
    const sweep = cursor.sweep ?? begin(cursor, now)
    const { data, limits } = await client.call({
      method: 'GET',
      path: `/2/users/${owner.id}/mentions`,
      query: {
        ...fields,
        max_results: '100',
        start_time: sweep.from,
        ...(sweep.token ? { pagination_token: sweep.token } : {}),
      },
      signal,
      summary: (answer) => `[${readPage(answer)?.data.length ?? '?'} posts]`,
    })
    const page = readPage(data)
    if (!page) throw new ReadError('later', { text: unreachableText })
    const raws = page.data.map((post) => polled('post', owner.id, post, page.includes))
    await reads.posts(page.data.flatMap((post) => idOf(post) ?? []))
    await versions.note(raws.flatMap((raw) => [...versionsIn(raw)]))
    const events = raws.flatMap((raw) => parse(raw, { own: owner.id, exempt: deps.exempt, receivedAt: now }))
    const token = page.meta.next_token
    // To the end, however short the pages are: X takes things out of them after counting. It lists 800 at most.
    const more = token !== undefined && token !== sweep.token
    const listed = sweep.listed + page.data.length
    if (!more && listed >= mostListed) await tools.health({ state: 'warning', text: tooManyText })
    const next: Cursor = more
      ? { ...cursor, sweep: { ...sweep, token, listed } }
      : { own: owner.id, sweptAt: sweep.at, deepAt: sweep.deep ? sweep.at : cursor.deepAt, sweep: null }
    return { events, cursor: JSON.stringify(next), more, nextAt: more ? null : nextLook(now, deps.everyMs, limits) }
  } catch (error) {
    // A page that is no longer there: the sweep begins again.
    if (cursor?.sweep && error instanceof ApiFailure && error.status === 400) {
      return {
        events: [],
        cursor: JSON.stringify({ ...cursor, sweep: null }),
        more: false,
        nextAt: nextLook(now, deps.everyMs, null),
      }
    }
    throw readErrorOf(error, now)
  }
}

function begin({ sweptAt, deepAt }: Cursor, now: Date): NonNullable<Cursor['sweep']> {
  const at = now.getTime()
  const deep = sweptAt === null || at - deepAt >= deepEveryMs
  const from = sweptAt === null ? at - firstMs : Math.min(sweptAt - overlapMs, deep ? at - deepMs : at)
  // Whole seconds are all it takes.
  return { from: `${new Date(from).toISOString().slice(0, 19)}Z`, at, token: '', deep, listed: 0 }
}

function read(text: string | null, own: string): Cursor {
  const fresh: Cursor = { own, sweptAt: null, deepAt: 0, sweep: null }
  try {
    const kept = text === null ? fresh : Cursor.parse(JSON.parse(text))
    return kept.own === own ? kept : fresh
  } catch {
    return fresh // Written by another version: the last day is read again, and known already.
  }
}

const fields = {
  'tweet.fields':
    'attachments,author_id,conversation_id,created_at,display_text_range,edit_history_tweet_ids,entities,in_reply_to_user_id,note_tweet,referenced_tweets',
  expansions:
    'attachments.media_keys,attachments.poll_ids,author_id,referenced_tweets.id,referenced_tweets.id.author_id',
  'user.fields': 'name,profile_image_url,public_metrics,username',
  'media.fields': 'duration_ms,height,media_key,preview_image_url,type,url,variants,width',
  'poll.fields': 'options',
}
