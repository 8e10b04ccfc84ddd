/** Repair records of a brand, from a CSV: looked at first, then brought in; the same row again has no effect. */
import { sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { insertRows } from '../db/insert-rows.ts'
import { brands, devices, repairs } from '../db/schema.ts'
import { notFound, unprocessable } from '../problem.ts'
import type { RepairImported, RepairPreview } from '../wire-facts.ts'
import { readCsv } from './csv.ts'
import { cleanSerial, isDay } from './read-text.ts'

export const most = { bytes: 10 * 1024 * 1024, rows: 50_000, text: 2_000 } as const
const shown = 20

/** What a column may be called; compared without case, spaces and signs. */
const headings = {
  serial: 'serial serialnumber sn imei 序列号 序列號 机身号 imei号',
  model: 'model product 型号 机型 产品型号',
  purchasedOn: 'purchased purchasedon purchasedate dateofpurchase 购买日期 购机日期',
  warrantyUntil: 'warrantyuntil warrantyend warrantyends warranty 保修截止 保修到期 保修截止日期 保修期至',
  repairedOn: 'repaired repairedon repairdate date 维修日期 送修日期 维修时间',
  fault: 'fault problem 故障 故障描述 问题描述',
  result: 'result outcome work 结果 处理结果 维修结果 维修内容',
  place: 'place store servicecenter 网点 门店 维修网点',
  reference: 'reference repairnumber order 维修单号 工单号 单号',
} as const
type Field = keyof typeof headings
const fieldNames = Object.keys(headings) as Field[]
const days: readonly Field[] = ['purchasedOn', 'warrantyUntil', 'repairedOn']

export interface RepairRow extends Record<Field, string> {}
interface Read {
  readonly columns: readonly string[]
  readonly mapping: Readonly<Partial<Record<Field, number>>>
  readonly missing: readonly Field[]
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[]; readonly row: RepairRow }[]
  readonly problems: readonly RepairPreview['problems'][number][]
}

/** Pure. Throws 422 `empty_file`, `file_too_many_rows`. */
export function readRepairs(bytes: Uint8Array): Read {
  const [columns = [], ...lines] = readCsv(bytes)
  if (columns.length === 0) throw unprocessable('empty_file', 'The file is empty.')
  if (lines.length > most.rows)
    throw unprocessable('file_too_many_rows', 'The file has too many rows.', { most: most.rows })
  const mapping: Partial<Record<Field, number>> = {}
  for (const [index, heading] of columns.entries()) {
    const plain = heading
      .normalize('NFKC')
      .toLowerCase()
      .replace(/\([^)]*\)/gu, '')
      .replace(/[^\p{L}\p{N}]/gu, '')
    const field = fieldNames.find((name) => headings[name].split(' ').includes(plain))
    if (field && mapping[field] === undefined) mapping[field] = index
  }
  const missing: Field[] = mapping.serial === undefined ? ['serial'] : []
  const rows: Read['rows'][number][] = []
  const problems: RepairPreview['problems'][number][] = []
  if (missing.length === 0) {
    for (const [index, cells] of lines.entries()) {
      if (cells.every((cell) => cell === '')) continue
      const line = index + 2
      const row = rowOf(cells, mapping)
      const problem = problemOf(row)
      if (problem) problems.push({ line, ...problem })
      else rows.push({ line, cells, row })
    }
  }
  return { columns, mapping, missing, rows, problems }
}

function rowOf(cells: readonly string[], mapping: Read['mapping']): RepairRow {
  const cell = (field: Field) =>
    cleanText(cells[mapping[field] ?? -1] ?? '')
      .replace(/^="(.*)"$/u, '$1')
      .trim()
  const row = Object.fromEntries(fieldNames.map((field) => [field, cell(field)])) as RepairRow
  row.serial = cleanSerial(row.serial)
  for (const field of days) row[field] = dayOf(row[field])
  return row
}

/** `2026/3/7`, `2026年3月7日`, with a time or without, as ISO; what is no date stays, and is a problem. */
function dayOf(text: string): string {
  const [, year, month, day] =
    /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?$/u.exec(text) ?? []
  return year ? `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}` : text
}

function problemOf(row: RepairRow): { field: Field; code: string; value: string } | null {
  const value = (field: Field) => row[field].slice(0, 100)
  // Excel has rounded it: its last digits are gone.
  if (/^\d(?:\.\d+)?E\+\d+$/u.test(row.serial)) return { field: 'serial', code: 'rounded', value: value('serial') }
  if (!/^[A-Z0-9./_]{3,40}$/u.test(row.serial)) return { field: 'serial', code: 'bad_serial', value: value('serial') }
  for (const field of days)
    if (row[field] !== '' && !isDay(row[field])) return { field, code: 'bad_date', value: value(field) }
  for (const field of fieldNames)
    if (row[field].length > most.text) return { field, code: 'too_long', value: value(field) }
  if (row.repairedOn === '' && row.warrantyUntil === '' && row.purchasedOn === '' && row.model === '') {
    return { field: 'repairedOn', code: 'nothing', value: '' }
  }
  return null
}

/** What would come of a file. Throws 404 for a brand that is not there. */
export async function previewRepairs(db: Db, brandId: string, bytes: Uint8Array): Promise<RepairPreview> {
  await requireBrand(db, brandId)
  const { columns, mapping, missing, rows, problems } = readRepairs(bytes)
  let known = 0
  // Everything is tried and taken back: what the index calls the same is what the import will.
  await db
    .transaction(async (tx) => {
      const { added } = await bring(tx, brandId, 'preview', new Date(), rows)
      known = rows.filter(({ row }) => row.repairedOn !== '').length - added
      throw new TakenBack()
    })
    .catch((error: unknown) => {
      if (!(error instanceof TakenBack)) throw error
    })
  return {
    columns: [...columns],
    mapping: { ...mapping },
    missing: [...missing],
    good: rows.length,
    known,
    bad: problems.length,
    first: rows.slice(0, shown).map(({ line, row, cells }) => ({ line, serial: row.serial, cells: [...cells] })),
    problems: problems.slice(0, shown),
  }
}
class TakenBack extends Error {}

/** Throws 404, and 422 `columns_missing`. */
export async function importRepairs(
  db: Db,
  actor: Actor,
  brandId: string,
  bytes: Uint8Array,
  now: Date,
): Promise<RepairImported> {
  const { missing, rows, problems } = readRepairs(bytes)
  if (missing.length > 0)
    throw unprocessable('columns_missing', 'A column with the serial number is needed.', { fields: missing })
  return db.transaction(async (tx) => {
    await requireBrand(tx, brandId)
    const { added, devices: changed } = await bring(tx, brandId, actor.id, now, rows)
    const known = rows.filter(({ row }) => row.repairedOn !== '').length - added
    await writeAudit(tx, actor, 'repairs.imported', `brand:${brandId}`, { added, known, bad: problems.length })
    return { added, known, bad: problems.length, devices: changed }
  })
}

async function bring(tx: Tx, brandId: string, importedBy: string, now: Date, rows: Read['rows']) {
  // One file of a brand at a time: what is counted is what this one brought.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`repairs ${brandId}`}, 0))`)
  const before = await tx.$count(repairs, sql`${repairs.brandId} = ${brandId}`)
  const done = rows.filter(({ row }) => row.repairedOn !== '')
  for (let at = 0; at < done.length; at += 2_000) {
    await insertRows(
      tx,
      repairs,
      done.slice(at, at + 2_000).map(({ row: { serial, repairedOn, fault, result, place, reference } }) => {
        return { id: newId(), brandId, serial, repairedOn, fault, result, place, reference, importedBy, createdAt: now }
      }),
      'on conflict do nothing',
    )
  }
  // The last row of a serial number that says something says it.
  const bySerial = new Map<string, { model: string | null; purchasedOn: string | null; warrantyUntil: string | null }>()
  for (const { row } of rows) {
    const there = bySerial.get(row.serial)
    bySerial.set(row.serial, {
      model: row.model || there?.model || null,
      purchasedOn: row.purchasedOn || there?.purchasedOn || null,
      warrantyUntil: row.warrantyUntil || there?.warrantyUntil || null,
    })
  }
  const known = [...bySerial].filter(([, one]) => one.model || one.purchasedOn || one.warrantyUntil)
  for (let at = 0; at < known.length; at += 2_000) {
    await insertRows(
      tx,
      devices,
      known.slice(at, at + 2_000).map(([serial, one]) => ({ brandId, serial, ...one, updatedAt: now })),
      `on conflict (brand_id, serial) do update set model = coalesce(excluded.model, devices.model),
        purchased_on = coalesce(excluded.purchased_on, devices.purchased_on),
        warranty_until = coalesce(excluded.warranty_until, devices.warranty_until), updated_at = excluded.updated_at`,
    )
  }
  const after = await tx.$count(repairs, sql`${repairs.brandId} = ${brandId}`)
  return { added: after - before, devices: known.length }
}

async function requireBrand(db: Db | Tx, brandId: string): Promise<void> {
  const [row] = await db.select({ id: brands.id }).from(brands).where(sql`${brands.id} = ${brandId}`)
  if (!row) throw notFound('brand')
}
