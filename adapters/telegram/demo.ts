import { randomInt } from 'node:crypto'
import type { ChannelDemo } from '#channel/demo.ts'
import { startCrowd } from './crowd.ts'
import { startTelegramSimulator } from './simulator.ts'

/** Between two things that happen, about: a person reads along. */
const PACE_MS = 2_500

export const telegramDemo: ChannelDemo = {
  channel: 'telegram',
  async start({ signal }) {
    const token = `${randomInt(1e8, 1e9)}:${randomInt(1e9, 1e10)}-simulated-bot`
    const simulator = await startTelegramSimulator({ bots: [{ token, username: 'huixin_demo_bot', name: 'Care' }] })
    signal.addEventListener('abort', () => void simulator.close(), { once: true })
    return [
      {
        name: '@huixin_demo_bot',
        settings: { token, mode: 'polling', apiRoot: simulator.url },
        begin: () => startCrowd(simulator, { token, signal, paceMs: PACE_MS }),
      },
    ]
  },
}
