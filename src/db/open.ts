/** Opens the house: the database and what stands in it before anything else can. Used by the server and every command. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { createSeal, type Seal } from '../seal.ts'
import { openSecret } from '../secret.ts'
import { StartError } from '../start-error.ts'
import { type Database, type DatabaseOptions, openDatabase } from './client.ts'
import { closedFolder, makeFolder, runAsFor } from './embedded/run-as.ts'
import { startEmbedded } from './embedded.ts'
import { furnish } from './furnish.ts'
import { migrate } from './migrate.ts'
import { waitForServer } from './reach.ts'
import { type Target, targetOf } from './target.ts'

export interface House {
  readonly database: Database
  /** What `openDatabase` takes; plain JSON. */
  readonly target: Target
  readonly seal: Seal
  readonly secret: string
  /** The data folder used, absolute. Not always `config.data`. */
  readonly data: string
  /** Closes the pool and gives our own PostgreSQL back, which stops when nobody else uses it. */
  close(): Promise<void>
}

export interface HouseOptions extends DatabaseOptions {
  /** What the operator should know, in one line. Default: standard error. */
  readonly note?: (text: string) => void
  /** How long to wait for the database of `DATABASE_URL` to answer. Default 0: one try. */
  readonly waitMs?: number
}

const DEFAULT_FOR_ROOT = '/var/lib/huixin'

/** Throws {@link StartError} when the database, the data folder or the secret is not as it must be. */
export async function openHouse(config: Config, options: HouseOptions = {}): Promise<House> {
  const server = await openServer(config, options)
  try {
    await migrate(server.target)
    const database = openDatabase(server.target, options)
    try {
      const secret = await openSecret(database.sql, { given: config.secret, data: server.data })
      await furnish(database.db)
      const close = () => database.close().finally(server.close)
      return { ...server, database, secret, seal: createSeal(secret), close }
    } catch (error) {
      await database.close()
      throw error
    }
  } catch (error) {
    await server.close()
    throw error
  }
}

/** A PostgreSQL that answers, whatever is in it. */
export interface Server {
  readonly target: Target
  readonly data: string
  close(): Promise<void>
}

export async function openServer(config: Config, options: HouseOptions = {}): Promise<Server> {
  const note = options.note ?? ((text: string) => process.stderr.write(`${text}\n`))
  if (config.databaseUrl === null) {
    const data = dataFolder(config, note)
    const { target, close } = await startEmbedded({ data, note })
    return { target, data, close }
  }
  const target = targetOf(config.databaseUrl)
  await waitForServer(target, options.waitMs ?? 0, note)
  try {
    makeFolder(config.data, null)
  } catch (cause) {
    throw new StartError(`The data folder ${config.data} cannot be made: choose another with HUIXIN_DATA.`, { cause })
  }
  return { target, data: config.data, close: async () => {} }
}

/** As root PostgreSQL runs as somebody else, who may not be able to enter the default folder. A chosen one is not changed. */
export function dataFolder(config: Config, note: (text: string) => void): string {
  if (config.dataIsChosen || existsSync(join(config.data, 'postgres'))) return config.data
  const user = runAsFor(join(config.data, 'postgres'))
  const closed = user && closedFolder(config.data, user)
  if (!closed) return config.data
  note(
    `The data folder is ${DEFAULT_FOR_ROOT}: PostgreSQL does not run as root and cannot enter ${closed}. HUIXIN_DATA chooses another.`,
  )
  return DEFAULT_FOR_ROOT
}
