/** What a cell says, without what spreadsheets and exports wrap around it. */

/** Characters that make a spreadsheet take a cell for a formula; our own downloads put an apostrophe before them. */
const formula = /^'(?=[=+\-@\t\r＝＋－＠])/u

export function cellOf(raw: string): string {
  // `="0071"` and a leading tab keep Excel from rounding a number.
  const bare = /^\s*="((?:[^"]|"")*)"\s*$/u.exec(raw)?.[1]?.replaceAll('""', '"') ?? raw
  return bare
    .replace(/^[\s\ufeff\u200b]+|[\s\ufeff\u200b]+$/gu, '')
    .replace(formula, '')
    .replace(/\r\n?/gu, '\n')
    .trim()
}

/** An id Excel has rounded: `7.30142E+18`. Its last digits are gone for good. */
export const isRounded = (id: string): boolean => /^\d(?:\.\d+)?E\+\d{1,3}$/iu.test(id)

/** The address in a cell that may hold words around it; null: none. */
export function addressIn(cell: string): string | null {
  const found = /https?:\/\/[^\s"'<>，。）】」]+/iu.exec(cell)?.[0]
  const bare = /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?:\/[^\s"'<>]*)?$/iu.test(cell) ? `https://${cell}` : null
  const url = URL.parse(found ?? bare ?? '')
  return url && url.username === '' && url.password === '' ? url.href : null
}
