/** The shipped words of everything that speaks by itself, and filling them in. Pure. */
import type { AutomaticKind } from '../wire-automatic.ts'

export type Language = 'zh' | 'en'

/** What may stand between braces, in both languages. */
export const variableWords = {
  customer: { zh: '客户', en: 'customer' },
  brand: { zh: '品牌', en: 'brand' },
  ticket: { zh: '工单', en: 'ticket' },
  code: { zh: '查询码', en: 'code' },
  link: { zh: '查询链接', en: 'link' },
  progress: { zh: '进度', en: 'progress' },
  opens: { zh: '上班时间', en: 'opens' },
  answer: { zh: '回答链接', en: 'answer' },
  facts: { zh: '资料', en: 'facts' },
  otp: { zh: '验证码', en: 'otp' },
} as const satisfies Record<string, Record<Language, string>>
export type Variable = keyof typeof variableWords
export type Values = Partial<Record<Variable, string>>

const always: readonly Variable[] = ['customer', 'brand', 'ticket', 'code', 'link', 'progress']

/** Those a text of the kind can be filled with. */
export const variablesOf: Readonly<Record<AutomaticKind, readonly Variable[]>> = {
  acknowledgement: always,
  acknowledgement_closed: [...always, 'opens'],
  progress: always,
  solved: [...always, 'answer'],
  satisfaction: [...always, 'answer'],
  follow_up: always,
  facts: [...always, 'facts'],
  lookup: always,
  proof: ['customer', 'brand', 'ticket', 'otp'],
}

/** Without it the message says nothing. */
export const neededBy: Partial<Record<AutomaticKind, Variable>> = { proof: 'otp', facts: 'facts', progress: 'progress' }

export const shipped: Readonly<Record<AutomaticKind, Record<Language, string>>> = {
  acknowledgement: {
    zh: '{{客户}}，您好！您的反馈已收到，工单号 {{工单}}，客服会尽快回复您。\n查询码：{{查询码}}\n查询进度：{{查询链接}}',
    en: 'Hello {{customer}}, we have your message. Your ticket is {{ticket}}, and somebody will answer you soon.\nLook-up code: {{code}}\nSee how it stands: {{link}}',
  },
  acknowledgement_closed: {
    zh: '{{客户}}，您好！您的反馈已收到，工单号 {{工单}}。现在是非工作时间，客服将在 {{上班时间}} 后回复您。\n查询码：{{查询码}}\n查询进度：{{查询链接}}',
    en: 'Hello {{customer}}, we have your message. Your ticket is {{ticket}}. We are closed now and will answer after {{opens}}.\nLook-up code: {{code}}\nSee how it stands: {{link}}',
  },
  progress: {
    zh: '您的工单 {{工单}} 有新进展：{{进度}}\n查询进度：{{查询链接}}',
    en: 'News about your ticket {{ticket}}: {{progress}}\nSee how it stands: {{link}}',
  },
  solved: {
    zh: '您的工单 {{工单}} 已处理完。请问问题解决了吗？\n回复 1：已解决\n回复 2：没有解决\n也可以打开链接回答：{{回答链接}}',
    en: 'We have finished your ticket {{ticket}}. Is the problem solved?\nReply 1: yes\nReply 2: no\nOr answer here: {{answer}}',
  },
  satisfaction: {
    zh: '请给这次服务打分：回复 1 到 5 中的一个数字，5 分最满意。\n也可以打开链接打分并留言：{{回答链接}}',
    en: 'How was our service? Reply with a number from 1 to 5; 5 is best.\nOr rate and comment here: {{answer}}',
  },
  follow_up: {
    zh: '{{客户}}，您好！工单 {{工单}} 处理完已有几天，手机用着还正常吗？如有问题，直接回复就行。',
    en: 'Hello {{customer}}, it has been some days since we finished ticket {{ticket}}. Does everything still work? If not, just reply here.',
  },
  facts: {
    zh: '{{资料}}\n直接回复即可，会记入您的工单 {{工单}}。',
    en: '{{facts}}\nJust reply here: it goes to your ticket {{ticket}}.',
  },
  lookup: {
    zh: '您的工单 {{工单}}：{{进度}}\n查询码：{{查询码}}\n查询进度：{{查询链接}}',
    en: 'Your ticket {{ticket}}: {{progress}}\nLook-up code: {{code}}\nSee how it stands: {{link}}',
  },
  proof: {
    zh: '验证码 {{验证码}}，用于查询工单 {{工单}}，10 分钟内有效。如不是您本人在查询，请忽略。',
    en: '{{otp}} is your code to look at ticket {{ticket}}. It is valid for 10 minutes. If you did not ask for it, ignore it.',
  },
}

const byWord = new Map<string, Variable>(
  (Object.keys(variableWords) as Variable[]).flatMap((name) =>
    Object.values(variableWords[name]).map((word) => [word, name] as const),
  ),
)
const braces = /\{\{([^{}]*)\}\}/gu

/**
 * The text with its variables filled in, of both languages in both. A line all of whose known variables are empty goes
 * with them: no "See it here:" without an address. Unknown ones stay as they are.
 */
export function fill(text: string, values: Values): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const known = namesIn(line)
      if (known.length > 0 && known.every((name) => !values[name])) return []
      return line.replace(braces, (whole: string, word: string) => {
        const name = byWord.get(word.trim())
        return name ? (values[name] ?? '') : whole
      })
    })
    .join('\n')
    .trim()
}

const namesIn = (text: string): Variable[] =>
  [...text.matchAll(braces)].flatMap(([, word = '']) => byWord.get(word.trim()) ?? [])

/** What is wrong with an edited text: a variable it cannot be filled with, or one that it must have. Null: nothing. */
export function faultOf(
  kind: AutomaticKind,
  text: string,
): { readonly unknown: string } | { readonly missing: Variable } | null {
  if (text.trim() === '') return null
  for (const [, word = ''] of text.matchAll(braces)) {
    const name = byWord.get(word.trim())
    if (!name || !variablesOf[kind].includes(name)) return { unknown: word }
  }
  const needed = neededBy[kind]
  return needed && !namesIn(text).includes(needed) ? { missing: needed } : null
}
