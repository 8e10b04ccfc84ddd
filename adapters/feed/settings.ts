import { z } from 'zod'
import { field } from '#channel/field.ts'

export const keyMark = '{key}'
const maxFeeds = 50

/** The form an administrator fills in. Names are part of the public surface: `account add feed --set feeds=…`. */
export const settings = z
  .object({
    feeds: z
      .string()
      .trim()
      .min(1, { error: 'needs at least one address' })
      .refine((value) => addressesIn(value).every(isAddress), {
        error: 'must be http(s) addresses without a user name, with spaces between them',
      })
      .refine((value) => addressesIn(value).length <= maxFeeds, { error: `may be at most ${maxFeeds} addresses` })
      .meta(
        field({
          title: { en: 'Feed addresses', zh: '订阅源地址' },
          help: {
            en: 'RSS, Atom, RDF or JSON Feed; several with a space between them. {key} stands for the access key below.',
            zh: '支持 RSS、Atom、RDF 和 JSON Feed，多个地址用空格分隔。{key} 代表下方的访问密钥。',
          },
        }),
      ),
    accessKey: z
      .string()
      .trim()
      .max(500, { error: 'may have up to 500 characters' })
      .default('')
      .meta(
        field({
          title: { en: 'Access key', zh: '访问密钥' },
          help: {
            en: 'Put where {key} stands in an address (RSSHub’s ?key={key}). It stays out of logs; a key in the address itself would not.',
            zh: '替换地址中的 {key}（如 RSSHub 的 ?key={key}）。密钥不会写入日志；直接写在地址里则会。',
          },
          secret: true,
        }),
      ),
    pollSeconds: z
      .int({ error: 'must be a whole number' })
      .min(1, { error: 'must be at least 1' })
      .max(86_400, { error: 'must be at most 86,400' })
      .default(900)
      .meta(
        field({
          title: { en: 'Seconds between reads, at least', zh: '读取间隔下限（秒）' },
          help: {
            en: 'A feed that asks to be read less often is obeyed, up to 6 hours. Many sites refuse readers that come every minute.',
            zh: '若订阅源要求更低的读取频率则遵从，最长 6 小时。许多网站会拒绝每分钟读取的客户端。',
          },
        }),
      ),
    firstRead: z
      .enum(['nothing', 'latest'])
      .default('nothing')
      .meta(
        field({
          title: { en: 'What the first read brings', zh: '首次读取' },
          help: {
            en: 'nothing: tickets begin with what is published from now on. latest: the 50 newest items as well.',
            zh: 'nothing：仅处理此后发布的内容。latest：同时导入最新的 50 条。',
          },
        }),
      ),
  })
  .refine(({ feeds, accessKey }) => accessKey !== '' || !feeds.includes(keyMark), {
    path: ['accessKey'],
    error: 'is missing: an address has {key} in it',
  })

export type Settings = z.infer<typeof settings>

/** Each once, in their order. */
export const addressesIn = (feeds: string): readonly string[] => [...new Set(feeds.split(/\s+/u).filter(Boolean))]

function isAddress(value: string): boolean {
  const url = URL.parse(value)
  return (
    url !== null &&
    /^https?:$/u.test(url.protocol) &&
    url.username === '' &&
    url.password === '' &&
    value.length <= 2000
  )
}
