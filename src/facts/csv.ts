/** A CSV as rows of cells. https://www.rfc-editor.org/rfc/rfc4180, read 2026-11-25; comma, semicolon or tab, UTF-8 or GB 18030. */
export function readCsv(bytes: Uint8Array): string[][] {
  const text = decode(bytes)
  const head = text.slice(0, text.indexOf('\n') < 0 ? text.length : text.indexOf('\n'))
  const separator = ['\t', ';', ','].toSorted((a, b) => head.split(b).length - head.split(a).length)[0]!
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at]!
    if (quoted) {
      if (letter !== '"') cell += letter
      else if (text[at + 1] === '"') {
        cell += '"'
        at += 1
      } else quoted = false
    } else if (letter === '"' && cell === '') quoted = true
    else if (letter === separator || letter === '\n') {
      row.push(cell.trim())
      cell = ''
      if (letter === '\n') {
        rows.push(row)
        row = []
      }
    } else if (letter !== '\r') cell += letter
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell.trim()])
  return rows
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}
