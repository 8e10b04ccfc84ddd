/**
 * Who answers a conversation in WeCom. Through the API it can be answered in state 0 (new) and 1 (the assistant, which is
 * us); so a new one is made ours. https://developer.work.weixin.qq.com/document/path/94669, as known on 2026-11-24
 */
import type { Tools } from '#channel/tools.ts'
import type { Api } from './api.ts'
import { WeComFailure } from './failure.ts'
import { type Place, threadIdOf } from './ids.ts'
import { fieldsOf, textOf } from './types.ts'

/** 0 new, 1 the assistant, 2 waits for a colleague, 3 a colleague has it, 4 ended or not begun. Null: not to be had. */
export type SessionState = 0 | 1 | 2 | 3 | 4 | null

const ours = 1
/** How long it is taken to be ours without asking again. */
const goodMs = 10 * 60_000
const maxKept = 5000
const timeoutMs = 2500

export interface Sessions {
  /** Before a send: a new conversation is made ours. What cannot be found out is left to the send. */
  prepare(place: Place, signal: AbortSignal): Promise<void>
  /** After a refusal: how it stands now, and whether it could be made ours. */
  reopen(place: Place, signal: AbortSignal): Promise<SessionState>
  /** An event that was read: somebody in WeCom changed it. */
  heed(event: unknown): void
}

export function createSessions(api: Api, tools: Pick<Tools, 'now'>): Sessions {
  const goodUntil = new Map<string, number>()

  const body = ({ openKfId, externalUserId }: Place) => ({ open_kfid: openKfId, external_userid: externalUserId })

  async function stateOf(place: Place, signal: AbortSignal): Promise<SessionState> {
    const { service_state } = await api.post('kf/service_state/get', body(place), { signal, timeoutMs })
    const state = Number(textOf(service_state) || Number.NaN)
    return state === 0 || state === 1 || state === 2 || state === 3 || state === 4 ? state : null
  }

  async function makeOurs(place: Place, signal: AbortSignal): Promise<SessionState> {
    const state = await stateOf(place, signal)
    if (state === 0) {
      await api.post('kf/service_state/trans', { ...body(place), service_state: ours }, { signal, timeoutMs })
    }
    if (state !== 0 && state !== 1) return state
    goodUntil.set(threadIdOf(place), tools.now().getTime() + goodMs)
    for (const oldest of goodUntil.keys()) if (goodUntil.size > maxKept) goodUntil.delete(oldest)
    return 1
  }

  async function quietly(place: Place, signal: AbortSignal): Promise<SessionState> {
    try {
      return await makeOurs(place, signal)
    } catch (error) {
      // Without a token no send is possible either; anything else the send will tell.
      if (error instanceof WeComFailure && !error.beforeCall) return null
      throw error
    }
  }

  return {
    async prepare(place, signal) {
      if ((goodUntil.get(threadIdOf(place)) ?? 0) > tools.now().getTime()) return
      await quietly(place, signal)
    },
    async reopen(place, signal) {
      goodUntil.delete(threadIdOf(place))
      return quietly(place, signal)
    },
    heed(event) {
      const { event_type, open_kfid, external_userid } = fieldsOf(event)
      if (event_type !== 'session_status_change' && event_type !== 'enter_session') return
      goodUntil.delete(threadIdOf({ openKfId: textOf(open_kfid), externalUserId: textOf(external_userid) }))
    },
  }
}
