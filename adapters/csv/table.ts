/**
 * Reads RFC 4180 as it is asked for, row by row: quoted cells may hold separators, quotes and newlines. What is not RFC 4180
 * is a fault of its row, and reading goes on in the next line.
 */
export interface TableRow {
  /** Where it begins, counted from 1. */
  readonly line: number
  readonly cells: readonly string[]
  /** `open_quote`: a quote that nothing closes. `bad_quote`: something stands behind a closing quote. */
  readonly fault: 'open_quote' | 'bad_quote' | null
}

export function* readTable(text: string, separator: string, from = 0, firstLine = 1): Generator<TableRow> {
  let at = from
  let line = firstLine
  while (at < text.length) {
    const row = readRow(text, at, separator)
    if (row.fault) {
      const end = lineEnd(text, at)
      yield { line, cells: [text.slice(at, end)], fault: row.fault }
      at = afterNewline(text, end)
      line += 1
    } else {
      yield { line, cells: row.cells, fault: null }
      at = row.next
      line += row.lines
    }
  }
}

interface Read {
  readonly cells: readonly string[]
  readonly fault: TableRow['fault']
  /** Where the next row begins, and how many lines further down. */
  readonly next: number
  readonly lines: number
}

function readRow(text: string, start: number, separator: string): Read {
  const cells: string[] = []
  let at = start
  let lines = 1
  for (;;) {
    if (text[at] === '"') {
      const quoted = readQuoted(text, at + 1)
      if (quoted === null) return { cells, fault: 'open_quote', next: at, lines }
      cells.push(quoted.value)
      lines += newlinesIn(text, at, quoted.next)
      at = quoted.next
      // Excel and editors leave spaces there.
      while (text[at] === ' ') at += 1
      if (at < text.length && text[at] !== separator && !isNewline(text[at])) {
        return { cells, fault: 'bad_quote', next: at, lines }
      }
    } else {
      const end = cellEnd(text, at, separator)
      cells.push(text.slice(at, end))
      at = end
    }
    if (text[at] !== separator || at >= text.length) return { cells, fault: null, next: afterNewline(text, at), lines }
    at += 1
  }
}

function readQuoted(text: string, start: number): { value: string; next: number } | null {
  let value = ''
  let at = start
  for (;;) {
    const end = text.indexOf('"', at)
    if (end < 0) return null
    value += text.slice(at, end)
    if (text[end + 1] !== '"') return { value, next: end + 1 }
    value += '"'
    at = end + 2
  }
}

function cellEnd(text: string, from: number, separator: string): number {
  let at = from
  while (at < text.length && text[at] !== separator && !isNewline(text[at])) at += 1
  return at
}

function lineEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && !isNewline(text[at])) at += 1
  return at
}

const isNewline = (character: string | undefined) => character === '\n' || character === '\r'

/** `\r\n`, `\n`, or the lone `\r` of old Macs. */
function afterNewline(text: string, at: number): number {
  return text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : Math.min(at + 1, text.length)
}

function newlinesIn(text: string, from: number, to: number): number {
  let count = 0
  for (let at = from; at < to; at += 1) {
    if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) count += 1
  }
  return count
}
