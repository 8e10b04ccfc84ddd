/** `kf/sync_msg`, page by page. https://developer.work.weixin.qq.com/document/path/94670, as known on 2026-11-24 */
import type { PollPosition, PollResult } from '#channel/adapter.ts'
import { type InboundEvent, sequenceOf } from '#channel/events.ts'
import type { Tools } from '#channel/tools.ts'
import type { Api } from './api.ts'
import { type Cursor, cursorIn, storedOf } from './cursor.ts'
import { readErrorOf } from './explain.ts'
import { WeComFailure } from './failure.ts'
import { type Hint, hintIn } from './hint.ts'
import type { Names } from './names.ts'
import { parse } from './parse.ts'
import type { Sessions } from './session.ts'
import type { Settings } from './settings.ts'
import { fieldsOf, Page, textOf } from './types.ts'

/** The most a page may have. */
const limit = 1000
/** A full page of long messages. */
const maxBytes = 16 * 1024 * 1024
/** "There is more", and the cursor leads nowhere. */
const stuckMs = 5_000
/** The first message may have been written while the account was being set up: as old as a call's token can be. */
const setUpSeconds = 10 * 60

export interface PollerParts {
  readonly api: Api
  readonly tools: Tools
  readonly settings: Settings
  readonly names: Names
  readonly sessions: Sessions
}

export function createPoll({ api, tools, settings, names, sessions }: PollerParts) {
  /** A call's token is good for the pages that follow as well; the core hands it over once. */
  const hints = new Map<string, Hint>()

  function tokenFor(stream: string, given: string | null): string | null {
    const hint = hintIn(given) ?? hints.get(stream)
    if (!hint || hint.until <= tools.now().getTime()) {
      hints.delete(stream)
      return null
    }
    hints.set(stream, hint)
    return hint.token
  }

  async function pageOf(stream: string, cursor: Cursor, token: string | null, signal: AbortSignal) {
    const ask = (next: string | null, with_: string | null) => {
      const body = {
        ...(next === null ? {} : { cursor: next }),
        ...(with_ === null ? {} : { token: with_ }),
        limit,
        voice_format: 0,
        open_kfid: stream,
      }
      return api.post('kf/sync_msg', body, { signal, maxBytes })
    }
    try {
      return await ask(cursor.next, token)
    } catch (error) {
      if (!(error instanceof WeComFailure)) throw error
      // The token is not good any more: without one it is read more seldom, but it is read.
      if (error.errcode === 95007 && token !== null) {
        hints.delete(stream)
        return await ask(cursor.next, null)
      }
      // The cursor is not: from the start, three days back. What is known already is known by its id.
      if (error.errcode === 40058 && cursor.next !== null) {
        tools.log.warn({ stream }, 'wechat-kf: the cursor was refused, reading the last three days again')
        return await ask(null, token)
      }
      throw error
    }
  }

  return async ({ stream, cursor: stored, hint }: PollPosition, signal: AbortSignal): Promise<PollResult> => {
    const now = tools.now()
    const cursor = cursorIn(stored) ?? { next: null, since: sinceOf(settings, now, hintIn(hint)) }
    const token = tokenFor(stream, hint)
    try {
      const page = Page.parse(await pageOf(stream, cursor, token, signal))
      const next = page.next_cursor || cursor.next
      const fresh = page.msg_list.filter((item) => isFresh(item, cursor.since)).map((item) => placed(item, stream))
      for (const item of fresh) sessions.heed(fieldsOf(item).event)
      const events = fresh.flatMap((item, index) => parse(item).map((event) => inOrder(event, index)))
      // A page may be short, or empty, and not be the last. One that leads nowhere would be read for ever.
      const more = page.has_more === 1 && next !== cursor.next
      if (!more) hints.delete(stream)
      return {
        events: await names(events, signal),
        cursor: storedOf({ next, since: cursor.since }),
        more,
        nextAt: more ? null : new Date(now.getTime() + (page.has_more === 1 ? stuckMs : settings.pollSeconds * 1000)),
      }
    } catch (error) {
      throw readErrorOf(error, tools)
    }
  }
}

/** Where a call came first, it counts from there: this server may have been away since. */
function sinceOf({ history }: Settings, now: Date, hint: Hint | null): number {
  if (history === 'take') return 0
  const first = Math.min(now.getTime(), hint?.cameAt ?? now.getTime())
  return Math.floor(first / 1000) - setUpSeconds
}

/** What has no time that can be read is looked at, and kept. */
function isFresh(item: unknown, since: number): boolean {
  const time = Number(textOf(fieldsOf(item).send_time) || Number.NaN)
  return !(time < since)
}

/** A message that names no service account is of the one that was asked for. An event has it inside. */
function placed(item: unknown, stream: string): unknown {
  const fields = fieldsOf(item)
  const lacks = fields.msgtype !== undefined && fields.msgtype !== 'event' && textOf(fields.open_kfid) === ''
  return lacks ? { ...fields, open_kfid: stream } : item
}

/** Times are whole seconds: those of one page stand in its order. */
function inOrder(event: InboundEvent, index: number): InboundEvent {
  if (event.type !== 'message' && event.type !== 'echo') return event
  const seconds = Math.floor(event.message.sentAt.getTime() / 1000)
  return { ...event, message: { ...event.message, sequence: sequenceOf(seconds * 10_000 + index) } }
}
