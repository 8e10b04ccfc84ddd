import type { ChannelDemo } from '#channel/demo.ts'
import { startCrowd } from './crowd.ts'
import { startWeComSimulator } from './simulator.ts'

/** Between two things that happen, about: a person reads along. */
const PACE_MS = 3_000

export const wechatKfDemo: ChannelDemo = {
  channel: 'wechat-kf',
  async start({ signal }) {
    const simulator = await startWeComSimulator()
    signal.addEventListener('abort', () => void simulator.close(), { once: true })
    return [
      {
        name: '回信售后客服',
        settings: { ...simulator.settings, openKfIds: simulator.openKfIds.join() },
        begin({ webhookUrl }) {
          simulator.connect(webhookUrl)
          startCrowd(simulator, { signal, paceMs: PACE_MS })
        },
      },
    ]
  },
}
