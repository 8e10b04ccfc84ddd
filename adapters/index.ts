/** Every channel, one line each. */
import type { Adapter } from '#channel/adapter.ts'
import { csv } from './csv/index.ts'
import { feed } from './feed/index.ts'
import { intake } from './intake/index.ts'
import { mastodon } from './mastodon/index.ts'
import { telegram } from './telegram/index.ts'
import { webchat } from './webchat/index.ts'
import { wechatKf } from './wechat-kf/index.ts'
import { wechatOfficial } from './wechat-official/index.ts'
import { wechaty } from './wechaty/index.ts'
import { weibo } from './weibo/index.ts'
import { x } from './x/index.ts'

export const adapters: readonly Adapter<unknown>[] = [
  telegram,
  wechatOfficial,
  wechatKf,
  wechaty,
  weibo,
  x,
  mastodon,
  webchat,
  feed,
  csv,
  intake,
]
