/** `huixin doctor`: one line a finding, worst news included. Changes nothing, but in an empty folder makes the database. */

import type { Config } from '../config.ts'
import { readConfig } from '../config.ts'
import { openDatabase } from '../db/client.ts'
import { migrate, migrationState } from '../db/migrate.ts'
import { openServer, type Server } from '../db/open.ts'
import { openSecret } from '../secret.ts'
import { checkAccounts, checkInbound, checkOutbound, checkParked } from './check-contents.ts'
import { checkDatabase } from './check-database.ts'
import { checkDataFolder, checkNode, checkPublicAddress, checkServer, checkShared } from './check-machine.ts'
import { print } from './house.ts'

export interface Finding {
  /** `wrong`: something has to be mended, and the command ends with 1. `note`: worth knowing. */
  readonly state: 'ok' | 'note' | 'wrong'
  readonly what: string
  readonly text: string
}

const marks = { ok: '✓', note: '·', wrong: '✗' } as const

export async function doctor(): Promise<void> {
  const config = readConfig(process.env)
  const show = (finding: Finding) => {
    print(`${marks[finding.state]} ${finding.what.padEnd(16)} ${finding.text}`)
    if (finding.state === 'wrong') process.exitCode = 1
  }
  show(checkNode())
  show(checkPublicAddress(config))
  show(await checkServer(config))
  const server = await openServer(config)
  try {
    for (const finding of await checkDataFolder(config, server.data)) show(finding)
    await examine(server, config, show)
  } finally {
    await server.close()
  }
}

async function examine(server: Server, config: Config, show: (finding: Finding) => void): Promise<void> {
  const { db, sql, close } = openDatabase(server.target, { max: 2, applicationName: 'huixin-doctor' })
  try {
    for (const finding of await checkDatabase(sql, config)) show(finding)
    const state = await migrationState(sql)
    if (state.applied === 0) await migrate(server.target)
    const after = await migrationState(sql)
    const text = `${after.applied} of ${after.known} applied`
    if (after.foreign > 0)
      return show({ state: 'wrong', what: 'migrations', text: 'the database is of a newer version of Huixin' })
    if (after.applied < after.known)
      return show({ state: 'wrong', what: 'migrations', text: `${text}: run "huixin migrate"` })
    show({ state: 'ok', what: 'migrations', text })
    await openSecret(sql, { given: config.secret, data: server.data })
    show({
      state: 'ok',
      what: 'secret',
      text: config.secret ? 'HUIXIN_SECRET fits the database' : 'the key file fits the database',
    })
    if (config.databaseUrl !== null) show(await checkShared(sql, server.data))
    for (const finding of await checkAccounts(db)) show(finding)
    for (const check of [checkInbound, checkOutbound, checkParked]) show(await check(db))
  } finally {
    await close()
  }
}
