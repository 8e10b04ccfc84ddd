/** Telegram's refusals in the house's words. Matched by code and a loose pattern: the texts have changed before. */
import type { Bilingual, SendCode } from '#channel/errors.ts'

export interface Refusal {
  readonly code: SendCode
  readonly text: Bilingual
}

/**
 * The first that fits. Texts: telegram-bot-api/Client.cpp of github.com/tdlib/telegram-bot-api @01a3679, and Telegram's
 * own codes in capitals, which the server hands through as a 400. Read 2026-11-22
 */
const refusals: readonly (Refusal & { readonly status: number; readonly pattern: RegExp })[] = [
  {
    status: 403,
    pattern: /blocked by the user/iu,
    code: 'blocked',
    text: { en: 'This person has blocked the bot.', zh: '对方已屏蔽该机器人。' },
  },
  {
    status: 403,
    pattern: /deactivated|chat was deleted/iu,
    code: 'gone',
    text: { en: 'This account or group no longer exists.', zh: '对方账号或群组已不存在。' },
  },
  {
    status: 403,
    pattern: /kicked|not a member/iu,
    code: 'permission',
    text: { en: 'The bot is not in this chat any more.', zh: '机器人已不在该聊天中。' },
  },
  {
    status: 403,
    pattern: /initiate conversation|to bots/iu,
    code: 'permission',
    text: {
      en: 'A bot may not write first, or to other bots.',
      zh: '机器人不能主动发起会话，也不能给其他机器人发消息。',
    },
  },
  {
    status: 403,
    pattern: /./u,
    code: 'permission',
    text: { en: 'The bot may not write here.', zh: '机器人无权在此发言。' },
  },
  {
    status: 413,
    pattern: /./u,
    code: 'media_refused',
    text: { en: 'The file is too big for Telegram.', zh: '文件超出 Telegram 的大小限制。' },
  },
  {
    status: 400,
    pattern: /too long|_TOO_LONG/u,
    code: 'too_long',
    text: { en: 'The text is too long for Telegram.', zh: '文字超出 Telegram 的长度限制。' },
  },
  {
    status: 400,
    pattern: /BUSINESS_PEER_USAGE_MISSING/u,
    code: 'window_closed',
    text: {
      en: 'This person has not written in the last 24 hours.',
      zh: '对方在过去 24 小时内没有发来消息，无法回复。',
    },
  },
  {
    status: 400,
    pattern: /BUSINESS_(CONNECTION|PEER)|business connection not found/iu,
    code: 'permission',
    text: { en: 'The business account is not connected any more.', zh: '商业账号的连接已失效。' },
  },
  {
    status: 400,
    pattern: /chat not found|user not found|thread not found|chat was deleted|PEER_ID_INVALID|CHANNEL_INVALID/iu,
    code: 'gone',
    text: { en: 'Telegram does not know this chat any more.', zh: 'Telegram 中已找不到该聊天。' },
  },
  {
    status: 400,
    pattern: /USER_IS_BLOCKED|YOU_BLOCKED_USER/u,
    code: 'blocked',
    text: { en: 'This person has blocked the bot.', zh: '对方已屏蔽该机器人。' },
  },
  {
    status: 400,
    pattern: /VOICE_MESSAGES_FORBIDDEN/u,
    code: 'media_refused',
    text: { en: 'This person does not accept voice messages.', zh: '对方不接收语音消息。' },
  },
  {
    status: 400,
    pattern: /TOPIC_CLOSED/u,
    code: 'permission',
    text: { en: 'The topic is closed, and so is the general one.', zh: '该话题已关闭，“常规”话题也无法发言。' },
  },
  {
    status: 400,
    pattern:
      /not enough rights|no rights|have no right|(WRITE|SEND_\w+)_FORBIDDEN|CHAT_RESTRICTED|ADMIN_REQUIRED|can't send/iu,
    code: 'permission',
    text: {
      en: 'The bot lacks the rights to write here.',
      zh: '机器人在此没有发言权限。',
    },
  },
  {
    status: 400,
    pattern: /file|photo|image|video|audio|voice|media|document|PHOTO_|IMAGE_|VIDEO_|MEDIA_/u,
    code: 'media_refused',
    text: { en: 'Telegram does not accept this file.', zh: 'Telegram 不接受该文件。' },
  },
]

const other: Refusal = {
  code: 'invalid',
  text: { en: 'Telegram refused the message.', zh: 'Telegram 拒绝了这条消息。' },
}

export function refusalOf(status: number, description: string): Refusal {
  // A 403 or 413 with an empty text is still one.
  const text = description === '' ? '-' : description
  return refusals.find((entry) => entry.status === status && entry.pattern.test(text)) ?? other
}

/** 401: revoked. 404: no bot has this token. 421: this server does not serve it. */
export function isCredentials(status: number | null, description: string | null): boolean {
  return status === 401 || status === 421 || (status === 404 && !/method not found/iu.test(description ?? ''))
}

export const credentialsText: Bilingual = {
  en: 'Telegram does not accept the bot token. It was revoked or mistyped: set the one @BotFather gives.',
  zh: 'Telegram 不接受该机器人令牌，可能已被撤销或填写有误。请填入 @BotFather 提供的令牌。',
}
export const unreachableText: Bilingual = { en: 'Telegram cannot be reached.', zh: '无法连接 Telegram。' }
export const noAnswerText: Bilingual = {
  en: 'Telegram did not answer in time. The message may have arrived.',
  zh: 'Telegram 未及时回应，消息可能已送达。',
}
export const unreadableText: Bilingual = {
  en: 'Telegram answered with an error of its own. The message may have arrived.',
  zh: 'Telegram 返回了服务器错误，消息可能已送达。',
}
/** The same of a reading, which sends nothing. */
export const unreadText: Bilingual = {
  en: 'Telegram gave no answer that can be read.',
  zh: 'Telegram 的应答无法识别。',
}
export const busyText: Bilingual = {
  en: 'Telegram asks to wait before the next message.',
  zh: 'Telegram 要求稍后再发送。',
}
