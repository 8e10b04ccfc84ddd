/** A quick reply as it is inserted: in the customer's language, with the variables filled in. Pure. */
import type { QuickReply } from '../api/wire.ts'

export const variableNames = ['customer', 'ticket', 'agent', 'brand', 'code'] as const
export type VariableName = (typeof variableNames)[number]

/** What is written between the braces; the server takes those of both languages in both texts. */
export const variableWords = {
  zh: { customer: '客户', ticket: '工单', agent: '客服', brand: '品牌', code: '查询码' },
  en: { customer: 'customer', ticket: 'ticket', agent: 'agent', brand: 'brand', code: 'code' },
} as const satisfies Record<string, Record<VariableName, string>>

export const variables: Readonly<Record<string, VariableName>> = Object.fromEntries(
  Object.values(variableWords).flatMap((words) => variableNames.map((name) => [words[name], name])),
)

export function fill(text: string, values: Readonly<Record<VariableName, string>>): string {
  return text.replace(/\{\{(?<name>[^{}]*)\}\}/gu, (whole: string, name: string) => {
    const known = Object.hasOwn(variables, name.trim()) ? variables[name.trim()] : undefined
    return known ? values[known] : whole
  })
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
