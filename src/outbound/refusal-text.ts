import type { Bilingual } from '../channel/errors.ts'

const texts: { readonly [code: string]: Bilingual } = {
  read_only: { en: 'Nothing can be sent here.', zh: '此处无法发送消息。' },
  unreachable: {
    en: 'This person cannot be reached: they blocked the account.',
    zh: '无法联系到此客户:对方已屏蔽本账号。',
  },
  not_replyable: { en: 'The platform does not allow an answer to this message.', zh: '平台不允许回复这条消息。' },
  window_closed: { en: 'The reply window closed before this was sent.', zh: '发送前回复时限已过。' },
  quota_used: {
    en: 'The number of replies the platform allows was used up before this was sent.',
    zh: '发送前平台允许的回复条数已用完。',
  },
}

/** Why the claim refused what the composer had allowed. */
export function refusalText(code: string): Bilingual | null {
  return texts[code] ?? null
}
