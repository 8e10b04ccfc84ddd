import { z } from 'zod'
import { field } from '#channel/field.ts'

/** The form an administrator fills in. Names are part of the public surface: `account add csv --set platform=…`. */
export const settings = z.object({
  platform: z
    .string()
    .trim()
    .min(1, { error: 'is missing' })
    .max(40, { error: 'may have up to 40 characters' })
    .meta(
      field({
        title: { en: 'Platform', zh: '平台名称' },
        help: {
          en: 'Where the files come from, as your colleagues call it: “Open on Xiaohongshu”.',
          zh: '文件来自哪个平台，将显示给同事，例如“在小红书打开”。',
        },
      }),
    ),
  timeZone: z
    .string()
    .trim()
    .refine(isTimeZone, { error: 'must be a time zone such as Asia/Shanghai' })
    .default('Asia/Shanghai')
    .meta(
      field({
        title: { en: 'Time zone of the files', zh: '文件时区' },
        help: {
          en: 'For times in the files that name no zone: Asia/Shanghai, Europe/Berlin, UTC.',
          zh: '文件中的时间未注明时区时使用，例如 Asia/Shanghai、Europe/Berlin、UTC。',
        },
      }),
    ),
})
export type Settings = z.infer<typeof settings>

function isTimeZone(name: string): boolean {
  try {
    return name !== '' && new Intl.DateTimeFormat('en', { timeZone: name }) !== null
  } catch {
    return false
  }
}
