import type { Bilingual } from '#channel/errors.ts'

/** Why a message that was accepted did not arrive: https://developer.work.weixin.qq.com/document/path/94670, as known on 2026-11-24 */
const reasons: Readonly<Record<number, Bilingual>> = {
  1: { zh: '客服账号已删除。', en: 'The service account was deleted.' },
  2: { zh: '应用已关闭。', en: 'The app was closed.' },
  4: { zh: '会话已过期，超过 48 小时。', en: 'The 48 hours to reply are over.' },
  5: { zh: '会话已关闭。', en: 'The conversation was closed.' },
  6: { zh: '超过 5 条限制。', en: 'More than five replies.' },
  7: { zh: '未绑定视频号。', en: 'No channels account is bound.' },
  8: { zh: '主体未验证。', en: 'The company is not verified.' },
  9: { zh: '未绑定视频号且主体未验证。', en: 'No channels account is bound, and the company is not verified.' },
  10: { zh: '用户拒收。', en: 'The customer refuses messages.' },
  11: { zh: '企业未有成员登录企业微信 App。', en: 'No member of the company has signed in to the WeCom app.' },
  12: { zh: '发送了客服组件禁发的消息类型。', en: 'A kind of message that may not be sent there.' },
  13: { zh: '安全限制。', en: 'A restriction for safety.' },
}

export const refusedByCustomer = 10

export function failReasonOf(type: number | undefined): Bilingual {
  const known = type !== undefined && Object.hasOwn(reasons, type) ? reasons[type] : undefined
  const number = type === undefined ? '' : ` (${type})`
  return known ?? { en: `WeChat told no reason${number}.`, zh: `微信未说明原因${number}。` }
}
