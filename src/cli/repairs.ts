import { readFile } from 'node:fs/promises'
import { systemActor } from '../auth/actor.ts'
import { defaultBrandId } from '../auth/brands.ts'
import { importRepairs, previewRepairs } from '../facts/import-repairs.ts'
import { StartError } from '../start-error.ts'
import { findBrands } from './brand.ts'
import { print, withHouse } from './house.ts'

/** `repairs import`: prints what came of it; bad rows with their lines. */
export async function importFile(path: string, options: { brand?: string; dryRun?: boolean }): Promise<void> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new StartError(`The file ${path} cannot be read.`, { cause })
  })
  await withHouse(async ({ database: { db } }) => {
    const [brandId] = options.brand ? await findBrands(db, [options.brand]) : [await defaultBrandId(db)]
    if (!brandId) throw new StartError('There is no brand.')
    const { good, known, bad, missing, problems } = await previewRepairs(db, brandId, bytes)
    if (missing.length > 0) throw new StartError('The file has no column with the serial number.')
    for (const { line, field, code, value } of problems)
      print(`line ${line}: ${field}: ${code} ${JSON.stringify(value)}`)
    if (options.dryRun) return print(`${good} rows can be imported, ${known} are here already, ${bad} are bad`)
    const done = await importRepairs(db, systemActor, brandId, bytes, new Date())
    print(`${done.added} repairs added, ${done.known} here already, ${done.bad} rows bad, ${done.devices} devices`)
  })
}
