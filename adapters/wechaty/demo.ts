import type { ChannelDemo } from '#channel/demo.ts'

/** Between two things that happen, about: a person reads along. */
const PACE_MS = 2_500

export const wechatyDemo: ChannelDemo = {
  channel: 'wechaty',
  async start({ signal }) {
    const simulated = await load()
    if (!simulated) return []
    const { startCrowd, startWechatyGateway } = simulated
    const gateway = await startWechatyGateway()
    signal.addEventListener('abort', () => void gateway.close(), { once: true })
    return [
      {
        name: '微信客服 WeChat',
        settings: { token: gateway.token, endpoint: gateway.endpoint, tls: 'off' },
        begin: () => startCrowd(gateway, { signal, paceMs: PACE_MS }),
      },
    ]
  },
}

/**
 * Loaded by the demo alone: wechaty is large, and its mock is no part of what is installed for production. There the demo goes on
 * without this channel.
 */
async function load() {
  try {
    const [{ startCrowd }, { startWechatyGateway }] = await Promise.all([
      import('./crowd.ts'),
      import('./simulator.ts'),
    ])
    return { startCrowd, startWechatyGateway }
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_MODULE_NOT_FOUND') return null
    throw error
  }
}
