/** Reads a file through its adapter: rows counted, first ones shown, bad ones written out. Lets others run in between. */
import { setImmediate as breathe } from 'node:timers/promises'
import type { OpenAccount } from '../../accounts/connections.ts'
import { FileUnreadable, type ImportFile, type ImportMapping, type ImportRow } from '../../channel/import.ts'
import { cleanText } from '../../channel/text.ts'
import { notFound, unprocessable } from '../../problem.ts'
import type { ImportPreview } from '../../wire-imports.ts'
import { writeCsv } from './write-csv.ts'

/** Rows between two breaths: a few milliseconds. */
const STRIDE = 200
const SHOWN = { first: 20, problems: 100, cells: 50, characters: 500 }

export interface Looked {
  readonly preview: ImportPreview
  readonly rows: number
}

/** Throws 422 with the code of {@link FileUnreadable}; 404 for an account that takes no files. */
export function openFile(account: OpenAccount, name: string, bytes: Uint8Array): ImportFile {
  const { connection, adapter } = account
  if (!connection.openFile || !adapter.imports) throw notFound('way to import a file into this account')
  return readable(() => connection.openFile!({ name, bytes }))
}

/** As a person chose; without columns and fields that there are not. */
export function cleanMapping(account: OpenAccount, file: ImportFile, mapping: ImportMapping): ImportMapping {
  const names = account.adapter.imports?.fields.map(({ name }) => name) ?? []
  return Object.fromEntries(
    names.flatMap((name) => {
      const column = Object.hasOwn(mapping, name) ? mapping[name] : undefined
      return column !== undefined && column < file.columns.length ? [[name, column]] : []
    }),
  )
}

export async function lookAt(
  account: OpenAccount,
  file: ImportFile,
  mapping: ImportMapping,
  at: Date,
): Promise<Looked> {
  const missing = missingFields(account, mapping)
  const first: ImportPreview['first'][number][] = []
  const problems: ImportPreview['problems'][number][] = []
  let [good, bad] = [0, 0]
  if (missing.length === 0) {
    for await (const row of rowsOf(file, mapping, at)) {
      if ('event' in row) {
        good += 1
        if (first.length < SHOWN.first) first.push(shown(row))
      } else {
        bad += 1
        const { line, problem, cells } = row
        if (problems.length < SHOWN.problems)
          problems.push({ line, ...problem, cells: cells.slice(0, SHOWN.cells).map(cut) })
      }
    }
  }
  const { columns, encoding } = file
  const preview = {
    columns: [...columns].map(cut),
    encoding,
    mapping: { ...mapping },
    missing,
    good,
    bad,
    first,
    problems,
  }
  return { preview, rows: good + bad }
}

export function missingFields(account: OpenAccount, mapping: ImportMapping): string[] {
  const fields = account.adapter.imports?.fields ?? []
  return fields.flatMap(({ name, required }) => (required && mapping[name] === undefined ? [name] : []))
}

/** The bad rows as they stand in the file, and why: to be mended and brought again. */
export async function badRows(file: ImportFile, mapping: ImportMapping, at: Date): Promise<string> {
  const list: (readonly string[])[] = []
  for await (const row of rowsOf(file, mapping, at)) if ('problem' in row) list.push(badRow(file, row))
  return writeBad(file, list)
}

export const writeBad = (file: ImportFile, list: readonly (readonly string[])[]): string =>
  writeCsv([['Line 行号', 'Reason', '原因', ...file.columns], ...list])

export function badRow(file: ImportFile, { line, cells, problem }: Extract<ImportRow, { problem: unknown }>): string[] {
  const padded = [...cells, ...Array<string>(Math.max(0, file.columns.length - cells.length)).fill('')]
  return [String(line), problem.text.en, problem.text.zh, ...padded]
}

/** Throws 422 like `openFile`. */
export async function* rowsOf(file: ImportFile, mapping: ImportMapping, at: Date): AsyncGenerator<ImportRow> {
  const rows = file.rows(mapping, at)[Symbol.iterator]()
  for (let count = 1; ; count += 1) {
    const next = readable(() => rows.next())
    if (next.done) return
    yield next.value
    if (count % STRIDE === 0) await breathe()
  }
}

function readable<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof FileUnreadable) throw unprocessable(`file_${error.code}`, error.text.en, { text: error.text })
    throw error
  }
}

function shown({ line, event }: Extract<ImportRow, { event: unknown }>): ImportPreview['first'][number] {
  const { author, text, context, url, sentAt } = event.message
  return {
    line,
    author: cleanText(author.name),
    text: cut(cleanText(text)),
    context: context && cut(cleanText(context.text)),
    url,
    sentAt: sentAt.toISOString(),
  }
}

const cut = (text: string) =>
  text.length > SHOWN.characters ? `${[...text.slice(0, SHOWN.characters)].slice(0, -1).join('')}…` : text
