/** What can be wrong with a row, in words. */
import type { Bilingual } from '#channel/errors.ts'
import type { ImportProblem } from '#channel/import.ts'
import { type FieldName, titleOf } from './columns.ts'

const cut = (value: string) => (value.length > 40 ? `${[...value].slice(0, 40).join('')}…` : value)

type Say = (about?: string, more?: string) => Bilingual

const texts = {
  missing_text: () => ({ en: 'The text is missing.', zh: '缺少内容。' }),
  missing_author: () => ({ en: 'The author is missing.', zh: '缺少作者。' }),
  bad_date: (value = '') =>
    value === ''
      ? { en: 'The time is missing.', zh: '缺少时间。' }
      : {
          en: `“${cut(value)}” is no time. Write 2026-11-25 14:30.`,
          zh: `“${cut(value)}”不是有效时间，请写成 2026-11-25 14:30。`,
        },
  ambiguous_date: (value = '') => ({
    en: `“${cut(value)}” could be two days. Write year-month-day.`,
    zh: `“${cut(value)}”可能是两个不同的日期，请按年-月-日书写。`,
  }),
  future_date: (value = '') => ({
    en: `“${cut(value)}” lies in the future.`,
    zh: `“${cut(value)}”是未来的时间。`,
  }),
  too_long: (name = '', max = '') => {
    const title = titleOf(name as FieldName)
    const most = Number(max).toLocaleString('en')
    return { en: `${title.en}: more than ${most} characters.`, zh: `${title.zh}超过 ${most} 个字符。` }
  },
  rounded_id: (name = '', value = '') => {
    const title = titleOf(name as FieldName)
    return {
      en: `${title.en}: Excel has rounded “${value}”. Export again, and do not save the file in Excel.`,
      zh: `${title.zh}“${value}”已被 Excel 改写为近似值。请重新导出，且不要用 Excel 保存。`,
    }
  },
  bad_address: (value = '') => ({
    en: `“${cut(value)}” is no web address.`,
    zh: `“${cut(value)}”不是有效链接。`,
  }),
  duplicate: (line = '') => ({ en: `The same as line ${line}.`, zh: `与第 ${line} 行重复。` }),
  too_many_cells: () => ({
    en: 'More cells than headings. A text with a separator in it needs quotes.',
    zh: '单元格多于列名。含有分隔符的内容需要加引号。',
  }),
  open_quote: () => ({ en: 'A quote (") is opened and never closed.', zh: '引号 (") 没有闭合。' }),
  bad_quote: () => ({
    en: 'Something stands behind a closing quote. A quote inside a text is written twice ("").',
    zh: '闭合引号后还有内容。内容中的引号应写成两个 ("")。',
  }),
} satisfies Record<string, Say>

export type ProblemCode = keyof typeof texts

/** `about`: the value, field or line it is about; `more`: the limit, or the value in the field. */
export function problem(code: ProblemCode, about?: string, more?: string): ImportProblem {
  const say: Say = texts[code]
  return { code, text: say(about, more) }
}
