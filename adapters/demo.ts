/** The channels of the demo: one line per channel that has a simulator. */
import type { ChannelDemo } from '#channel/demo.ts'
import { csvDemo } from './csv/demo.ts'
import { feedDemo } from './feed/demo.ts'
import { intakeDemo } from './intake/demo.ts'
import { mastodonDemo } from './mastodon/demo.ts'
import { telegramDemo } from './telegram/demo.ts'
import { webchatDemo } from './webchat/demo.ts'
import { wechatKfDemo } from './wechat-kf/demo.ts'
import { wechatOfficialDemo } from './wechat-official/demo.ts'
import { wechatyDemo } from './wechaty/demo.ts'
import { weiboDemo } from './weibo/demo.ts'
import { xDemo } from './x/demo.ts'

export const demos: readonly ChannelDemo[] = [
  telegramDemo,
  wechatKfDemo,
  wechatOfficialDemo,
  wechatyDemo,
  weiboDemo,
  xDemo,
  mastodonDemo,
  webchatDemo,
  feedDemo,
  csvDemo,
  intakeDemo,
]
