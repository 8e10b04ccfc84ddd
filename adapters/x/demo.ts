import type { ChannelDemo } from '#channel/demo.ts'
import { startCrowd } from './crowd.ts'
import { startXSimulator } from './simulator.ts'

/** Between two things that happen, about: a person reads along. */
const PACE_MS = 2_500

export const xDemo: ChannelDemo = {
  channel: 'x',
  async start({ signal }) {
    // X's own limits are meant for days; a demo lasts minutes, and should show at once what happens.
    const simulator = await startXSimulator({ generous: 1000 })
    signal.addEventListener('abort', () => void simulator.close(), { once: true })
    return [
      {
        name: `@${simulator.account.username}`,
        settings: { ...simulator.settings(), mode: 'polling', pollSeconds: 1 },
        begin: () => startCrowd(simulator, { signal, paceMs: PACE_MS }),
      },
    ]
  },
}
