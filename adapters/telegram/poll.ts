/** Long polling. https://core.telegram.org/bots/api#getupdates, read 2026-11-22 */
import type { PollPosition, PollResult } from '#channel/adapter.ts'
import { ReadError } from '#channel/errors.ts'
import type { InboundEvent } from '#channel/events.ts'
import type { Tools } from '#channel/tools.ts'
import type { BotApi } from './api.ts'
import { allowedUpdates } from './kinds.ts'
import type { Memory } from './memory.ts'
import { parseUpdate } from './parse.ts'
import { readErrorOf } from './read-error.ts'
import { unreadText } from './refusals.ts'

/** Telegram holds the call that long when there is nothing; its own limit is 50. A nudge's hint may ask for less. */
const waitSeconds = 25
/** What an answer may take after that. */
const answerMs = 10_000
const limit = 100

/**
 * The cursor is the next `offset`, which confirms everything before it at Telegram; so it is sent only after the core
 * stored it with the events. It is never compared: after a quiet week Telegram goes on with a random number.
 */
export async function poll(
  api: BotApi,
  tools: Tools,
  memory: Memory,
  at: PollPosition,
  signal: AbortSignal,
): Promise<PollResult> {
  const seconds = at.hint !== null && /^\d{1,2}$/u.test(at.hint) ? Math.min(50, Number(at.hint)) : waitSeconds
  const nothing = { events: [], cursor: at.cursor, more: false, nextAt: null }
  let updates: unknown
  try {
    updates = await api.call(
      'getUpdates',
      {
        offset: at.cursor !== null && /^-?\d+$/u.test(at.cursor) ? Number(at.cursor) : undefined,
        limit,
        timeout: seconds,
        allowed_updates: allowedUpdates,
      },
      {
        timeoutMs: seconds * 1000 + answerMs,
        signal,
        summary: (result) => `[${Array.isArray(result) ? result.length : '?'} updates]`,
      },
    )
  } catch (error) {
    if (signal.aborted) return nothing
    throw readErrorOf(error, tools)
  }
  if (!Array.isArray(updates)) throw new ReadError('later', { text: unreadText })
  if (updates.length === 0) return nothing
  const last = updates.map(updateIdOf).findLast((id) => id !== null)
  // Without a number there is no next offset, and the same updates would come for ever.
  if (last === undefined || last === null) throw new ReadError('later', { text: unreadText })
  const receivedAt = tools.now()
  const events: InboundEvent[] = []
  for (const update of updates) {
    await memory.learn(update)
    events.push(...parseUpdate(update, receivedAt, memory.known))
  }
  return {
    events,
    cursor: String(last + 1),
    more: updates.length >= limit,
    nextAt: null,
  }
}

function updateIdOf(update: unknown): number | null {
  const id = typeof update === 'object' && update !== null && 'update_id' in update ? update.update_id : null
  return Number.isSafeInteger(id) ? Number(id) : null
}
