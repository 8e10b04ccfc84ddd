import type { ChannelDemo } from '#channel/demo.ts'
import { startCrowd } from './crowd.ts'
import { startWeChatSimulator } from './simulator.ts'

/** Between two things that happen, about: a person reads along. */
const PACE_MS = 3_000

export const wechatOfficialDemo: ChannelDemo = {
  channel: 'wechat-official',
  async start({ signal }) {
    const simulator = await startWeChatSimulator()
    signal.addEventListener('abort', () => void simulator.close(), { once: true })
    return [
      {
        name: '回信手机服务',
        settings: simulator.settings,
        begin({ webhookUrl }) {
          simulator.connect(webhookUrl)
          startCrowd(simulator, { signal, paceMs: PACE_MS })
        },
      },
    ]
  },
}
