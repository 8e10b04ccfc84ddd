import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { field } from '#channel/field.ts'

export const defaultApiRoot = 'https://api.telegram.org'

/** The form an administrator fills in. Names are part of the public surface: `account add telegram --set token=…`. */
export const settings = z
  .object({
    token: z
      .string()
      .trim()
      // It becomes part of a path, so nothing else is let in.
      .regex(/^[1-9]\d{0,18}:[\w-]{1,60}$/u, { error: 'is no bot token: it looks like 123456789:AA…' })
      .meta(
        field({
          title: { en: 'Bot token', zh: '机器人令牌' },
          help: {
            en: 'From @BotFather in Telegram: /newbot for a new bot, /token for an existing one.',
            zh: '在 Telegram 中向 @BotFather 获取：新机器人发送 /newbot，已有机器人发送 /token。',
          },
          secret: true,
        }),
      ),
    mode: z
      .enum(['polling', 'webhook'])
      .default('polling')
      .meta(
        field({
          title: { en: 'How messages arrive', zh: '接收方式' },
          help: {
            en: 'polling: Huixin asks Telegram, and works anywhere. webhook: Telegram calls Huixin, which needs a public https address (HUIXIN_URL) on port 443, 80, 88 or 8443.',
            zh: 'polling（轮询）：由 Huixin 主动询问 Telegram，任何网络环境均可使用。webhook（回调）：由 Telegram 调用 Huixin，需要公网 https 地址（HUIXIN_URL），端口为 443、80、88 或 8443。',
          },
        }),
      ),
    secret: z
      .string()
      .trim()
      .regex(/^[\w-]{0,256}$/u, { error: 'may have up to 256 letters, digits, _ and -' })
      .default(() => randomBytes(32).toString('base64url'))
      .meta(
        field({
          title: { en: 'Webhook secret', zh: '回调密钥' },
          help: {
            en: 'Telegram sends it with every call, and calls without it are refused. Leave it out to have one made.',
            zh: 'Telegram 每次回调都会附带此密钥，缺少或错误的请求会被拒绝。不填则自动生成。',
          },
          secret: true,
        }),
      ),
    apiRoot: z
      .url({ protocol: /^https?$/u, error: 'must be an http(s) address' })
      .refine((address) => isPlainAddress(address), { error: 'must have no user name, query or fragment' })
      .default(defaultApiRoot)
      .meta(
        field({
          title: { en: 'Bot API server', zh: 'Bot API 服务器' },
          help: {
            en: 'Change it only for a Bot API server of your own, or a proxy where Telegram cannot be reached.',
            zh: '仅在使用自建 Bot API 服务器，或在无法直连 Telegram 而使用代理时修改。',
          },
        }),
      ),
  })
  .refine(({ mode, secret }) => mode !== 'webhook' || secret !== '', {
    path: ['secret'],
    error: 'must not be empty in webhook mode: anybody could write messages into the inbox',
  })

export type Settings = z.infer<typeof settings>

function isPlainAddress(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
}
