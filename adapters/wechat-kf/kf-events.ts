/** Items of the kind `event`: who and where stand inside `event`, not beside it. */
import type { InboundEvent } from '#channel/events.ts'
import { failReasonOf, refusedByCustomer } from './fail-types.ts'
import { threadIdOf } from './ids.ts'
import { type Item, KfEvent } from './types.ts'

/** A welcome has to be sent within 20 s: https://developer.work.weixin.qq.com/document/path/95122, as known on 2026-11-24 */
const welcomeMs = 20_000

/** Known, and nobody's words. `session_status_change` is heeded by `poll`. */
const ignored = new Set(['servicer_status_change', 'session_status_change'])

export function eventsOf(item: Item, raw: { readonly event?: unknown }): InboundEvent[] | null {
  const read = KfEvent.safeParse(raw.event)
  if (!read.success) return null
  const event = read.data
  const at = new Date(item.send_time * 1000)
  const externalUserId = event.external_userid?.trim() || item.external_userid?.trim()
  const openKfId = event.open_kfid?.trim() || item.open_kfid?.trim()
  switch (event.event_type) {
    case 'enter_session': {
      if (!externalUserId || !openKfId) return null
      const code = event.welcome_code?.trim()
      const welcome = code ? { welcome: { code, until: new Date(at.getTime() + welcomeMs) } } : {}
      const threadId = threadIdOf({ openKfId, externalUserId })
      return [{ type: 'opened', identity: externalUserId, threadId, kind: 'enter_session', at, ...welcome }]
    }
    case 'msg_send_fail': {
      const externalId = event.fail_msgid?.trim()
      if (!externalId) return null
      const failed: InboundEvent = {
        type: 'receipt',
        externalId,
        status: 'failed',
        reason: failReasonOf(event.fail_type),
        at,
      }
      if (event.fail_type !== refusedByCustomer || !externalUserId) return [failed]
      return [failed, reachability(externalUserId, false, 'refused by the customer', at)]
    }
    case 'user_recall_msg':
    case 'servicer_recall_msg': {
      const externalId = event.recall_msgid?.trim()
      return externalId ? [{ type: 'deleted', externalId, at }] : null
    }
    case 'reject_customer_msg_switch_change':
      if (!externalUserId || (event.reject_switch !== 0 && event.reject_switch !== 1)) return null
      return [reachability(externalUserId, event.reject_switch === 0, 'messages refused in WeCom', at)]
    default:
      return ignored.has(event.event_type) ? [] : null
  }
}

function reachability(identity: string, reachable: boolean, reason: string, at: Date): InboundEvent {
  return { type: 'reachability', identity, reachable, reason, at }
}
