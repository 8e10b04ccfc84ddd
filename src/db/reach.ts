import { setTimeout as wait } from 'node:timers/promises'
import { StartError } from '../start-error.ts'
import { databaseCode, isUnavailable, openDatabase } from './client.ts'
import { placeOf, type Target } from './target.ts'

const OLDEST = 15

/** Until the server of `DATABASE_URL` answers, and is one that Huixin can use. Its address is named, its password never. */
export async function waitForServer(target: Target, waitMs: number, note: (text: string) => void): Promise<void> {
  const deadline = performance.now() + waitMs
  for (let noted = false; ; ) {
    try {
      return await examine(target)
    } catch (error) {
      if (error instanceof StartError || !isReach(error) || performance.now() > deadline) throw explain(target, error)
      if (!noted) note(`Waiting for the database at ${placeOf(target)}.`)
      noted = true
      await wait(500)
    }
  }
}

async function examine(target: Target): Promise<void> {
  const { sql, close } = openDatabase(target, { max: 1 })
  try {
    const [server] = await sql<{ version: number; encoding: string; standby: boolean }[]>`
      select current_setting('server_version_num')::int / 10000 as version,
             current_setting('server_encoding') as encoding, pg_is_in_recovery() as standby`
    const { version, encoding, standby } = server!
    const at = `The database at ${placeOf(target)}`
    if (version < OLDEST) throw new StartError(`${at} is PostgreSQL ${version}: ${OLDEST} or newer is needed.`)
    if (encoding !== 'UTF8') throw new StartError(`${at} has the encoding ${encoding}: UTF8 is needed.`)
    if (standby) throw new StartError(`${at} is a standby that cannot be written to.`)
  } finally {
    await close()
  }
}

const isReach = (error: unknown) =>
  isUnavailable(error) || databaseCode(error) === 'ENOTFOUND' || databaseCode(error) === 'EAI_AGAIN'

/** The driver's texts may hold the address with its password: only its codes are passed on. */
function explain(target: Target, error: unknown): Error {
  if (error instanceof StartError) return error
  const code = databaseCode(error)
  if (code === null) return error as Error
  const why = reasons[code] ?? `it does not answer (${code})`
  return new StartError(`The database at ${placeOf(target)} cannot be used: ${why}. Check DATABASE_URL.`)
}

const reasons: Readonly<Record<string, string>> = {
  '28P01': 'it refuses the user name or the password',
  '28000': 'it refuses this user',
  '3D000': 'there is no database of this name',
  '42501': 'this user has not the rights',
  '53300': 'it has no connections left',
  ENOTFOUND: 'its host is not known',
  ECONNREFUSED: 'nobody listens there',
  CONNECT_TIMEOUT: 'it does not answer',
}
