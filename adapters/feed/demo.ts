import type { ChannelDemo } from '#channel/demo.ts'
import { startCrowd } from './crowd.ts'
import { startFeedSimulator } from './simulator.ts'

/** Between two posts, about: a person reads along. */
const PACE_MS = 6_000

export const feedDemo: ChannelDemo = {
  channel: 'feed',
  async start({ signal }) {
    const simulator = await startFeedSimulator()
    signal.addEventListener('abort', () => void simulator.close(), { once: true })
    const sites = {
      microblog: simulator.feed({
        path: '/weibo/keyword/phone',
        charset: 'gbk',
        said: null,
        title: '微博关键词：手机',
      }),
      forum: simulator.feed({ path: '/forum.atom', format: 'atom', title: 'Phone forum' }),
      board: simulator.feed({ path: '/board.json', format: 'json', title: '手机售后交流版' }),
    }
    // Moved some months ago, as happens.
    const gone = simulator.feed({ path: '/old-blog/rss' })
    gone.fault({ kind: 'status', status: 410, always: true })
    return [
      {
        name: '手机话题订阅',
        settings: {
          feeds: Object.values(sites)
            .map(({ url }) => url)
            .join(' '),
          pollSeconds: 2,
          // Whoever is faster than the first reading is not overlooked.
          firstRead: 'latest',
        },
        begin: () => startCrowd(sites, { signal, paceMs: PACE_MS }),
      },
      { name: '旧博客订阅', settings: { feeds: gone.url }, begin: () => {} },
    ]
  },
}
