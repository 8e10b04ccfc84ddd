/**
 * Weibo's error codes in the house's words. https://open.weibo.com/wiki/Error_code, read 2026-11-24. What is not in that page,
 * or was seen to mean several things, is marked [U] and is an assumption to be changed here.
 */
import type { Bilingual, SendCode } from '#channel/errors.ts'

export type Meaning =
  /** Certainly not done, and may work later. `wait`: how long, or until which clock turns. */
  | { readonly kind: 'retry'; readonly code: SendCode; readonly wait: Wait; readonly text: Bilingual }
  /** Of a call that sends: done all the same. */
  | { readonly kind: 'accepted' }
  /** May have been done. */
  | { readonly kind: 'unknown'; readonly text: Bilingual }
  | { readonly kind: 'credentials'; readonly text: Bilingual }
  | { readonly kind: 'rejected'; readonly code: SendCode; readonly text: Bilingual }

export type Wait = 'core' | 'two-minutes' | 'hour' | 'day'

const rejected = (code: SendCode, en: string, zh: string): Meaning => ({ kind: 'rejected', code, text: { en, zh } })
const retry = (code: SendCode, wait: Wait, en: string, zh: string): Meaning => ({
  kind: 'retry',
  code,
  wait,
  text: { en, zh },
})
const credentials = (en: string, zh: string): Meaning => ({ kind: 'credentials', text: { en, zh } })

export const outOfOrderText: Bilingual = { en: 'Weibo is out of order at the moment.', zh: '微博系统暂时出错。' }
const system = retry('platform_error', 'core', outOfOrderText.en, outOfOrderText.zh)
/** "System error", "Remote service error": no word of where it broke off, before or after. */
const broke: Meaning = {
  kind: 'unknown',
  text: { en: 'Weibo met an error of its own. The reply may have arrived.', zh: '微博系统出错，回复可能已送达。' },
}
const timedOut: Meaning = {
  kind: 'unknown',
  text: { en: 'Weibo took too long. The reply may have arrived.', zh: '微博处理超时，回复可能已送达。' },
}
const permission = rejected(
  'permission',
  'The app lacks the permission for this at Weibo: apply for it at open.weibo.com.',
  '该应用没有此接口的权限，请在 open.weibo.com 申请。',
)
const badRequest = rejected('invalid', 'Weibo refused the request.', '微博拒绝了该请求。')
const repeated = rejected(
  'duplicate',
  'Weibo refuses the same or a very similar text twice. Change the wording.',
  '微博拒绝重复或过于相似的内容，请修改措辞。',
)
const content = rejected(
  'invalid',
  'Weibo refuses this text for what it contains: a link, advertising or words that are not allowed.',
  '内容含有微博不允许的链接、广告或敏感词，被拒绝。',
)
const captcha = rejected(
  'permission',
  'Weibo wants to see a captcha solved. Sign in to this account at weibo.com, solve it there, then send the reply again.',
  '微博要求输入验证码。请在 weibo.com 登录该账号完成验证，然后重新发送。',
)
const postGone = rejected('gone', 'The post was deleted.', '该微博已被删除。')
const commentGone = rejected('gone', 'The comment was deleted.', '该评论已被删除。')
const restricted = rejected(
  'permission',
  'The author of the post lets only some people comment, and this account is not among them.',
  '博主设置了评论权限，本账号无法评论。',
)
const tokenWrong = credentials(
  'Weibo does not accept the access token. Authorise the app again and set the new token.',
  '微博不接受该访问令牌，请重新授权并填入新令牌。',
)

const known: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  ...each([10001, 10003], broke),
  ...each([10002, 10009], system),
  ...each([10010, 10011], timedOut),
  [
    10004,
    rejected(
      'permission',
      'This server’s IP address is not among those the app may call from: add it at open.weibo.com.',
      '服务器 IP 不在应用的安全 IP 列表中，请在 open.weibo.com 添加。',
    ),
  ],
  ...each([10005, 10014, 10015, 20015, 21321, 21337], permission),
  ...each([10006, 10007, 10008, 10012, 10013, 10016, 10017, 10018, 10020, 10021, 20001, 20002, 20008], badRequest),
  // The IP's count is by the hour. [U] that the one of a single interface (10024) is as well.
  [
    10022,
    retry('rate_limited', 'hour', 'This server’s calls of the hour are used up.', '本服务器本小时的调用次数已用完。'),
  ],
  [10023, retry('rate_limited', 'day', 'The account’s calls of the day are used up.', '该账号今日的调用次数已用完。')],
  [
    10024,
    retry(
      'rate_limited',
      'hour',
      'The calls of this interface are used up for the hour.',
      '该接口本小时的调用次数已用完。',
    ),
  ],
  ...each([20012, 20013], rejected('too_long', 'The text is too long for Weibo.', '内容超出微博的字数限制。')),
  [20016, retry('rate_limited', 'two-minutes', 'Weibo asks to write more slowly.', '发布过于频繁，微博要求稍后再发。')],
  ...each([20017, 20019, 20111, 20306], repeated),
  ...each([20018, 20020, 20021, 20202, 20302, 21602], content),
  ...each([20031, 20507], captcha),
  [
    20022,
    rejected(
      'permission',
      'Weibo finds this server’s IP address conspicuous and takes nothing from it for now.',
      '微博认为服务器 IP 行为异常，暂不接受其请求。',
    ),
  ],
  [20032, { kind: 'accepted' }],
  ...each([20101, 20104, 20109], postGone),
  ...each([20201, 20204], commentGone),
  [20003, rejected('gone', 'This person’s account no longer exists.', '对方账号已不存在。')],
  // [U] 20205 is told of, and stands in no list.
  ...each([20205, 20206, 20207], restricted),
  ...each(
    [20301, 20508, 20512, 20901],
    // Not `blocked`: what a person refuses in private they may still be answered in public.
    rejected('permission', 'This person does not take messages from this account.', '对方不接收本账号的消息。'),
  ),
  [
    26403,
    rejected(
      'window_closed',
      'The 48 hours for answering are over, or the one answer was given.',
      '48 小时回复时限已过，或可回复次数已用完。',
    ),
  ],
  ...each([21301, 21310, 21311, 21312, 21313, 21318, 21324, 21325, 21326], tokenWrong),
  [
    21327,
    credentials(
      'The access token has expired. Authorise the app again and set the new token.',
      '访问令牌已过期，请重新授权并填入新令牌。',
    ),
  ],
  [
    21315,
    credentials(
      'The access token has expired. Authorise the app again and set the new token.',
      '访问令牌已过期，请重新授权并填入新令牌。',
    ),
  ],
  [
    21319,
    credentials(
      'The account withdrew its authorisation of the app. Authorise it again.',
      '该账号已解除对应用的授权，请重新授权。',
    ),
  ],
  [21331, system],
])

/** Null: a code nobody knows. [U] which of 21314 to 21332 a token can meet: all of them are taken for it. */
export function meaningOf(code: number): Meaning | null {
  return known.get(code) ?? (code >= 21314 && code <= 21332 ? tokenWrong : null)
}

function each(codes: readonly number[], meaning: Meaning): [number, Meaning][] {
  return codes.map((code) => [code, meaning])
}

export const unknownCode = (code: number | null): Bilingual => ({
  en: `Weibo refused it${code === null ? '' : ` (${code})`}.`,
  zh: `微博拒绝了该操作${code === null ? '' : `（${code}）`}。`,
})
export const unreachableText: Bilingual = { en: 'Weibo cannot be reached.', zh: '无法连接微博。' }
export const noAnswerText: Bilingual = {
  en: 'Weibo did not answer in time. The reply may have arrived.',
  zh: '微博未及时回应，回复可能已送达。',
}
export const unreadableText: Bilingual = {
  en: 'Weibo gave no answer that can be read. The reply may have arrived.',
  zh: '微博的应答无法识别，回复可能已送达。',
}
/** The same of a reading, which sends nothing. */
export const unreadText: Bilingual = {
  en: 'Weibo gave no answer that can be read.',
  zh: '微博的应答无法识别。',
}
