import { z } from 'zod'
import { field } from '#channel/field.ts'

export const defaultApiRoot = 'https://qyapi.weixin.qq.com'

/** The form an administrator fills in. Names are part of the public surface: `account add wechat-kf --set corpId=…`. */
export const settings = z.object({
  corpId: z
    .string()
    .trim()
    .regex(/^w[wx][0-9a-z]{6,40}$/iu, { error: 'is no corp id: it looks like ww0123456789abcdef' })
    .meta(
      field({
        title: { en: 'Corp ID', zh: '企业 ID（CorpID）' },
        help: {
          en: 'In the WeCom admin console under My Company, at the bottom of the page.',
          zh: '在企业微信管理后台「我的企业」页面底部查看。',
        },
      }),
    ),
  secret: z
    .string()
    .trim()
    .regex(/^[0-9A-Za-z_-]{16,128}$/u, { error: 'is no secret: it has 43 letters, digits, - and _' })
    .meta(
      field({
        title: { en: 'Secret', zh: 'Secret' },
        help: {
          en: 'Of WeChat customer service (微信客服) with the API switched on, or of an own app that may manage the service accounts.',
          zh: '「微信客服」开启 API 后的 Secret，或已授权管理客服账号的自建应用的 Secret。',
        },
        secret: true,
      }),
    ),
  token: z
    .string()
    .trim()
    .regex(/^[0-9A-Za-z]{3,32}$/u, { error: 'has 3 to 32 letters and digits' })
    .meta(
      field({
        title: { en: 'Callback token', zh: '回调 Token' },
        help: {
          en: 'Make one up (up to 32 letters and digits) and write the same into the callback configuration of WeCom.',
          zh: '自行设定（最长 32 位字母或数字），并在企业微信回调配置中填写相同内容。',
        },
        secret: true,
      }),
    ),
  encodingAesKey: z
    .string()
    .trim()
    .regex(/^[0-9A-Za-z]{43}$/u, { error: 'has 43 letters and digits' })
    .meta(
      field({
        title: { en: 'EncodingAESKey', zh: '回调 EncodingAESKey' },
        help: { en: 'The 43 characters from the same page.', zh: '同一页面中的 43 位密钥。' },
        secret: true,
      }),
    ),
  openKfIds: z
    .string()
    .trim()
    .regex(/^(?:[0-9A-Za-z_-]{4,128}(?:[\s,，]+|$))*$/u, { error: 'are ids like wkAbc…, with commas between' })
    .default('')
    .meta(
      field({
        title: { en: 'Service accounts', zh: '客服账号 ID' },
        help: {
          en: 'Ids (wk…), with commas between. Empty: all that the secret may manage.',
          zh: '客服账号 ID（wk 开头），以逗号分隔。留空则接入该 Secret 可管理的全部客服账号。',
        },
      }),
    ),
  history: z
    .enum(['skip', 'take'])
    .default('skip')
    .meta(
      field({
        title: { en: 'Messages from before', zh: '接入前的历史消息' },
        help: {
          en: 'WeCom keeps three days. skip: what was written before this account was connected becomes no ticket; take: it does.',
          zh: '企业微信保留三天的消息。skip：接入前的消息不生成工单；take：接入前的消息也生成工单。',
        },
      }),
    ),
  welcome: z
    .string()
    .trim()
    .max(600)
    .default('')
    .meta(
      field({
        title: { en: 'Welcome', zh: '欢迎语' },
        help: {
          en: 'Sent when a customer opens the chat for the first time in 48 hours. Empty: nothing. Leave it empty if WeCom itself welcomes.',
          zh: '客户 48 小时内首次进入会话时发送，留空则不发送。已在企业微信配置欢迎语时请留空。',
        },
      }),
    ),
  pollSeconds: z
    .int()
    .min(10)
    .max(3600)
    .default(300)
    .meta(
      field({
        title: { en: 'Look without a call every (seconds)', zh: '无回调时的轮询间隔（秒）' },
        help: {
          en: 'WeCom calls when there is something new; this is for calls that get lost. It limits strictly how often one may look unasked.',
          zh: '有新消息时企业微信会回调，该间隔仅用于回调丢失时补拉。企业微信对无回调的拉取有严格的频率限制。',
        },
      }),
    ),
  apiRoot: z
    .url({ protocol: /^https?$/u, error: 'must be an http(s) address' })
    .refine((address) => isPlainAddress(address), { error: 'must have no user name, query or fragment' })
    .default(defaultApiRoot)
    .meta(
      field({
        title: { en: 'API server', zh: '接口服务器' },
        help: {
          en: 'Change it only for a proxy, for example one whose address is trusted in WeCom.',
          zh: '仅在通过代理（例如已加入企业可信 IP 的代理）调用接口时修改。',
        },
      }),
    ),
})

export type Settings = z.infer<typeof settings>

export const rootOf = ({ apiRoot }: Pick<Settings, 'apiRoot'>): string => apiRoot.replace(/\/+$/u, '')

/** Those an administrator named; none: all. */
export const namedIn = ({ openKfIds }: Pick<Settings, 'openKfIds'>): readonly string[] => [
  ...new Set(openKfIds.split(/[\s,，]+/u).filter((id) => id !== '')),
]

function isPlainAddress(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
}
