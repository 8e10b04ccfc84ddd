import type { ChannelDemo } from '#channel/demo.ts'
import { exportFile } from './simulator.ts'

const minute = 60_000

/** What somebody exported this morning: comments under two notes, and one row nobody can read. */
const comments = [
  ['小熊软糖', '充电口接触不良，要按住线才充得进去，才用两周', 95, 'n-2026-081', '开箱｜新机到手'],
  ['Aya在路上', '颜色好看！就是拍夜景糊得厉害，是我不会用吗', 90, 'n-2026-081', '开箱｜新机到手'],
  ['阿杰修电脑', '屏幕左上角漏光，门店说要等配件，已经三周了', 74, 'n-2026-081', '开箱｜新机到手'],
  [
    'Mia Chen',
    'The back cover came off after one week. Is that covered by the warranty?',
    51,
    'n-2026-093',
    '一周使用感受',
  ],
  ['橙子汽水', '更新之后通话一直有回音，对方听得很难受', 32, 'n-2026-093', '一周使用感受'],
] as const

export const csvDemo: ChannelDemo = {
  channel: 'csv',
  async start() {
    const at = Date.now()
    const rows = comments.map(([author, text, ago, postId, postTitle]) => ({
      author,
      text,
      postId,
      postTitle,
      sentAt: new Date(at - ago * minute),
      url: `https://www.xiaohongshu.com/explore/${postId}`,
    }))
    const file = { name: '小红书评论导出.csv', bytes: exportFile(rows) }
    return [{ name: '小红书评论', settings: { platform: '小红书' }, file, begin: () => {} }]
  },
}
