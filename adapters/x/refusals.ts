/** What X's refusals mean. By number where there is one, else by X's words; each with where it was seen. */
import type { Bilingual, SendCode } from '#channel/errors.ts'
import type { Problem } from './failure.ts'

export interface Refusal {
  readonly code: SendCode
  readonly text: Bilingual
}

interface Entry extends Refusal {
  readonly status?: readonly number[]
  /** Of API v1; they still come. https://developer.x.com/en/support/x-api/error-troubleshooting, read 2026-11-24 */
  readonly codes?: readonly number[]
  readonly words?: RegExp
  readonly types?: readonly string[]
}

/** In this order. An entry fits by any of codes, words and types; its status, where given, must fit as well. */
const refusals: readonly Entry[] = [
  {
    // akrherz/iembot#163 (2026-02-13); PLhery/node-twitter-api-v2#469
    codes: [187],
    words: /duplicate content|status is a duplicate/iu,
    code: 'duplicate',
    text: { en: 'X does not take the same text twice. Change a word.', zh: 'X 不接受重复内容，请修改文字。' },
  },
  {
    // gptme/gptme-contrib#811 and #1302 (2026-03)
    words: /not been mentioned|where you are mentioned or are the author|otherwise engaged by the author/iu,
    code: 'permission',
    text: {
      en: 'X lets the API answer only people who mentioned or quoted the account. Open the post on X to answer there.',
      zh: 'X 只允许通过 API 回复提及或引用了本账号的人。请在 X 中打开该帖进行回复。',
    },
  },
  {
    codes: [136],
    words: /you have been blocked/iu,
    code: 'blocked',
    text: { en: 'This person has blocked the account.', zh: '对方已屏蔽本账号。' },
  },
  {
    // d60/twikit#231 (349), #297 (476)
    codes: [349, 150, 151, 476],
    words:
      /cannot send messages to (this user|users who)|not verified to send message requests|recipient (does not|cannot)/iu,
    code: 'permission',
    text: {
      en: 'This person does not accept direct messages from the account.',
      zh: '对方未开启接收本账号的私信。',
    },
  },
  {
    codes: [433],
    words:
      /restricted who can reply|reply to this (tweet|post) is not allowed|replies? (is|are) (limited|restricted)/iu,
    code: 'permission',
    text: { en: 'The author has limited who can reply to this post.', zh: '作者限制了可回复此帖的人。' },
  },
  {
    // PLhery/node-twitter-api-v2#366 (385)
    codes: [385, 144, 179, 34, 50, 17, 63, 421, 422],
    words:
      /deleted or not visible|no (status|user) found|user has been suspended|post (is|was) deleted|tweet (is|was) deleted/iu,
    types: ['resource-not-found', 'not-authorized-for-resource', 'resource-unavailable'],
    code: 'gone',
    text: {
      en: 'The post or the person is no longer on X, or is protected.',
      zh: '该帖子或用户已不在 X 上，或已设为受保护。',
    },
  },
  {
    codes: [186, 354],
    words: /too long|character limit|exceeds? the (maximum|character)/iu,
    code: 'too_long',
    text: { en: 'The text is too long for X.', zh: '文字超出 X 的长度限制。' },
  },
  {
    // PLhery/node-twitter-api-v2#588
    words: /media\.write/iu,
    code: 'permission',
    text: {
      en: 'The app may not upload files: sign in again with the scope media.write.',
      zh: '应用无权上传文件：请使用 media.write 权限重新授权。',
    },
  },
  {
    codes: [324, 325, 323, 386],
    words: /media ?id|media category|unsupported media|file (type|size)|media (type|processing)|maximum of 4/iu,
    code: 'media_refused',
    text: { en: 'X does not accept this file.', zh: 'X 不接受该文件。' },
  },
  {
    status: [413],
    words: /^/u,
    code: 'media_refused',
    text: { en: 'The file is too big for X.', zh: '文件超出 X 的大小限制。' },
  },
  {
    codes: [226],
    words: /might be automated/iu,
    code: 'permission',
    text: {
      en: 'X took this for an automated post. Answer on X itself.',
      zh: 'X 认为这是自动发布的内容。请直接在 X 上回复。',
    },
  },
  {
    // zapier and others, 2026: "Your client app is not configured with the appropriate oauth1 app permissions"
    codes: [93, 261],
    words:
      /app permissions|required scope|missing scope|not enrolled|attached to a project|access level|unsupported authentication/iu,
    types: ['oauth1-permissions', 'client-forbidden', 'unsupported-authentication'],
    code: 'permission',
    text: {
      en: 'The app lacks a permission at X: read, write and direct messages have to be allowed, and the account signed in again.',
      zh: '应用在 X 的权限不足：需允许读、写和私信，并重新授权账号。',
    },
  },
  {
    status: [404, 410],
    words: /^/u,
    code: 'gone',
    text: { en: 'X does not know this post or person any more.', zh: 'X 上已找不到该帖子或用户。' },
  },
  {
    status: [403],
    words: /^/u,
    code: 'permission',
    text: { en: 'X does not let the account answer here.', zh: 'X 不允许本账号在此回复。' },
  },
]

const other: Refusal = {
  code: 'invalid',
  text: { en: 'X refused the message.', zh: 'X 拒绝了这条消息。' },
}

export function refusalOf(status: number, { codes, words, type }: Problem): Refusal {
  return (
    refusals.find(
      (entry) =>
        (!entry.status || entry.status.includes(status)) &&
        (codes.some((code) => entry.codes?.includes(code)) ||
          entry.words?.test(words) ||
          (type !== '' && entry.types?.includes(type))),
    ) ?? other
  )
}

/** The account itself cannot do anything: keys refused, suspended, locked, or the sign-in ended. */
export function accountRefusal(status: number, { codes, words }: Problem): Bilingual | null {
  // "Value passed for the token was invalid.", and as OAuth names it.
  if (status === 400 && /token was invalid|invalid_grant|invalid_client/iu.test(words)) return signInEndedText
  if (codes.includes(64) || /your account is suspended/iu.test(words)) return suspendedText
  if (codes.includes(326) || /temporarily locked|log ?in to .{0,30}unlock/iu.test(words)) return lockedText
  return status === 401 || codes.includes(89) || codes.includes(32) ? credentialsText : null
}

export const credentialsText: Bilingual = {
  en: 'X does not accept the keys. They were revoked or mistyped: create new ones in the developer console.',
  zh: 'X 不接受这些密钥，可能已被撤销或填写有误。请在开发者控制台重新生成。',
}
export const signInEndedText: Bilingual = {
  en: 'The sign-in at X has ended: its refresh token was used elsewhere or revoked. Sign in again and set the new refresh token.',
  zh: 'X 的授权已失效：刷新令牌已在别处使用或被撤销。请重新授权，并填入新的刷新令牌。',
}
export const revokedText: Bilingual = {
  en: 'The account took back the access it had given the app at X. Sign in again and set the new keys.',
  zh: '该账号已在 X 撤销对应用的授权。请重新授权并填入新的密钥。',
}
export const suspendedText: Bilingual = { en: 'X has suspended the account.', zh: 'X 已停用该账号。' }
export const lockedText: Bilingual = {
  en: 'X has locked the account. Sign in at x.com to unlock it.',
  zh: 'X 已锁定该账号。请登录 x.com 解锁。',
}
export const unreachableText: Bilingual = { en: 'X cannot be reached.', zh: '无法连接 X。' }
export const noAnswerText: Bilingual = {
  en: 'X did not answer in time. The message may have arrived.',
  zh: 'X 未及时回应，消息可能已送达。',
}
export const unreadableText: Bilingual = {
  en: 'X answered with an error of its own. The message may have arrived.',
  zh: 'X 返回了服务器错误，消息可能已送达。',
}
export const busyText: Bilingual = { en: 'X asks to wait before the next message.', zh: 'X 要求稍后再发送。' }
