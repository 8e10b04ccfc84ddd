import { migrationState } from '../db/migrate.ts'
import { print, withHouse } from './house.ts'

export async function migrateDatabase(): Promise<void> {
  await withHouse(async ({ database }) => {
    const { applied, known } = await migrationState(database.sql)
    print(`The database is at this version (${applied} of ${known} migrations).`)
  })
}
