/** Texts agents insert with `/`: a person's own, or shared by a brand or by all. */
import { z } from 'zod'

/** What stands between two braces, in either language; filled in when the text is inserted. */
export const quickReplyVariables = {
  customer: 'customer',
  ticket: 'ticket',
  agent: 'agent',
  brand: 'brand',
  account: 'account',
  channel: 'channel',
  model: 'model',
  serial: 'serial',
  purchased: 'purchased',
  order: 'order',
  code: 'code',
  客户: 'customer',
  工单: 'ticket',
  客服: 'agent',
  品牌: 'brand',
  客户账号: 'account',
  渠道: 'channel',
  型号: 'model',
  序列号: 'serial',
  购买日期: 'purchased',
  订单号: 'order',
  查询码: 'code',
} as const

/** Variables that nobody filled in: a text with one is not sent. */
export function openVariables(text: string): string[] {
  const names = [...text.matchAll(/\{\{(?<name>[^{}]*)\}\}/gu)].map(({ groups }) => groups?.name?.trim() ?? '')
  return [...new Set(names.filter((name) => Object.hasOwn(quickReplyVariables, name)))]
}

/** The names that are no variables. */
export function unknownVariables(text: string): string[] {
  return [...text.matchAll(/\{\{(?<name>[^{}]*)\}\}/gu)]
    .map(({ groups }) => groups?.name?.trim() ?? '')
    .filter((name) => !Object.hasOwn(quickReplyVariables, name))
}

const Shortcut = z
  .string()
  .trim()
  .min(1)
  .max(30)
  .regex(/^[^\s/]+$/u)
const Text = z
  .string()
  .trim()
  .max(4000)
  .refine((text) => unknownVariables(text).length === 0, { error: 'An unknown variable stands between braces.' })

const fields = {
  /** Written after `/`; one word. */
  shortcut: Shortcut,
  title: z.string().trim().min(1).max(100),
  /** One of the two may be empty. */
  zh: Text,
  en: Text,
}

export const QuickReply = z
  .object({
    id: z.uuid(),
    shortcut: z.string(),
    title: z.string(),
    zh: z.string(),
    en: z.string(),
    shared: z.boolean(),
    /** Of a shared one: the brand it is for; null: every brand. */
    brandId: z.uuid().nullable(),
    /** May you change it? */
    mine: z.boolean(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'QuickReply' })
export type QuickReply = z.infer<typeof QuickReply>

export const NewQuickReply = z
  .strictObject({
    ...fields,
    shared: z.boolean().default(false),
    /** Only of a shared one; null: every brand. */
    brandId: z.uuid().nullable().default(null),
  })
  .refine(({ zh, en }) => zh !== '' || en !== '', { path: ['zh'], error: 'A text in one of the languages is needed.' })
export type NewQuickReply = z.infer<typeof NewQuickReply>
