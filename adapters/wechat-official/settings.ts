import { z } from 'zod'
import { field } from '#channel/field.ts'

export const defaultApiRoot = 'https://api.weixin.qq.com'

const aesKey = z
  .string()
  .trim()
  .regex(/^(?:[0-9A-Za-z]{43})?$/u, { error: 'has 43 letters and digits' })
  .default('')

/** The form an administrator fills in. Names are part of the public surface: `account add wechat-official --set appId=…`. */
export const settings = z
  .object({
    appId: z
      .string()
      .trim()
      .regex(/^wx[0-9a-z]{6,40}$/iu, { error: 'is no AppID: it looks like wx0123456789abcdef' })
      .meta(
        field({
          title: { en: 'AppID', zh: '开发者 ID（AppID）' },
          help: {
            en: 'In the WeChat console under Development → Basic configuration.',
            zh: '在微信公众平台「设置与开发 → 开发接口管理」中查看。',
          },
        }),
      ),
    appSecret: z
      .string()
      .trim()
      .regex(/^[0-9A-Za-z_-]{16,128}$/u, { error: 'is no AppSecret: it has 32 letters and digits' })
      .meta(
        field({
          title: { en: 'AppSecret', zh: '开发者密码（AppSecret）' },
          help: {
            en: 'From the same page. Put the public IP address of this server on the whitelist there as well.',
            zh: '在同一页面获取，并将本服务器的公网 IP 加入该页面的 IP 白名单。',
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
          title: { en: 'Token', zh: '令牌（Token）' },
          help: {
            en: 'Make one up (up to 32 letters and digits) and write the same into the server configuration of the WeChat console.',
            zh: '自行设定（最长 32 位字母或数字），并在公众平台「服务器配置」中填写相同内容。',
          },
          secret: true,
        }),
      ),
    mode: z
      .enum(['plain', 'compatible', 'safe'])
      .default('safe')
      .meta(
        field({
          title: { en: 'Encryption of messages', zh: '消息加解密方式' },
          help: {
            en: 'The same as in the WeChat console: plain (明文模式), compatible (兼容模式) or safe (安全模式), which is best.',
            zh: '与公众平台保持一致：plain 为明文模式，compatible 为兼容模式，safe 为安全模式（推荐）。',
          },
        }),
      ),
    encodingAesKey: aesKey.meta(
      field({
        title: { en: 'EncodingAESKey', zh: '消息加解密密钥（EncodingAESKey）' },
        help: {
          en: 'The 43 characters from the server configuration. Not needed in plain mode.',
          zh: '「服务器配置」中的 43 位密钥，明文模式可不填。',
        },
        secret: true,
      }),
    ),
    previousEncodingAesKey: aesKey.meta(
      field({
        title: { en: 'Previous EncodingAESKey', zh: '上一个 EncodingAESKey' },
        help: {
          en: 'While you change the key: the old one, so that nothing that is under way is lost. Empty it afterwards.',
          zh: '更换密钥期间填写旧密钥，避免传输中的消息丢失，更换完成后可清空。',
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
          title: { en: 'API server', zh: '接口服务器' },
          help: {
            en: 'Change it only for a proxy, for example one whose address is on the whitelist.',
            zh: '仅在通过代理（例如已加入 IP 白名单的代理）调用接口时修改。',
          },
        }),
      ),
  })
  .refine(({ mode, encodingAesKey }) => mode === 'plain' || encodingAesKey !== '', {
    path: ['encodingAesKey'],
    error: 'is needed unless the mode is plain',
  })

export type Settings = z.infer<typeof settings>

function isPlainAddress(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
}
