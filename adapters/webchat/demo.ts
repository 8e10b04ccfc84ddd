import { randomBytes } from 'node:crypto'
import type { ChannelDemo } from '#channel/demo.ts'
import { startCrowd } from './crowd.ts'
import { startShop } from './simulator/shop.ts'

/** Between two things that happen, about: a person reads along. */
const PACE_MS = 4_000
const audience = 'lumen-shop'

export const webchatDemo: ChannelDemo = {
  channel: 'webchat',
  async start({ signal }) {
    const siteSecret = randomBytes(32).toString('base64url')
    const shop = await startShop({ siteSecret, audience })
    signal.addEventListener('abort', () => void shop.close(), { once: true })
    return [
      {
        name: '流明手机官网',
        settings: { sites: shop.url, siteSecret, audience, title: '流明手机客服' },
        page: { title: 'A shop with the web chat', url: shop.url },
        begin({ webhookUrl }) {
          shop.opens(webhookUrl)
          void startCrowd({
            door: webhookUrl,
            signal,
            paceMs: PACE_MS,
            tokenOf: ({ member }) => (member ? shop.memberToken(member) : null),
          })
        },
      },
    ]
  },
}
