/**
 * Files that people bring: for platforms that let nobody read them. An adapter says as data what it takes
 * (`Adapter.imports`), and `Connection.openFile` reads it. What comes out are events like all others.
 */
import type { Bilingual } from './errors.ts'
import type { InboundEvent } from './events.ts'

export interface FileImport {
  /** As a file dialogue takes them: `.csv`. */
  readonly extensions: readonly string[]
  /** At most 32 MiB. */
  readonly maxBytes: number
  readonly maxRows: number
  /** What a row may tell. A person says which column holds which. */
  readonly fields: readonly ImportField[]
}

export interface ImportField {
  readonly name: string
  readonly title: Bilingual
  readonly help: Bilingual
  /** No row can be read without it. */
  readonly required: boolean
}

/** Which column a field is in, counted from 0; a field that is left out is in none. */
export type ImportMapping = { readonly [field: string]: number }

/** A file that could be read as a table. */
export interface ImportFile {
  /** The headings, in their order. */
  readonly columns: readonly string[]
  /** What the headings seem to mean. */
  readonly guess: ImportMapping
  /** How it was read, for people: `UTF-8`, `GB18030`. */
  readonly encoding: string
  /**
   * Every row, read as it is asked for: the file may be long. The same file and mapping give the same events, so that a file
   * that comes twice has no effect. `at` stands in for a time that no column tells. Throws {@link FileUnreadable}.
   */
  rows(mapping: ImportMapping, at: Date): Iterable<ImportRow>
}

export type ImportRow = ImportedRow | BadRow

interface Row {
  /** In the file, counted from 1, where the row begins: cells may hold newlines. */
  readonly line: number
  readonly cells: readonly string[]
}
export interface ImportedRow extends Row {
  readonly event: Extract<InboundEvent, { type: 'message' }>
}
export interface BadRow extends Row {
  readonly problem: ImportProblem
}

export interface ImportProblem {
  /** Stable: `bad_date`, `missing_text`, `duplicate` … */
  readonly code: string
  readonly text: Bilingual
}

/** The file as a whole cannot be read. */
export class FileUnreadable extends Error {
  override readonly name = 'FileUnreadable'
  readonly code: string
  readonly text: Bilingual

  constructor(code: string, text: Bilingual) {
    super(text.en)
    this.code = code
    this.text = text
  }
}
