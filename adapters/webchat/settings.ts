import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { field } from '#channel/field.ts'
import { isTimeZone, readHours } from './hours.ts'

/** An origin as `frame-ancestors` takes it; nothing else may get into a header. */
const site = /^https?:\/\/(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/u

export const sitesIn = (text: string): string[] => text.split(/[\s,]+/u).filter((one) => one !== '')

/** The form an administrator fills in. Names are part of the public surface: `account add webchat --set sites=…`. */
export const settings = z.object({
  sites: z
    .string()
    .trim()
    .min(1, { error: 'needs at least one site' })
    .max(2000, { error: 'may have up to 2,000 characters' })
    .refine((text) => sitesIn(text).every((one) => site.test(one)), {
      error: 'must be origins like https://www.example.com, in lower case and without a path, with spaces between them',
    })
    .meta(
      field({
        title: { en: 'Sites that may embed it', zh: '允许嵌入的网站' },
        help: {
          en: 'Origins with spaces between them: https://www.example.com https://*.example.com. Browsers show the chat nowhere else.',
          zh: '填写网站源，多个用空格分隔：https://www.example.com https://*.example.com。其他网站无法显示聊天窗口。',
        },
      }),
    ),
  title: z
    .string()
    .trim()
    .max(60, { error: 'may have up to 60 characters' })
    .default('')
    .meta(
      field({
        title: { en: 'Name shown to visitors', zh: '对访客显示的名称' },
        help: {
          en: 'At the top of the chat. Empty: the account’s name.',
          zh: '显示在聊天窗口顶部。留空则使用账号名称。',
        },
      }),
    ),
  anonymous: z
    .boolean()
    .default(true)
    .meta(
      field({
        title: { en: 'Visitors may stay unknown', zh: '允许匿名访客' },
        help: {
          en: 'Off: only visitors your site has signed in, with a token as below.',
          zh: '关闭后，仅限网站已登录并带有下方令牌的访客。',
        },
      }),
    ),
  siteSecret: z
    .string()
    .max(500, { error: 'may have up to 500 characters' })
    .refine((text) => text === '' || text.length >= 32, { error: 'must have at least 32 characters' })
    .default('')
    .meta(
      field({
        title: { en: 'Secret of your site', zh: '网站签名密钥' },
        help: {
          en: 'Your site’s server signs visitors’ tokens with it (JWT, HS256). At least 32 characters. Empty: no such tokens.',
          zh: '网站服务器用它签发访客令牌（JWT，HS256）。至少 32 个字符。留空则不接受此类令牌。',
        },
        secret: true,
      }),
    ),
  audience: z
    .string()
    .trim()
    .min(1, { error: 'must not be empty' })
    .max(200, { error: 'may have up to 200 characters' })
    .default('huixin-webchat')
    .meta(
      field({
        title: { en: 'Audience of the tokens', zh: '令牌受众 (aud)' },
        help: {
          en: 'What `aud` has to be in your site’s tokens. Give each account its own where one secret signs for several.',
          zh: '网站令牌中 aud 的取值。若多个账号共用一个密钥，请为每个账号设置不同的值。',
        },
      }),
    ),
  visitorKey: z
    .string()
    .min(32, { error: 'must have at least 32 characters' })
    .max(500, { error: 'may have up to 500 characters' })
    .default(() => randomBytes(32).toString('base64url'))
    .meta(
      field({
        title: { en: 'Key of unknown visitors', zh: '匿名访客密钥' },
        help: {
          en: 'Made for you. A new one makes every unknown visitor a new person.',
          zh: '自动生成。更换后，所有匿名访客都将被视为新访客。',
        },
        secret: true,
      }),
    ),
  officeHours: z
    .string()
    .trim()
    .max(300, { error: 'may have up to 300 characters' })
    .refine((text) => readHours(text) !== null, { error: 'must look like 1-5 09:00-18:00, 6 10:00-16:00' })
    .default('')
    .meta(
      field({
        title: { en: 'Office hours', zh: '工作时间' },
        help: {
          en: 'Days 1 (Monday) to 7 and times: 1-5 09:00-18:00, 6 10:00-16:00. Outside of them the text below is shown. Empty: always open.',
          zh: '星期 1（周一）至 7 加时间：1-5 09:00-18:00, 6 10:00-16:00。其余时间显示下方文字。留空则全天在线。',
        },
      }),
    ),
  timeZone: z
    .string()
    .trim()
    .refine(isTimeZone, { error: 'must be the name of a time zone, like Asia/Shanghai' })
    .default('Asia/Shanghai')
    .meta(
      field({
        title: { en: 'Time zone of the office hours', zh: '工作时间所在时区' },
        help: { en: 'Like Asia/Shanghai or Europe/Berlin.', zh: '例如 Asia/Shanghai 或 Europe/Berlin。' },
      }),
    ),
  offlineText: z
    .string()
    .trim()
    .max(500, { error: 'may have up to 500 characters' })
    .default('')
    .meta(
      field({
        title: { en: 'Text outside of office hours', zh: '非工作时间提示' },
        help: {
          en: 'Shown above the field; visitors can still write. Empty: a sentence in the visitor’s language.',
          zh: '显示在输入框上方，访客仍可留言。留空则按访客语言显示默认提示。',
        },
      }),
    ),
  messagesPerMinute: z
    .number({ error: 'must be a number' })
    .int({ error: 'must be a whole number' })
    .min(1, { error: 'must be at least 1' })
    .max(120, { error: 'may be at most 120' })
    .default(20)
    .meta(
      field({
        title: { en: 'Messages per minute', zh: '每分钟消息数' },
        help: { en: 'Of one visitor; from one address four times as many.', zh: '单个访客的上限；同一地址为其四倍。' },
      }),
    ),
  fileKinds: z
    .enum(['none', 'pictures', 'documents'])
    .default('documents')
    .meta(
      field({
        title: { en: 'Files visitors may send', zh: '访客可发送的文件' },
        help: {
          en: 'None, pictures, or also clips, recordings, PDF, Office and text files. Looked at by their content.',
          zh: '不允许（none）、仅图片（pictures），或还包括视频、录音、PDF、Office 和文本文件（documents）。按文件内容判断。',
        },
      }),
    ),
  fileMegabytes: z
    .number({ error: 'must be a number' })
    .min(0.1, { error: 'must be at least 0.1' })
    .max(9, { error: 'may be at most 9' })
    .default(8)
    .meta(
      field({
        title: { en: 'Largest file, in megabytes', zh: '文件大小上限（MB）' },
        help: { en: 'Up to 9.', zh: '最大 9。' },
      }),
    ),
})
export type Settings = z.infer<typeof settings>
