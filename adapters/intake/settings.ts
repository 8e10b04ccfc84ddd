import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { field } from '#channel/field.ts'
import { isSecret } from './standard-webhooks.ts'

export const kinds = ['phone', 'store', 'form', 'app'] as const
export type Kind = (typeof kinds)[number]

/** The form an administrator fills in. Names are part of the public surface: `account add intake --set kind=phone`. */
export const settings = z
  .object({
    kind: z.enum(kinds).meta(
      field({
        title: { en: 'What comes in here', zh: '受理方式' },
        help: {
          en: 'phone: calls, answered by calling back. store: visits to a shop. form: the page for your website. app: a program of yours that posts and takes answers.',
          zh: 'phone：来电，通过回电答复。store：到店受理。form：嵌入网站的表单页。app：由您的程序提交并接收回复。',
        },
      }),
    ),
    secret: z
      .string()
      .trim()
      .refine(isSecret, { error: 'must be whsec_ and 24 to 64 bytes in base64' })
      .default(() => `whsec_${randomBytes(32).toString('base64')}`)
      .meta(
        field({
          title: { en: 'Signing secret', zh: '签名密钥' },
          help: {
            en: 'Signs what your program posts and what it gets, in the Standard Webhooks way. Left empty one is made.',
            zh: '按 Standard Webhooks 规范为双向请求签名。留空则自动生成。',
          },
          secret: true,
        }),
      ),
    key: z
      .string()
      .trim()
      .max(500)
      .refine((value) => value === '' || value.length >= 24, { error: 'needs at least 24 characters' })
      .default('')
      .meta(
        field({
          title: { en: 'Key', zh: '接口密钥' },
          help: {
            en: 'For a program that cannot sign: sent as “authorization: Bearer …”. Left empty only signed calls are taken.',
            zh: '供无法签名的程序使用，以“authorization: Bearer …”发送。留空则只接受签名请求。',
          },
          secret: true,
        }),
      ),
    answerUrl: z
      .string()
      .trim()
      .max(2_000)
      .refine((value) => value === '' || isAddress(value), { error: 'must be an http(s) address without a user name' })
      .default('')
      .meta(
        field({
          title: { en: 'Address for answers', zh: '回复接收地址' },
          help: {
            en: 'app and form: answers are posted there, signed. A form without it is answered by hand. Not used by phone and store.',
            zh: '用于 app 和 form：回复会签名后发送到此地址。form 未填写时由人工答复。phone 和 store 不使用。',
          },
        }),
      ),
    country: z
      .string()
      .trim()
      .regex(/^[1-9][0-9]{0,2}$/u, { error: 'must be a country code such as 86' })
      .default('86')
      .meta(
        field({
          title: { en: 'Country code', zh: '国家（地区）代码' },
          help: {
            en: 'For numbers written without one: 138 0000 0000 becomes +86 138 0000 0000.',
            zh: '用于补全未带区号的号码：138 0000 0000 视为 +86 138 0000 0000。',
          },
        }),
      ),
    stores: z
      .string()
      .trim()
      .max(5_000)
      .default('')
      .meta(
        field({
          title: { en: 'Stores', zh: '门店' },
          help: {
            en: 'store: the shops to choose from, with commas between them.',
            zh: '用于 store：可选择的门店，用逗号分隔。',
          },
        }),
      ),
    sites: z
      .string()
      .trim()
      .max(5_000)
      .refine((value) => wordsIn(value).every(isSite), {
        error: 'must be origins such as https://www.example.com, with spaces between them',
      })
      .default('')
      .meta(
        field({
          title: { en: 'Sites that may embed the form', zh: '允许嵌入表单的网站' },
          help: {
            en: 'form: origins such as https://www.example.com, with spaces between them. Left empty the page can be opened, not embedded.',
            zh: '用于 form：如 https://www.example.com，用空格分隔。留空则页面可打开但不可嵌入。',
          },
        }),
      ),
    postsPerHour: z
      .int({ error: 'must be a whole number' })
      .min(1)
      .max(1_000)
      .default(10)
      .meta(
        field({
          title: { en: 'Forms per hour from one address', zh: '每个 IP 每小时提交上限' },
          help: {
            en: 'form: whoever sends more has to wait. An office shares one address.',
            zh: '用于 form：超出后需等待。同一办公室通常共用一个 IP。',
          },
        }),
      ),
    language: z
      .enum(['zh-CN', 'en'])
      .default('zh-CN')
      .meta(
        field({
          title: { en: 'Language', zh: '语言' },
          help: {
            en: 'Of the page when a browser asks for neither, and of the labels in tickets.',
            zh: '浏览器未指定时页面使用的语言，以及工单中字段名称的语言。',
          },
        }),
      ),
  })
  .refine(({ kind, answerUrl }) => kind !== 'app' || answerUrl !== '', {
    path: ['answerUrl'],
    error: 'is missing: an app gets its answers there',
  })
  .refine(({ kind, stores }) => kind !== 'store' || storesIn(stores).length > 0, {
    path: ['stores'],
    error: 'needs at least one store',
  })

export type Settings = z.infer<typeof settings>

export const storesIn = (stores: string): readonly string[] => [
  ...new Set(
    stores
      .split(/[,，;；\n]/u)
      .map((name) => name.trim())
      .filter(Boolean),
  ),
]
export const sitesIn = (sites: string): readonly string[] => [...new Set(wordsIn(sites.toLowerCase()))]
const wordsIn = (text: string) => text.split(/\s+/u).filter(Boolean)

function isAddress(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && /^https?:$/u.test(url.protocol) && url.username === '' && url.password === ''
}

/** Nothing that could mean more in a policy than one site: no `;`, no `*`. */
const isSite = (value: string) => /^https?:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,5})?$/iu.test(value)

/** Are answers given by a person? */
export const isByHand = ({ kind, answerUrl }: Settings): boolean =>
  kind === 'phone' || kind === 'store' || answerUrl === ''
