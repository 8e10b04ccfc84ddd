import type { Tools } from '#channel/tools.ts'
import type { Api } from './api.ts'
import { WeChatFailure } from './failure.ts'

/** Nobody wrote in the last 30 seconds; it is shown already (it lasts 15). */
const harmless: ReadonlySet<number | null> = new Set([45080, 45081])

/** https://developers.weixin.qq.com/doc/service/api/customer/message/api_typing, read 2026-11-24 */
export async function typing(api: Api, tools: Pick<Tools, 'log'>, openId: string): Promise<void> {
  try {
    await api.post('/cgi-bin/message/custom/typing', { touser: openId, command: 'Typing' })
  } catch (error) {
    if (!(error instanceof WeChatFailure)) throw error
    if (harmless.has(error.errcode)) return
    tools.log.debug({ failure: error.kind, errcode: error.errcode }, 'wechat-official: typing was not shown')
  }
}
