/** A file → its rows: what each says, or what is wrong with it. */
import { createHash } from 'node:crypto'
import type { ImportFile, ImportMapping, ImportProblem, ImportRow } from '#channel/import.ts'
import { FileUnreadable } from '#channel/import.ts'
import { addressIn, cellOf, isRounded } from './cell.ts'
import { type FieldName, guessMapping } from './columns.ts'
import { readDate } from './dates.ts'
import { decode } from './decode.ts'
import { messageOf } from './parse.ts'
import { problem } from './problems.ts'
import type { Settings } from './settings.ts'
import { openSheet, type Sheet } from './sheet.ts'
import type { Payload } from './types.ts'

export const maxRows = 100_000
/** Of one cell, in characters. */
export const most: Record<FieldName, number> = {
  text: 20_000,
  author: 200,
  authorId: 200,
  sentAt: 100,
  url: 2_000,
  id: 200,
  postId: 200,
  postTitle: 2_000,
}

export function openFile(bytes: Uint8Array, settings: Settings): ImportFile {
  const { text, encoding } = decode(bytes)
  const sheet = openSheet(text)
  const { columns } = sheet
  return {
    columns,
    guess: guessMapping(columns),
    encoding,
    rows: (mapping, at) => readRows(sheet, settings, mapping, at),
  }
}

function* readRows(sheet: Sheet, settings: Settings, mapping: ImportMapping, at: Date): Generator<ImportRow> {
  const lineOf = new Map<string, number>()
  const width = sheet.columns.length
  let count = 0
  for (const { line, cells, fault } of sheet.rows()) {
    count += 1
    if (count > maxRows) throw new FileUnreadable('too_many_rows', tooManyRows)
    const read = fault ? problem(fault) : readCells(cells, width, settings, mapping, at)
    if ('code' in read) {
      yield { line, cells, problem: read }
      continue
    }
    const earlier = lineOf.get(read.externalId)
    if (earlier !== undefined) {
      yield { line, cells, problem: problem('duplicate', String(earlier)) }
      continue
    }
    lineOf.set(read.externalId, line)
    yield { line, cells, event: messageOf(read) }
  }
}

function readCells(
  cells: readonly string[],
  width: number,
  settings: Settings,
  mapping: ImportMapping,
  at: Date,
): Payload | ImportProblem {
  // A separator in a text that is not quoted moves all that follows.
  if (cells.slice(width).some((cell) => cell.trim() !== '')) return problem('too_many_cells')
  const said = (name: FieldName) => {
    const index = mapping[name]
    return index === undefined ? '' : cellOf(cells[index] ?? '')
  }
  const [text, author, when, id] = [said('text'), said('author'), said('sentAt'), said('id')]
  if (text === '') return problem('missing_text')
  if (author === '') return problem('missing_author')
  for (const name of Object.keys(most) as FieldName[]) {
    if (said(name).length > most[name]) return problem('too_long', name, String(most[name]))
  }
  for (const name of ['id', 'authorId', 'postId'] as const) {
    if (isRounded(said(name))) return problem('rounded_id', name, said(name))
  }
  const date = mapping.sentAt === undefined ? { at } : readDate(when, settings.timeZone, at)
  if ('problem' in date) return problem(date.problem, when)
  const link = said('url')
  const url = link === '' ? null : addressIn(link)
  if (link !== '' && url === null) return problem('bad_address', link)
  const authorId = said('authorId') || author
  const [postId, postTitle] = [said('postId') || null, said('postTitle') || null]
  return {
    externalId: id || derivedId([authorId, text, when, postId ?? url ?? '']),
    platform: settings.platform,
    author,
    authorId,
    text,
    sentAt: date.at.toISOString(),
    url,
    postId,
    postTitle,
  }
}

/** The same row has it in the next export too. */
const derivedId = (parts: readonly string[]) =>
  `sha256:${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`

const tooManyRows = {
  en: `The file has more than ${maxRows.toLocaleString('en')} rows. Divide it.`,
  zh: `文件超过 ${maxRows.toLocaleString('en')} 行，请拆分后导入。`,
}
