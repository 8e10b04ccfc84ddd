/** Mastodon in `npm run demo`. */
import type { ChannelDemo } from '#channel/demo.ts'
import { gather } from './crowd.ts'
import { startSimulator } from './simulator.ts'

export const mastodonDemo: ChannelDemo = {
  channel: 'mastodon',
  async start({ signal }) {
    const simulator = await startSimulator()
    signal.addEventListener('abort', () => void simulator.close(), { once: true })
    return [
      {
        name: 'Acme 长毛象',
        settings: { server: simulator.address, accessToken: simulator.token },
        begin: () => void gather(simulator, { signal, everyMs: 7_000 }),
      },
    ]
  },
}
