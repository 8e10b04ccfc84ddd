/** Why a message that was accepted did not arrive: https://developer.work.weixin.qq.com/document/path/94670, read 2026-11-24 */
const reasons: Readonly<Record<number, string>> = {
  1: '客服账号已删除 · the service account was deleted',
  2: '应用已关闭 · the app was closed',
  4: '会话已过期，超过 48 小时 · the 48 hours to reply are over',
  5: '会话已关闭 · the conversation was closed',
  6: '超过 5 条限制 · more than five replies',
  7: '未绑定视频号 · no channels account is bound',
  8: '主体未验证 · the company is not verified',
  9: '未绑定视频号且主体未验证 · no channels account is bound, and the company is not verified',
  10: '用户拒收 · the customer refuses messages',
  11: '企业未有成员登录企业微信 App · no member of the company has signed in to the WeCom app',
  12: '发送了客服组件禁发的消息类型 · a kind of message that may not be sent there',
  13: '安全限制 · a restriction for safety',
}

export const refusedByCustomer = 10

export function failReasonOf(type: number | undefined): string {
  const known = type !== undefined && Object.hasOwn(reasons, type) ? reasons[type] : undefined
  return known ?? `原因未知 · no reason was told${type === undefined ? '' : ` (${type})`}`
}
