/** A first word, within 20 s of the chat being opened: https://developer.work.weixin.qq.com/document/path/95122, as known on 2026-11-24 */
import type { InboundEvent } from '#channel/events.ts'
import type { Tools } from '#channel/tools.ts'
import type { Api } from './api.ts'
import { WeComFailure } from './failure.ts'
import type { Settings } from './settings.ts'

export async function welcome(api: Api, tools: Tools, settings: Settings, event: InboundEvent): Promise<void> {
  if (event.type !== 'opened' || !event.welcome || settings.welcome === '') return
  const { code, until } = event.welcome
  if (tools.now() >= until) return
  try {
    await api.post('kf/send_msg_on_event', { code, msgtype: 'text', text: { content: settings.welcome } })
  } catch (error) {
    if (!(error instanceof WeComFailure)) throw error
    // Used already (by an earlier attempt), too late, or somebody else welcomes: there is nothing left to do.
    if (error.kind === 'refused' && !error.beforeCall) return
    throw error
  }
}
