/**
 * RFC 4180, for spreadsheets: with a byte order mark, without which Excel takes UTF-8 for the local code page. A cell that a
 * spreadsheet would run as a formula gets an apostrophe in front, also where it begins with a full-width sign or a blank.
 */
const formula = /^[\s\p{Cc}]*[=+\-@＝＋－＠]|^[\t\r\n]/u

export function writeCsv(rows: readonly (readonly string[])[]): string {
  return `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}

function cell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text
  return /[",\r\n;\t]|^\s|\s$/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
