import { createHash } from 'node:crypto'
import { z } from 'zod'
import { field } from '#channel/field.ts'

export const defaultApiRoot = 'https://api.x.com'

const secret = (title: { en: string; zh: string }, help: { en: string; zh: string }) =>
  z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{0,4096}$/u, { error: 'must be letters, digits and signs without spaces' })
    .default('')
    .meta(field({ title, help, secret: true }))

/** The form an administrator fills in. Names are part of the public surface: `account add x --set apiKey=…`. */
export const settings = z
  .object({
    auth: z
      .enum(['oauth1', 'oauth2'])
      .default('oauth1')
      .meta(
        field({
          title: { en: 'How Huixin signs in', zh: '登录方式' },
          help: {
            en: 'oauth1: the four keys of the app and the account, which do not expire. oauth2: a client id and a refresh token.',
            zh: 'oauth1：应用与账号的四个密钥，不会过期。oauth2：客户端 ID 与刷新令牌。',
          },
        }),
      ),
    apiKey: secret(
      { en: 'API key (consumer key)', zh: 'API Key（Consumer Key）' },
      { en: 'oauth1: from the app in the X developer console.', zh: 'oauth1：在 X 开发者控制台的应用中获取。' },
    ),
    apiSecret: secret(
      { en: 'API key secret (consumer secret)', zh: 'API Key Secret（Consumer Secret）' },
      {
        en: 'oauth1, and webhooks of apps without an OAuth 2.0 client secret: they are signed with it.',
        zh: 'oauth1 需要；没有 OAuth 2.0 客户端密钥的应用，其回调也用它签名。',
      },
    ),
    accessToken: secret(
      { en: 'Access token', zh: 'Access Token' },
      {
        en: 'oauth1: of the account that answers, with read, write and direct messages.',
        zh: 'oauth1：用于回复的账号，须有读、写和私信权限。',
      },
    ),
    accessSecret: secret(
      { en: 'Access token secret', zh: 'Access Token Secret' },
      { en: 'oauth1: belongs to the access token.', zh: 'oauth1：与 Access Token 成对。' },
    ),
    clientId: z
      .string()
      .trim()
      .regex(/^[\x21-\x7e]{0,400}$/u, { error: 'must be letters, digits and signs without spaces' })
      .default('')
      .meta(
        field({
          title: { en: 'Client ID', zh: '客户端 ID（Client ID）' },
          help: {
            en: 'oauth2: from the app in the X developer console.',
            zh: 'oauth2：在 X 开发者控制台的应用中获取。',
          },
        }),
      ),
    clientSecret: secret(
      { en: 'Client secret', zh: '客户端密钥（Client Secret）' },
      {
        en: 'oauth2, for confidential clients; X signs webhooks with it where the app has one.',
        zh: 'oauth2 机密客户端需要；应用有此密钥时，X 用它为回调签名。',
      },
    ),
    refreshToken: secret(
      { en: 'Refresh token', zh: '刷新令牌（Refresh Token）' },
      {
        en: 'oauth2: the one the sign-in gave. X replaces it at every use; Huixin keeps the newest. A new one here starts anew.',
        zh: 'oauth2：登录时获得的令牌。X 每次使用后都会更换，Huixin 会保存最新的。在此填入新令牌即重新开始。',
      },
    ),
    mode: z
      .enum(['polling', 'webhook'])
      .default('polling')
      .meta(
        field({
          title: { en: 'How messages arrive', zh: '接收方式' },
          help: {
            en: 'polling: Huixin asks X, and works anywhere. webhook: X calls Huixin (X Activity API), which needs a public https address (HUIXIN_URL) without a port, and the bearer token.',
            zh: 'polling（轮询）：由 Huixin 主动询问 X，任何网络环境均可使用。webhook（回调）：由 X 调用 Huixin（X Activity API），需要不带端口的公网 https 地址（HUIXIN_URL）和 Bearer Token。',
          },
        }),
      ),
    bearerToken: secret(
      { en: 'Bearer token of the app', zh: '应用的 Bearer Token' },
      {
        en: 'webhook mode: X takes only this one for setting webhooks up.',
        zh: '仅回调方式需要：X 只接受它来设置回调。',
      },
    ),
    pollSeconds: z
      .int({ error: 'must be a whole number' })
      .min(1, { error: 'must be at least 1' })
      .max(3600, { error: 'must be at most 3600' })
      .default(60)
      .meta(
        field({
          title: { en: 'Seconds between two looks', zh: '轮询间隔（秒）' },
          help: {
            en: 'polling mode. X bills what is read anew, not the looks. Direct messages are looked at once a minute at most.',
            zh: '仅轮询方式。X 按新读取的内容计费，而非按次数。私信最多每分钟查询一次。',
          },
        }),
      ),
    plan: z
      .enum(['self-serve', 'enterprise'])
      .default('self-serve')
      .meta(
        field({
          title: { en: 'Plan at X', zh: 'X 的套餐' },
          help: {
            en: 'self-serve: X lets the API answer only posts whose author mentioned or quoted the account. enterprise: any post.',
            zh: 'self-serve：X 只允许通过 API 回复提及或引用了本账号的作者。enterprise：可回复任何帖子。',
          },
        }),
      ),
    apiRoot: z
      .url({ protocol: /^https?$/u, error: 'must be an http(s) address' })
      .refine(isOrigin, { error: 'must have no path, user name, query or fragment' })
      .default(defaultApiRoot)
      .meta(
        field({
          title: { en: 'Address of the X API', zh: 'X API 地址' },
          help: {
            en: 'Change it only for a proxy where X cannot be reached.',
            zh: '仅在无法直连 X 而使用代理时修改。',
          },
        }),
      ),
  })
  .superRefine((given, context) => {
    const needed =
      given.auth === 'oauth1'
        ? (['apiKey', 'apiSecret', 'accessToken', 'accessSecret'] as const)
        : (['clientId', 'refreshToken'] as const)
    for (const name of needed) {
      if (given[name] === '') context.addIssue({ code: 'custom', path: [name], message: `is needed for ${given.auth}` })
    }
    if (given.mode !== 'webhook') return
    if (given.bearerToken === '') {
      context.addIssue({ code: 'custom', path: ['bearerToken'], message: 'is needed for webhook mode' })
    }
    if (given.apiSecret === '' && given.clientSecret === '') {
      const message = 'this or the client secret is needed for webhook mode: calls are signed with it'
      context.addIssue({ code: 'custom', path: ['apiSecret'], message })
    }
  })

export type Settings = z.infer<typeof settings>

function isOrigin(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && url.username === '' && url.password === '' && /^https?:\/\/[^/?#]+\/?$/u.test(url.href)
}

/** Names these credentials, without telling them: what was learnt with others must not be taken for theirs. */
export function credentialsName({ auth, accessToken, clientId, refreshToken }: Settings): string {
  const named = auth === 'oauth1' ? accessToken : `${clientId} ${refreshToken}`
  return createHash('sha256').update(`${auth} ${named}`).digest('hex').slice(0, 12)
}
