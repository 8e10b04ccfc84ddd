import { z } from 'zod'
import { field } from '#channel/field.ts'

export const defaultApiRoot = 'https://api.weibo.com'

const token = z
  .string()
  .trim()
  // It goes into a header.
  .regex(/^[\w.~+/=-]{8,300}$/u, { error: 'is no access token: it has at least 8 letters, digits, dots or dashes' })

const address = z
  .url({ protocol: /^https?$/u, error: 'must be an http(s) address' })
  .refine((value) => isPlainAddress(value), { error: 'must have no user name, query or fragment' })

/** The form an administrator fills in. Names are part of the public surface: `account add weibo --set accessToken=…`. */
export const settings = z
  .object({
    accessToken: token.meta(
      field({
        title: { en: 'Access token', zh: '访问令牌（access_token）' },
        help: {
          en: 'From OAuth 2.0 for this account and your app at open.weibo.com. It expires; a new one is set here.',
          zh: '在 open.weibo.com 为该账号和您的应用完成 OAuth 2.0 授权后获得。令牌会过期，过期后在此更新。',
        },
        secret: true,
      }),
    ),
    uid: z
      .string()
      .trim()
      .regex(/^(?:[1-9]\d{4,19})?$/u, { error: 'is no uid: it has digits only' })
      .default('')
      .meta(
        field({
          title: { en: 'Account’s uid', zh: '账号 UID' },
          help: {
            en: 'Left out: Weibo is asked. With it, a token of another account is noticed.',
            zh: '不填则向微博查询。填写后可发现令牌属于其他账号的情况。',
          },
        }),
      ),
    dailyCalls: z
      .int({ error: 'must be a whole number' })
      .min(10, { error: 'must be at least 10' })
      .max(10_000_000, { error: 'must be at most 10,000,000' })
      .default(100)
      .meta(
        field({
          title: { en: 'Calls a day', zh: '每日调用次数' },
          help: {
            en: 'What Weibo allows your app for this account from midnight to midnight, Beijing time. All calls share it; reading is spread over the day.',
            zh: '微博每天（北京时间零点至零点）允许应用为该账号调用的次数。所有调用共用此额度，读取会均匀分布到全天。',
          },
        }),
      ),
    reservedCalls: z
      .int({ error: 'must be a whole number' })
      .min(0, { error: 'must not be negative' })
      .max(10_000_000, { error: 'must be at most 10,000,000' })
      .default(30)
      .meta(
        field({
          title: { en: 'Calls kept for replies', zh: '为回复保留的次数' },
          help: {
            en: 'Reading never uses these: they are for replies and for checks.',
            zh: '读取不会使用这部分额度，仅用于回复和检查。',
          },
        }),
      ),
    pollSeconds: z
      .int({ error: 'must be a whole number' })
      .min(1, { error: 'must be at least 1' })
      .max(86_400, { error: 'must be at most 86,400' })
      .default(240)
      .meta(
        field({
          title: { en: 'Seconds between reads, at least', zh: '读取间隔下限（秒）' },
          help: {
            en: 'The calls of the day decide how often each list is read; never more often than this. Weibo advises 3 to 5 minutes.',
            zh: '各列表的读取频率由每日次数决定，但不会比此间隔更频繁。微博建议 3 至 5 分钟。',
          },
        }),
      ),
    mentions: z
      .boolean()
      .default(true)
      .meta(
        field({
          title: { en: 'Read posts that mention us', zh: '读取 @我的微博' },
          help: { en: 'statuses/mentions', zh: '接口 statuses/mentions' },
        }),
      ),
    comments: z
      .boolean()
      .default(true)
      .meta(
        field({
          title: { en: 'Read comments to us', zh: '读取收到的评论' },
          help: { en: 'comments/to_me', zh: '接口 comments/to_me' },
        }),
      ),
    commentMentions: z
      .boolean()
      .default(true)
      .meta(
        field({
          title: { en: 'Read comments that mention us', zh: '读取 @我的评论' },
          help: {
            en: 'comments/mentions. Fewer lists are read more often.',
            zh: '接口 comments/mentions。读取的列表越少，每个列表读得越勤。',
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
            en: 'nothing: tickets begin with what is written from now on. latest: the newest page of each list as well.',
            zh: 'nothing：仅处理此后的新内容。latest：同时导入每个列表最新的一页。',
          },
        }),
      ),
    appSecret: z
      .string()
      .trim()
      .max(200, { error: 'may have up to 200 characters' })
      .default('')
      .meta(
        field({
          title: { en: 'App secret', zh: 'App Secret' },
          help: {
            en: 'For private messages: signs what the fan service platform pushes to this account’s webhook address. Empty: pushes are refused.',
            zh: '用于私信：粉丝服务平台以此为推送到本账号回调地址的请求签名。留空则拒绝推送。',
          },
          secret: true,
        }),
      ),
    pushToken: z
      .union([z.literal(''), token])
      .default('')
      .meta(
        field({
          title: { en: 'Token of the fan service', zh: '粉丝服务令牌' },
          help: {
            en: 'For answering private messages: from the developer mode of the fan service platform. Left out: the access token.',
            zh: '用于回复私信：在粉丝服务平台的开发模式页面获取。不填则使用访问令牌。',
          },
          secret: true,
        }),
      ),
    rip: z
      .string()
      .trim()
      .regex(/^[0-9a-fA-F.:]{0,45}$/u, { error: 'is no IP address' })
      .default('')
      .meta(
        field({
          title: { en: 'IP sent with replies (rip)', zh: '回复时上报的 IP（rip）' },
          help: {
            en: 'Commercial interfaces require the address of who writes: your office’s. Otherwise left out.',
            zh: '商业接口要求上报操作者的 IP，可填办公网络的出口 IP。其他情况不填。',
          },
        }),
      ),
    commercial: z
      .boolean()
      .default(false)
      .meta(
        field({
          title: { en: 'Commercial interfaces', zh: '商业接口' },
          help: {
            en: 'With a contract: calls go to …/biz.json. Set the API address to https://c.api.weibo.com as well.',
            zh: '已签约时开启：调用 …/biz.json。同时请将 API 地址设为 https://c.api.weibo.com。',
          },
        }),
      ),
    apiRoot: address.default(defaultApiRoot).meta(
      field({
        title: { en: 'API address', zh: 'API 地址' },
        help: { en: 'Change it only for a proxy, or for commercial interfaces.', zh: '仅在使用代理或商业接口时修改。' },
      }),
    ),
    messageRoot: address.default('https://m.api.weibo.com').meta(
      field({
        title: { en: 'Private messages’ address', zh: '私信接口地址' },
        help: { en: 'Change it only for a proxy.', zh: '仅在使用代理时修改。' },
      }),
    ),
    fileRoot: address.default('https://upload.api.weibo.com').meta(
      field({
        title: { en: 'Files’ address', zh: '文件接口地址' },
        help: { en: 'Change it only for a proxy.', zh: '仅在使用代理时修改。' },
      }),
    ),
  })
  .refine(({ dailyCalls, reservedCalls }) => reservedCalls < dailyCalls, {
    path: ['reservedCalls'],
    error: 'must be fewer than the calls a day, or nothing is ever read',
  })

export type Settings = z.infer<typeof settings>

function isPlainAddress(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
}
