/**
 * WeCom's error codes → what is known and what an agent can do. Codes that are not here are refusals of another kind.
 * https://developer.work.weixin.qq.com/document/path/90313, as known on 2026-11-24
 */
import type { Bilingual, SendCode, SendOutcome } from '#channel/errors.ts'

export interface Refusal {
  /** Of the call that sends: it may have been done all the same. */
  readonly doubt?: true
  readonly outcome: SendOutcome
  readonly code: SendCode
  readonly text: Bilingual
  /** What has to wait. */
  readonly scope?: 'account'
  readonly waitMs?: number
}

export const say = (en: string, zh: string): Bilingual => ({ en, zh })

export const credentialsText = say(
  'WeCom refuses the corp id or the secret. An administrator has to mend the account.',
  '企业微信拒绝了企业 ID 或 Secret，请管理员检查账号设置。',
)
const trustedIpText = (ip: string | null): Bilingual =>
  say(
    `WeCom lets no calls in from ${ip ?? 'this server'}: add ${ip ?? 'its IP address'} to the trusted IPs (企业可信IP).`,
    `企业微信拒绝了来自 ${ip ?? '本服务器'} 的调用：请在管理后台的「企业可信IP」中加入 ${ip ?? '该服务器的 IP 地址'}。`,
  )
export const noRightText = say(
  'The secret may not manage this service account: give it the right in WeCom (可调用接口的应用, 可管理的客服账号), and switch the API on.',
  '该 Secret 无权管理此客服账号：请在企业微信「微信客服」中开启 API，并授权「可调用接口的应用」管理该客服账号。',
)
export const unreachableText = say('WeCom cannot be reached.', '无法连接到企业微信。')
export const noAnswerText = say(
  'WeCom did not answer; the message may have arrived or not.',
  '企业微信没有应答，消息可能已送达，也可能没有。',
)
export const unreadableText = say(
  'WeCom gave no clear answer; the message may have arrived or not.',
  '企业微信的答复不明确，消息可能已送达，也可能没有。',
)
export const busyText = say('WeCom asks us to wait.', '企业微信要求稍后再试。')
export const fileGoneText = say('WeCom does not have this file any more.', '企业微信已不再保存该文件。')
export const endedText = say(
  'The conversation has ended in WeCom. More can be sent when the customer writes again.',
  '该会话在企业微信中已结束，客户再次发消息后才能继续回复。',
)

const credentials: Refusal = { outcome: 'retry', code: 'credentials_refused', text: credentialsText, scope: 'account' }
const permission: Refusal = { outcome: 'rejected', code: 'permission', text: noRightText }
const media: Refusal = {
  outcome: 'rejected',
  code: 'media_refused',
  text: say(
    'WeCom does not take this file: its kind, size or content.',
    '企业微信不接受该文件（类型、大小或内容不符）。',
  ),
}
const wait = (waitMs: number): Refusal => ({
  outcome: 'retry',
  code: 'rate_limited',
  text: busyText,
  scope: 'account',
  waitMs,
})

const table: Readonly<Record<number, Refusal>> = {
  // "System busy, try again". Nothing says where it broke off: a person decides, rather than a customer reads it twice.
  [-1]: { outcome: 'retry', code: 'rate_limited', text: busyText, doubt: true },
  40001: credentials, // the secret, or a token that was refused twice
  40013: credentials,
  40014: credentials,
  41001: credentials,
  41002: credentials,
  41004: credentials,
  42001: credentials,
  45009: wait(60_000), // calls a minute
  45011: wait(60_000),
  45033: wait(10_000), // calls at once
  40003: {
    outcome: 'rejected',
    code: 'gone',
    text: say('WeCom does not know this customer.', '企业微信中找不到该客户。'),
  },
  40096: {
    outcome: 'rejected',
    code: 'gone',
    text: say('WeCom does not know this customer.', '企业微信中找不到该客户（external_userid 无效）。'),
  },
  45002: {
    outcome: 'rejected',
    code: 'too_long',
    text: say('The text is too long for WeCom.', '文字内容超出企业微信限制。'),
  },
  40004: media,
  40005: media,
  40006: media,
  40007: media,
  40009: media,
  40010: media,
  40011: media,
  41005: media,
  44001: media,
  45001: media,
  48002: permission,
  60011: permission,
  301002: permission,
  95000: permission,
  95004: {
    outcome: 'rejected',
    code: 'gone',
    text: say('This service account does not exist any more.', '该客服账号已不存在。'),
  },
  95012: permission,
  95017: permission,
  95001: {
    outcome: 'rejected',
    code: 'quota',
    text: say(
      'All five replies are used up, automatic ones included. More can be sent when the customer writes.',
      '5 条回复已用完（含自动回复）。客户再次发消息后可继续回复。',
    ),
  },
  95002: {
    outcome: 'rejected',
    code: 'window_closed',
    text: say('The 48 hours to reply are over.', '已超出客户发消息后 48 小时的回复时限。'),
  },
  95013: { outcome: 'rejected', code: 'window_closed', text: endedText },
  95018: {
    outcome: 'rejected',
    code: 'permission',
    text: say(
      'A colleague in the WeCom app has this conversation, or it waits for one there: answer it there, or end it there and wait for the customer to write.',
      '该会话正由企业微信中的接待人员处理（或在待接入池中排队）：请在企业微信中回复，或在那里结束会话，待客户再次发消息后在此回复。',
    ),
  },
}

export function refusalOf({
  errcode,
  status,
  ip,
}: {
  errcode: number | null
  status: number | null
  ip: string | null
}): Refusal {
  if (errcode === 60020) return { ...credentials, text: trustedIpText(ip) }
  if (errcode === null && status === 429) return wait(60_000)
  const known = errcode !== null && Object.hasOwn(table, errcode) ? table[errcode] : undefined
  if (known) return known
  const what = errcode === null ? `HTTP ${status}` : String(errcode)
  const text = say(`WeCom refused the message (code ${what}).`, `企业微信拒绝了该消息（错误码 ${what}）。`)
  return { outcome: 'rejected', code: 'invalid', text }
}
