/** Finds the table in a file: its separator, and the line with the headings. */
import { FileUnreadable } from '#channel/import.ts'
import { cellOf } from './cell.ts'
import { fieldOf } from './columns.ts'
import { readTable, type TableRow } from './table.ts'

export interface Sheet {
  readonly columns: readonly string[]
  /** Those below the headings, read as they are asked for. */
  rows(): Iterable<TableRow>
}

const separators = [',', ';', '\t']
/** Exports begin with a title or a date of their own now and then. */
const preamble = 10

/** Throws {@link FileUnreadable}: nothing in it looks like a table. */
export function openSheet(text: string): Sheet {
  const told = /^sep=([,;\t])\r?\n/iu.exec(text)
  const from = told?.[0].length ?? 0
  const firstLine = told ? 2 : 1
  const separator = told?.[1] ?? guessSeparator(text)
  const head = headOf(readTable(text, separator, from, firstLine))
  if (!head) throw new FileUnreadable('no_table', noTable)
  return {
    columns: head.row.cells.map(cellOf),
    *rows() {
      let skip = head.index + 1
      for (const row of readTable(text, separator, from, firstLine)) {
        if (skip > 0) skip -= 1
        else if (row.fault || row.cells.some((cell) => cell.trim() !== '')) yield row
      }
    },
  }
}

/** The one that gives the first lines the most columns alike. */
function guessSeparator(text: string): string {
  const scores = separators.map((separator) => {
    const counts: number[] = []
    for (const { cells, fault } of readTable(text, separator)) {
      if (!fault && cells.length > 1) counts.push(cells.length)
      if (counts.length >= preamble) break
    }
    const most = counts.toSorted((a, b) => a - b)[Math.floor(counts.length / 2)] ?? 1
    return { separator, score: most * counts.filter((count) => count === most).length }
  })
  return scores.toSorted((a, b) => b.score - a.score)[0]?.separator ?? ','
}

/** The first line that says what our fields are called; else the first with two cells that say anything. */
function headOf(rows: Iterable<TableRow>): { readonly row: TableRow; readonly index: number } | null {
  let fallback: { row: TableRow; index: number } | null = null
  let index = 0
  for (const row of rows) {
    const filled = row.cells.map(cellOf).filter((cell) => cell !== '')
    if (!row.fault && filled.length > 1) {
      if (filled.filter((cell) => fieldOf(cell) !== null).length > 1) return { row, index }
      fallback ??= { row, index }
    }
    index += 1
    if (index >= preamble) break
  }
  return fallback
}

const noTable = {
  en: 'There is no table in this file: its first line should name two columns or more.',
  zh: '文件中没有表格：首行应至少包含两个列名。',
}
