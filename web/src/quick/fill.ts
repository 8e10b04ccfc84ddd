/** A quick reply as it is inserted: in the customer's language, with the variables filled in. Pure. */
import type { QuickReply } from '../api/wire.ts'

export const variableNames = [
  'customer',
  'account',
  'ticket',
  'agent',
  'brand',
  'channel',
  'model',
  'serial',
  'purchased',
  'order',
  'code',
] as const
export type VariableName = (typeof variableNames)[number]

/** What is written between the braces; the server takes those of both languages in both texts. */
export const variableWords = {
  zh: {
    customer: '客户',
    account: '客户账号',
    ticket: '工单',
    agent: '客服',
    brand: '品牌',
    channel: '渠道',
    model: '型号',
    serial: '序列号',
    purchased: '购买日期',
    order: '订单号',
    code: '查询码',
  },
  en: {
    customer: 'customer',
    account: 'account',
    ticket: 'ticket',
    agent: 'agent',
    brand: 'brand',
    channel: 'channel',
    model: 'model',
    serial: 'serial',
    purchased: 'purchased',
    order: 'order',
    code: 'code',
  },
} as const satisfies Record<string, Record<VariableName, string>>

export const variables: Readonly<Record<string, VariableName>> = Object.fromEntries(
  Object.values(variableWords).flatMap((words) => variableNames.map((name) => [words[name], name])),
)

/** For a preview while no ticket is there. */
export const samples = {
  zh: {
    customer: '王女士',
    account: '@wang',
    ticket: '#1024',
    agent: '小李',
    brand: '品牌',
    channel: '微博',
    model: 'X20',
    serial: 'SN-0001',
    purchased: '2026-05-01',
    order: 'O-0001',
    code: '1024-7KQ9F-2MXPD',
  },
  en: {
    customer: 'Ms Wang',
    account: '@wang',
    ticket: '#1024',
    agent: 'Lee',
    brand: 'the brand',
    channel: 'Weibo',
    model: 'X20',
    serial: 'SN-0001',
    purchased: '2026-05-01',
    order: 'O-0001',
    code: '1024-7KQ9F-2MXPD',
  },
} as const satisfies Record<string, Record<VariableName, string>>

export type Values = Readonly<Record<VariableName, string | null>>

/** What is not known stays between its braces, to be filled in by hand: a text with one of them is not sent. */
export function fill(text: string, values: Values): string {
  return text.replace(/\{\{(?<name>[^{}]*)\}\}/gu, (whole: string, name: string) => {
    const known = Object.hasOwn(variables, name.trim()) ? variables[name.trim()] : undefined
    return (known && values[known]) || whole
  })
}

/** Variables that nobody filled in, each once, as they are written. The server refuses the same. */
export function openVariables(text: string): string[] {
  const names = [...text.matchAll(/\{\{([^{}]*)\}\}/gu)].map(([, name = '']) => name.trim())
  return [...new Set(names.filter((name) => Object.hasOwn(variables, name)))]
}

export function unknownVariable(text: string): string | null {
  for (const [, name = ''] of text.matchAll(/\{\{([^{}]*)\}\}/gu)) {
    if (!Object.hasOwn(variables, name.trim())) return name
  }
  return null
}

/** The text in the language of what the customer wrote last; in the other one where there is only that. */
export function textFor({ zh, en }: Pick<QuickReply, 'zh' | 'en'>, customersWords: string, desk: string): string {
  const letters = customersWords.replace(/[^\p{L}]/gu, '')
  const chinese = letters === '' ? desk !== 'en' : /\p{Script=Han}/u.test(letters)
  return (chinese ? zh : en) || zh || en
}
