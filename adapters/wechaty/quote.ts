/**
 * Answers that quote come as one text: 「who：what」, a line of dashes, the answer. Only the answer is the customer's own words.
 * A documented assumption (README): wechaty has no field for it.
 */
export interface Quoting {
  readonly text: string
  readonly context: { readonly text: string; readonly author: string } | null
}

export function splitQuote(text: string): Quoting {
  const found = /^「([^：\n]{1,64})：([\s\S]{0,4000}?)」\n(?:- ?){5,40}\n([\s\S]+)$/u.exec(text)
  if (!found || found[3]!.trim() === '') return { text, context: null }
  return { text: found[3]!, context: { author: found[1]!, text: found[2]! } }
}
