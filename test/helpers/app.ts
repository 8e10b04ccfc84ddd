/** The whole application on a database of its own, and people and programs to ask it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { createConnections } from '../../src/accounts/connections.ts'
import { createThreadChanges } from '../../src/accounts/thread-changes.ts'
import { type AppDeps, buildApp } from '../../src/app.ts'
import { systemActor } from '../../src/auth/actor.ts'
import { createUser } from '../../src/auth/create-user.ts'
import { createKey } from '../../src/auth/keys.ts'
import type { Adapter } from '../../src/channel/adapter.ts'
import { readConfig } from '../../src/config.ts'
import { newId } from '../../src/db/id.ts'
import { brands } from '../../src/db/schema.ts'
import type { App, Deps } from '../../src/deps.ts'
import { logOptions } from '../../src/http/log.ts'
import { createIngest } from '../../src/inbound/ingest.ts'
import { createHint } from '../../src/live/hint.ts'
import { createHub } from '../../src/live/hub.ts'
import { createMediaStore } from '../../src/media-store.ts'
import { createPatterns } from '../../src/rules/pattern.ts'
import { createSeal } from '../../src/seal.ts'
import { returnTicket } from '../../src/tickets/lost-reply.ts'
import type { Role } from '../../src/wire.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

export const password = 'correct horse battery'

export interface TestApp {
  readonly app: App
  readonly deps: AppDeps
  readonly database: TestDatabase
  /** Moves `deps.now`; sessions keep better-auth's own clock. */
  readonly clock: { now: Date }
  /** What was logged, one JSON document a line. */
  readonly logged: string[]
  readonly brandId: string
  addBrand(name?: string): Promise<string>
  /** Adds a user, signs in, and gives the headers the desk would send. */
  person(role: Role, brandIds?: string[]): Promise<Person>
  program(role: Role, brandIds?: string[] | null): Promise<{ authorization: string }>
  close(): Promise<void>
}
export interface Person {
  readonly id: string
  readonly email: string
  readonly headers: { cookie: string; origin: string; host: string }
}

export const host = 'desk.test'
export const origin = `http://${host}`

export async function openTestApp(
  overrides: Partial<AppDeps> = {},
  environment: Record<string, string> = {},
  given?: TestDatabase,
  adapters: readonly Adapter<unknown>[] = [],
): Promise<TestApp> {
  const database = given ?? (await createTestDatabase())
  const { db, sql } = database
  const logged: string[] = []
  const log = pino(logOptions('info'), { write: (line: string) => void logged.push(line) })
  const clock = { now: new Date() }
  const hint = createHint({ target: database.target, log })
  const hub = createHub({ db, sql, hint, log })
  const base: Omit<Deps, 'connections'> = {
    config: readConfig(environment),
    db,
    sql,
    seal: createSeal('a secret of at least thirty-two characters'),
    log,
    now: () => clock.now,
    channels: new Map(adapters.map((adapter) => [adapter.channel, adapter])),
    nudge: () => {},
  }
  const data = await mkdtemp(join(tmpdir(), 'huixin-test-'))
  const media = await createMediaStore(data)
  const ours = { files: media, words: hint, changes: createThreadChanges({ sql, hub, log }) }
  const connections = createConnections(base, { ours })
  const patterns = createPatterns()
  const deps: AppDeps = {
    ...base,
    connections,
    hub,
    media,
    ingest: createIngest(base),
    hooks: { lostReply: returnTicket },
    patterns,
    wakeSender: () => {},
    ...overrides,
  }
  const app = await buildApp(deps)
  await app.ready()

  async function addBrand(name = 'Acme'): Promise<string> {
    const id = newId()
    await db.insert(brands).values({ id, name })
    return id
  }
  const [brand] = await db.select().from(brands).limit(1)
  const brandId = brand?.id ?? (await addBrand())

  return {
    app,
    deps,
    database,
    clock,
    logged,
    brandId,
    addBrand,
    async person(role, brandIds = [brandId]) {
      const email = `${newId()}@desk.test`
      const { id } = await createUser(db, systemActor, { name: role, email, role, password, brandIds })
      return { id, email, headers: await signIn(app, email) }
    },
    async program(role, brandIds = null) {
      const { key } = await createKey(db, systemActor, { name: role, role, brandIds })
      return { authorization: `Bearer ${key}` }
    },
    async close() {
      await app.close()
      await hub.close()
      await hint.close()
      await connections.close()
      await patterns.close()
      await rm(data, { recursive: true, force: true })
      if (!given) await database.close()
    },
  }
}

export async function signIn(app: App, email: string, given = password): Promise<Person['headers']> {
  const answer = await app.inject({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    headers: { origin, host },
    payload: { email, password: given },
  })
  if (answer.statusCode !== 200) throw new Error(`sign-in: ${answer.statusCode} ${answer.body}`)
  return { cookie: cookiesOf(answer.headers['set-cookie']), origin, host }
}

export function cookiesOf(setCookie: string | string[] | number | undefined): string {
  return [setCookie ?? []]
    .flat()
    .map((cookie) => String(cookie).split(';')[0])
    .join('; ')
}
