/**
 * WeChat's error codes → what is known and what an agent can do. Codes that are not here are refusals of another kind.
 * https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html, read 2026-11-24
 */
import type { Bilingual, SendCode, SendOutcome } from '#channel/errors.ts'

export interface Refusal {
  readonly outcome: SendOutcome
  readonly code: SendCode
  readonly text: Bilingual
  /** What has to wait. */
  readonly scope?: 'account'
  /** Of the call that sends: it may have been done all the same. */
  readonly doubt?: true
  /** How long; `midnight`: until the day is over in China, when the counters begin anew. */
  readonly wait?: number | 'midnight'
}

const say = (en: string, zh: string): Bilingual => ({ en, zh })

export const credentialsText = say(
  'WeChat refuses the AppID or AppSecret. An administrator has to mend the account.',
  '微信拒绝了 AppID 或 AppSecret，请管理员检查账号设置。',
)
export const whitelistText = (ip: string | null): Bilingual =>
  say(
    `WeChat lets no calls in from ${ip ?? 'this server'}: put ${ip ?? 'its IP address'} on the IP whitelist in the WeChat console.`,
    `微信拒绝了来自 ${ip ?? '本服务器'} 的调用：请在公众平台的 IP 白名单中加入 ${ip ?? '该服务器的 IP 地址'}。`,
  )
export const uncertifiedText = say(
  'This official account may not send customer-service messages: it has to be certified (认证).',
  '该公众号没有客服消息接口权限，请先完成微信认证。',
)
export const unreachableText = say('WeChat cannot be reached.', '无法连接到微信服务器。')
export const noAnswerText = say(
  'WeChat did not answer; the message may have arrived or not.',
  '微信没有应答，消息可能已送达，也可能没有。',
)
export const unreadableText = say(
  'WeChat gave no clear answer; the message may have arrived or not.',
  '微信的答复不明确，消息可能已送达，也可能没有。',
)
export const busyText = say('WeChat asks us to wait.', '微信要求稍后再试。')
const accessText = say('The access to WeChat is being renewed.', '正在更新微信的访问凭据。')
const mediaText = say(
  'WeChat does not take this file: its kind, size, length or content.',
  '微信不接受该文件（类型、大小、时长或内容不符）。',
)
const unfollowedText = say('The customer has unfollowed the account.', '客户已取消关注该公众号。')

const credentials: Refusal = { outcome: 'retry', code: 'credentials_refused', text: credentialsText, scope: 'account' }
const media: Refusal = { outcome: 'rejected', code: 'media_refused', text: mediaText }
const permission = (text: Bilingual): Refusal => ({ outcome: 'rejected', code: 'permission', text })
const wait = (ms: number | 'midnight', scope?: 'account'): Refusal => ({
  outcome: 'retry',
  code: 'rate_limited',
  text: busyText,
  wait: ms,
  ...(scope ? { scope } : {}),
})

export const renewing: Refusal = { outcome: 'retry', code: 'rate_limited', text: accessText, scope: 'account' }

const table: Readonly<Record<number, Refusal>> = {
  // "System busy, try again later". Nothing says where it broke off: a person decides, rather than a customer reads it twice.
  [-1]: { outcome: 'retry', code: 'rate_limited', text: busyText, doubt: true },
  40001: credentials, // "invalid credential": the AppSecret, or a token that was refused twice
  40002: credentials,
  40013: credentials,
  40014: credentials,
  40125: credentials,
  40243: { ...credentials, text: say('The AppSecret is frozen.', 'AppSecret 已被冻结。') },
  41002: credentials,
  41004: credentials,
  42001: credentials,
  50007: { ...credentials, text: say('The official account is frozen.', '该公众号已被冻结。') },
  45009: wait('midnight', 'account'), // the day's count of calls
  45011: wait(60_000, 'account'), // the minute's
  40003: {
    outcome: 'rejected',
    code: 'gone',
    text: say('WeChat does not know this customer.', '微信中找不到该客户（OpenID 无效）。'),
  },
  43004: { outcome: 'rejected', code: 'blocked', text: unfollowedText },
  43019: {
    outcome: 'rejected',
    code: 'blocked',
    text: say('The customer is on the blacklist.', '客户在公众号黑名单中。'),
  },
  48002: {
    outcome: 'rejected',
    code: 'blocked',
    text: say('The customer takes no messages from this account.', '客户已关闭接收该公众号的消息。'),
  },
  45015: {
    outcome: 'rejected',
    code: 'window_closed',
    text: say(
      'The time to reply is over (48 hours after a message, 1 minute after a click, scan or follow), or the customer has unfollowed.',
      '已超出回复时限（客户发消息后 48 小时，点击菜单、扫码或关注后 1 分钟），或客户已取消关注。',
    ),
  },
  45047: {
    outcome: 'rejected',
    code: 'quota',
    text: say(
      'All replies are used up (5 after a message, 3 after a click, scan or follow). More can be sent when the customer writes.',
      '可用的回复条数已用完（客户发消息后 5 条，点击菜单、扫码或关注后 3 条）。客户再次发消息后可继续回复。',
    ),
  },
  45002: {
    outcome: 'rejected',
    code: 'too_long',
    text: say('The text is too long for WeChat.', '文字内容超出微信限制。'),
  },
  40004: media,
  40005: media,
  40006: media,
  40007: media,
  40009: media,
  40010: media,
  40011: media,
  40012: media,
  41005: media,
  45001: media,
  45007: media,
  87014: {
    outcome: 'rejected',
    code: 'invalid',
    text: say('WeChat holds the content to be against its rules.', '微信认为该内容存在违规风险。'),
  },
  48001: permission(uncertifiedText),
  48004: permission(say('WeChat has taken this interface away from the account.', '该公众号的客服消息接口已被封禁。')),
  50002: permission(say('WeChat has limited the official account.', '该公众号功能受限。')),
}

export function refusalOf(errcode: number | null, status: number | null, ip: string | null): Refusal {
  if (errcode === 40164) return { ...credentials, text: whitelistText(ip) }
  if (errcode === null && status === 429) return wait(60_000, 'account')
  const known = errcode !== null && Object.hasOwn(table, errcode) ? table[errcode] : undefined
  if (known) return known
  const what = errcode === null ? `HTTP ${status}` : String(errcode)
  const text = say(`WeChat refused the message (code ${what}).`, `微信拒绝了该消息（错误码 ${what}）。`)
  return { outcome: 'rejected', code: 'invalid', text }
}
