/** Files that people bring: read the same every time, and whatever is in them, it ends in rows or in a refusal. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FileUnreadable, type ImportFile } from '../../src/channel/import.ts'
import { keyOf } from '../../src/inbound/keys.ts'
import { expectBilingual, expectSound } from './expect.ts'
import type { Stage } from './stage.ts'

const at = new Date('2026-11-25T08:00:00Z')

export function describeFiles(stage: Stage): void {
  const { adapter, sample } = stage
  const { imports } = adapter

  test('takes files where it says so, and only there', () => {
    expect(typeof stage.connection.openFile === 'function').toBe(imports !== undefined)
    expect((sample.files ?? []).length > 0).toBe(imports !== undefined)
  })
  if (!imports) return

  const open = (bytes: Uint8Array) => stage.connection.openFile!({ name: 'file', bytes })
  const rowsOf = (file: ImportFile) => [...file.rows(file.guess, at)]

  describe('files', () => {
    test('are described in both languages, with limits a server can hold', () => {
      expect(JSON.parse(JSON.stringify(imports))).toEqual(imports)
      expect(imports.maxBytes).toBeGreaterThan(0)
      expect(imports.maxBytes).toBeLessThanOrEqual(32 * 1024 * 1024)
      expect(imports.maxRows).toBeLessThanOrEqual(100_000)
      for (const extension of imports.extensions) expect(extension).toMatch(/^\.[a-z0-9]+$/u)
      const names = imports.fields.map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
      for (const { name, title, help } of imports.fields) {
        expect(name).toMatch(/^[a-z][A-Za-z0-9]{0,40}$/u)
        expectBilingual(title)
        expectBilingual(help)
      }
    })
    test('give the same events each time, with a key of their own each', () => {
      const read = () => sample.files!.map((bytes) => rowsOf(open(bytes)))
      expect(read()).toEqual(read())
      for (const rows of read()) {
        const keys = rows.flatMap((row) => ('event' in row ? [keyOf(row.event)] : []))
        expect(new Set(keys).size).toBe(keys.length)
      }
    })
    test('give rows that are sound, or say in both languages what is wrong', () => {
      for (const bytes of sample.files!) {
        const file = open(bytes)
        for (const name of Object.keys(file.guess)) expect(imports.fields.map((field) => field.name)).toContain(name)
        let before = 0
        for (const row of rowsOf(file)) {
          expect(row.line).toBeGreaterThan(before)
          before = row.line
          if ('event' in row) {
            expectSound(row.event)
            const stored = JSON.parse(JSON.stringify(row.event.message.raw))
            expect(JSON.stringify(stage.connection.reread!(stored))).toBe(JSON.stringify([row.event]))
          } else {
            expect(row.problem.code).toMatch(/^[a-z_]+$/u)
            expectBilingual(row.problem.text)
          }
        }
      }
    })
    test('of anything at all end in rows or in a refusal, whatever the columns', () => {
      fc.assert(
        fc.property(
          fc.constantFrom(...sample.files!),
          fc.nat(),
          fc.nat(60),
          fc.uint8Array({ maxLength: 20 }),
          fc.array(fc.nat(12), { maxLength: 12 }),
          (bytes, where, cut, junk, columns) => {
            const start = where % bytes.length
            const damaged = Buffer.concat([bytes.subarray(0, start), junk, bytes.subarray(start + cut)])
            const mapping = Object.fromEntries(
              columns.flatMap((column, n) => (imports.fields[n] ? [[imports.fields[n].name, column]] : [])),
            )
            try {
              for (const row of open(damaged).rows(mapping, at)) if ('event' in row) expectSound(row.event)
            } catch (error) {
              expect(error).toBeInstanceOf(FileUnreadable)
              expectBilingual((error as FileUnreadable).text)
            }
          },
        ),
        { numRuns: 200 },
      )
    })
  })
}
