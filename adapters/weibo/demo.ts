import { randomBytes } from 'node:crypto'
import type { ChannelDemo } from '#channel/demo.ts'
import { startCrowd } from './crowd.ts'
import { startWeiboSimulator } from './simulator.ts'

/** Between two things that happen, about: a person reads along. */
const PACE_MS = 2_500
/** The real hundred a day would be a reading an hour. */
const CALLS = 5_000_000

export const weiboDemo: ChannelDemo = {
  channel: 'weibo',
  async start({ signal }) {
    const simulator = await startWeiboSimulator()
    signal.addEventListener('abort', () => void simulator.close(), { once: true })
    const roots = { apiRoot: simulator.url, messageRoot: simulator.url, fileRoot: simulator.url }
    const secret = () => randomBytes(16).toString('hex')

    const [token, appSecret] = [`2.00${secret()}`, secret()]
    const account = simulator.account({ token, appSecret, dailyCalls: CALLS, postsPerHour: 10_000 })
    // Authorised some months ago, as happens: Weibo refuses its token, and the desk says so.
    const expired = `2.00${secret()}`
    const troubled = simulator.account({ token: expired, uid: '2656274875', name: '回信平板客服' })
    troubled.refuse(21327)

    return [
      {
        name: `@${account.name}`,
        settings: {
          ...roots,
          accessToken: token,
          appSecret,
          uid: account.uid,
          dailyCalls: CALLS,
          reservedCalls: 1000,
          pollSeconds: 2,
          // Whoever is faster than the first reading is not overlooked.
          firstRead: 'latest',
        },
        begin({ webhookUrl }) {
          account.pushTo(webhookUrl)
          startCrowd(simulator, account, { signal, paceMs: PACE_MS })
        },
      },
      {
        name: `@${troubled.name}`,
        settings: { ...roots, accessToken: expired, uid: troubled.uid },
        begin: () => {},
      },
    ]
  },
}
