import pino from 'pino'
import { createConnections } from '../accounts/connections.ts'
import { logOptions } from '../http/log.ts'
import { createIngest } from '../inbound/ingest.ts'
import { replayUnread } from '../inbound/unread.ts'
import { StartError } from '../start-error.ts'
import { print, withHouse } from './house.ts'

export async function replay(options: { readonly account?: string }): Promise<void> {
  const { channels } = await import('../main.ts')
  await withHouse(async (house, config) => {
    const { db, sql } = house.database
    const log = pino(logOptions(config.logLevel === 'info' ? 'warn' : config.logLevel), pino.destination(2))
    const deps = {
      config,
      db,
      sql,
      seal: house.seal,
      log,
      now: () => new Date(),
      channels,
      nudge: () => {},
    }
    const connections = createConnections(deps)
    try {
      if (options.account && !(await connections.get(options.account))) {
        throw new StartError(`There is no account ${options.account} that can be opened.`)
      }
      const { replayed, failed } = await replayUnread(
        { db, seal: house.seal, connections, ingest: createIngest(deps) },
        options.account ?? null,
      )
      print(`${replayed} read, ${failed} still unreadable.`)
      if (failed > 0) process.exitCode = 1
    } finally {
      await connections.close()
    }
  })
}
