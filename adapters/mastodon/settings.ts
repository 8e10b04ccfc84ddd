import { z } from 'zod'
import { field } from '#channel/field.ts'

export const settings = z.object({
  server: z
    .url({ protocol: /^https?$/u, error: 'must be an address that begins with https://' })
    .refine(isSafe, { error: 'must begin with https:// (http:// is for this machine only)' })
    .refine((value) => !/[?#@]/u.test(value), { error: 'must be the address of the server alone' })
    .meta(
      field({
        title: { en: 'Server', zh: '实例地址' },
        help: {
          en: 'The server the account is on, for example https://mastodon.social.',
          zh: '账号所在的实例，例如 https://mastodon.social。',
        },
      }),
    ),
  accessToken: z
    .string()
    .trim()
    .min(16, { error: 'must have at least 16 characters' })
    .regex(/^[\x21-\x7e]+$/u, { error: 'must have no spaces or line ends inside' })
    .meta(
      field({
        title: { en: 'Access token', zh: '访问令牌' },
        help: {
          en: 'Preferences → Development → your application → Your access token.',
          zh: '偏好设置 → 开发 → 你的应用 → 你的访问令牌。',
        },
        secret: true,
      }),
    ),
})
export type Settings = z.infer<typeof settings>

/** The token goes with every call: never in the clear beyond this machine. */
function isSafe(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, hostname } = new URL(value)
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}
