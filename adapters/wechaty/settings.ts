import { z } from 'zod'
import { field } from '#channel/field.ts'

export const defaultPuppet = 'wechaty-puppet-service'

/** What the form asks for. Names are part of the public surface: `account add wechaty --set token=…`. */
export const settings = z
  .object({
    puppet: z
      .string()
      .trim()
      // It is imported by this name: only packages that call themselves a puppet can be named, and no path, version or address.
      .regex(/^(?:@[a-z0-9][a-z0-9-]{0,50}\/)?wechaty-puppet-[a-z0-9][a-z0-9-]{0,50}$/u, {
        error: 'is no puppet: it looks like wechaty-puppet-service or @scope/wechaty-puppet-…',
      })
      .default(defaultPuppet)
      .meta(
        field({
          title: { en: 'Puppet', zh: 'Puppet（协议实现）' },
          help: {
            en: 'The npm package that speaks WeChat’s protocol. wechaty-puppet-service, the default, connects to a gateway; another one must be installed on every server.',
            zh: '实现微信协议的 npm 包。默认的 wechaty-puppet-service 连接到网关；使用其他 puppet 时需在每台服务器上安装。',
          },
        }),
      ),
    token: z
      .string()
      .trim()
      .regex(/^[\w.-]{0,256}$/u, { error: 'may have up to 256 letters, digits, _ . and -' })
      .default('')
      .meta(
        field({
          title: { en: 'Token', zh: '令牌（Token）' },
          help: {
            en: 'From whoever runs the gateway, like insecure_… or uuid_…. It is found by its token when there is no endpoint.',
            zh: '由网关提供方给出，形如 insecure_… 或 uuid_…。未填写网关地址时，将通过令牌查找网关。',
          },
          secret: true,
        }),
      ),
    endpoint: z
      .string()
      .trim()
      .regex(/^(?:(?:[a-z0-9.-]{1,253}|\[[0-9a-f:]{2,45}\]):[1-9]\d{0,4})?$/iu, {
        error: 'looks like gateway.example:8788',
      })
      .default('')
      .meta(
        field({
          title: { en: 'Endpoint of the gateway', zh: '网关地址' },
          help: {
            en: 'host:port. Left out: the gateway is looked up by the token at api.chatie.io.',
            zh: '主机:端口。不填则凭令牌在 api.chatie.io 查询网关地址。',
          },
        }),
      ),
    tls: z
      .enum(['on', 'off'])
      .default('on')
      .meta(
        field({
          title: { en: 'Encryption (TLS)', zh: '加密（TLS）' },
          help: {
            en: 'off only for a gateway on this machine or in a network of your own: token and messages travel in the clear.',
            zh: '仅当网关位于本机或自有内网时可设为 off：令牌和消息将以明文传输。',
          },
        }),
      ),
    silenceSeconds: z.coerce
      .number<number>({ error: 'must be a number of seconds' })
      .int({ error: 'must be a whole number' })
      .min(60, { error: 'must be at least 60' })
      .max(3600, { error: 'must be at most 3600' })
      // wechaty's own 60 s reset connections that stood; its maintainers advise four minutes.
      // https://github.com/wechaty/puppet-supports/issues/214, read 2026-11-24
      .default(240)
      .meta(
        field({
          title: { en: 'Silence before reconnecting', zh: '断线判定时间' },
          help: {
            en: 'Seconds without any sign of life after which the connection is opened again. Longer, when the account signs in and out without end.',
            zh: '多少秒没有任何响应即视为断线并重新连接。如账号反复上线、下线，请适当调大。',
          },
        }),
      ),
  })
  .refine(({ puppet, token }) => puppet !== defaultPuppet || token !== '', {
    path: ['token'],
    error: 'must not be empty for wechaty-puppet-service',
  })

export type Settings = z.infer<typeof settings>
