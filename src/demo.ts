/** `npm run demo`: the product as it is, in a data folder of its own, connected to simulated platforms. */
import { join } from 'node:path'
import { eq, inArray, isNotNull, isNull } from 'drizzle-orm'
import { addAccount } from './accounts/add.ts'
import { removeAccount } from './accounts/remove.ts'
import { systemActor } from './auth/actor.ts'
import { createUser } from './auth/create-user.ts'
import { resetPassword } from './auth/users.ts'
import { furnishDemo, speakInDemo } from './automatic/demo.ts'
import type { ChannelDemo, DemoAccount } from './channel/demo.ts'
import type { Config } from './config.ts'
import { dataFolder, type House } from './db/open.ts'
import { accounts, authUser, rules } from './db/schema.ts'
import { bringRecords, showComplaints } from './demo-complaint.ts'
import { writeDemoHistory } from './demo-history.ts'
import { colleaguesOf, showTogether } from './demo-together.ts'
import type { Deps } from './deps.ts'
import { startImport, uploadImport } from './inbound/imports/imports.ts'
import type { Server } from './serve.ts'

const email = 'demo@example.com'

/** Its own folder and database: a demo never touches what `npm start` keeps. */
export function demoConfig(config: Config, note: (text: string) => void): Config {
  const data = join(dataFolder(config, note), 'demo')
  const host = config.host === '0.0.0.0' ? '127.0.0.1' : config.host
  const door = config.port === 0 ? null : `http://${host}:${config.port}`
  return Object.freeze({ ...config, data, dataIsChosen: true, databaseUrl: null, secret: null, url: null, door })
}

export interface Demo {
  /** The address and the sign-in; further pages to look at below it. */
  readonly line: string
  stop(): Promise<void>
}

export async function startDemo(
  deps: Deps & { readonly house: House; readonly server: Server },
  channels: readonly ChannelDemo[],
): Promise<Demo> {
  const { db, server } = deps
  const ending = new AbortController()
  // Simulators forget everything when they stop: what an earlier demo was connected to is not there any more.
  for (const { id } of await db.select({ id: accounts.id }).from(accounts).where(isNull(accounts.removedAt))) {
    await removeAccount(deps, systemActor, id)
  }
  // Before the first customer writes. They speak to nobody by themselves.
  await db.update(rules).set({ enabled: true, failedAt: null }).where(isNotNull(rules.shipped))
  const begins = []
  const talking: string[] = []
  const pages: string[] = []
  for (const { channel, start } of channels) {
    for (const { name, settings, page, file, begin } of await start({ signal: ending.signal })) {
      const { id } = await addAccount(deps, systemActor, { channel, name, settings })
      await speakInDemo(deps, id, channel)
      deps.connections.changed(id)
      if (deps.channels.get(channel)?.capabilities.surfaces.direct) talking.push(id)
      if (page) pages.push(`${page.title}: ${page.url}`)
      if (file) await bringFile(deps, id, file)
      begins.push(() => begin({ webhookUrl: `${server.url}/webhooks/${id}` }))
    }
  }
  await furnishDemo(deps)
  const password = await demoPassword(deps)
  const made = await db
    .select({ id: accounts.id, brandId: accounts.brandId })
    .from(accounts)
    .where(inArray(accounts.id, talking))
  await writeDemoHistory(db, made, deps.now())
  await bringRecords(
    deps,
    made.map(({ brandId }) => brandId),
  )
  for (const begin of begins) begin()
  const people = await colleaguesOf(deps)
  const colleagues = [showTogether, showComplaints].map((show) =>
    show(deps, people, ending.signal).catch((error: unknown) =>
      deps.log.error({ err: error }, 'demo: a colleague has left before the end'),
    ),
  )
  return {
    line: [`Huixin demo: ${server.url}  sign in as ${email} with the password ${password}`, ...pages].join('\n'),
    async stop() {
      ending.abort()
      await Promise.all(colleagues)
    },
  }
}

/** As somebody at the desk does it, with the columns as they were guessed. */
async function bringFile(deps: Deps, accountId: string, file: NonNullable<DemoAccount['file']>): Promise<void> {
  const { import: uploaded, preview } = await uploadImport(deps, systemActor, accountId, file.name, file.bytes)
  await startImport(deps, systemActor, uploaded.id, preview.mapping)
}

/** A new one at every start: it stands on the screen of whoever started the demo, and nowhere else. */
async function demoPassword({ db }: Pick<Deps, 'db'>): Promise<string> {
  const [user] = await db.select({ id: authUser.id }).from(authUser).where(eq(authUser.email, email))
  if (user) return resetPassword(db, systemActor, user.id)
  const made = await createUser(db, systemActor, { name: 'Demo', email, role: 'administrator' })
  if (made.password === null) throw new Error('no password was made')
  return made.password
}
