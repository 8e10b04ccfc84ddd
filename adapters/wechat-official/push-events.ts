/** Pushes of the kind `event`: follows, scans, menus, and much that is nobody's word. */
import type { InboundEvent } from '#channel/events.ts'
import type { Push } from './types.ts'

/**
 * What opens the short reply window, and what we call it. Of the menu's kinds only these three do.
 * https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage, read 2026-11-24
 */
const openings: Readonly<Record<string, string>> = {
  subscribe: 'subscribe',
  scan: 'scan',
  click: 'click',
  scancode_push: 'click',
  scancode_waitmsg: 'click',
}

/** Known, and nobody's words: nothing to do with them. Names in lower case; WeChat mixes both. */
const ignored = new Set([
  'location', // where a follower is, every few seconds if allowed
  'view',
  'view_miniprogram',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select',
  'media_id',
  'article_id',
  'article_view_limited',
  'templatesendjobfinish',
  'masssendjobfinish',
  'publishjobfinish',
  'kf_create_session',
  'kf_close_session',
  'kf_switch_session',
  'subscribe_msg_popup_event',
  'subscribe_msg_change_event',
  'subscribe_msg_sent_event',
  'qualification_verify_success',
  'qualification_verify_fail',
  'naming_verify_success',
  'naming_verify_fail',
  'annual_renew',
  'verify_expired',
])

/** Whom WeChat's own customer-service desk takes over writes there, and not to us, until it gives the chat back. */
export const takenOver = 'kf_create_session'

export function eventOf(push: Push, at: Date, raw: unknown): InboundEvent[] {
  const { FromUserName: openId } = push
  const name = push.Event?.trim().toLowerCase() ?? ''
  const kind = Object.hasOwn(openings, name) ? openings[name] : undefined
  if (kind !== undefined) {
    const opened: InboundEvent = { type: 'opened', identity: openId, threadId: openId, kind, at }
    return kind === 'subscribe' ? [opened, reachability(openId, true, 'subscribed', at)] : [opened]
  }
  if (name === 'unsubscribe') return [reachability(openId, false, 'unsubscribed', at)]
  if (ignored.has(name)) return []
  // Events have no id. Two in one second are two: WeChat's own advice, FromUserName and CreateTime, would lose one.
  const externalId = ['event', openId, push.CreateTime, push.Event ?? '', push.EventKey ?? ''].join(':')
  return [{ type: 'unread', externalId, reason: 'an unknown kind of event', raw }]
}

function reachability(identity: string, reachable: boolean, reason: string, at: Date): InboundEvent {
  return { type: 'reachability', identity, reachable, surface: 'direct', reason, at }
}
