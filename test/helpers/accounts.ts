/** For tests: a channel whose connection the test scripts, and what src/accounts needs beside it. */
import pino from 'pino'
import { z } from 'zod'
import { type Actor, systemActor } from '../../src/auth/actor.ts'
import { type Account, type Adapter, type Connection, defineAdapter } from '../../src/channel/adapter.ts'
import type { Tools } from '../../src/channel/tools.ts'
import { readConfig } from '../../src/config.ts'
import type { Database } from '../../src/db/client.ts'
import { newId } from '../../src/db/id.ts'
import { brands } from '../../src/db/schema.ts'
import type { Deps } from '../../src/deps.ts'
import { createSeal } from '../../src/seal.ts'
import { plainCapabilities } from './house.ts'

/** The same words as in app.ts, so that both can read the same rows. */
export const testSeal = createSeal('a secret of at least thirty-two characters')

export const ExampleSettings = z.object({
  token: z.string().min(8).meta({ secret: true }),
  apiRoot: z.url().default('https://api.example.com'),
  mode: z.enum(['webhook', 'polling']).default('polling'),
  secret: z
    .string()
    .min(1)
    .default(() => `made-${newId()}`)
    .meta({ secret: true }),
  pageSize: z.int().optional(),
  loud: z.boolean().optional(),
})
export type ExampleSettings = z.infer<typeof ExampleSettings>

export interface Opening {
  readonly account: Account<ExampleSettings>
  readonly tools: Tools
  closed: boolean
}

export function exampleAdapter(script: (opening: Opening) => Partial<Connection> = () => ({}), channel = 'example') {
  const openings: Opening[] = []
  const adapter = defineAdapter<ExampleSettings>({
    channel,
    title: { en: 'Example', zh: '示例' },
    icon: { path: 'M0 0h24v24H0z' },
    capabilities: plainCapabilities,
    settings: ExampleSettings,
    connect(account, tools) {
      const opening: Opening = { account, tools, closed: false }
      openings.push(opening)
      return {
        send: async () => ({ externalId: null }),
        check: async () => ({ state: 'ok' }),
        async close() {
          opening.closed = true
        },
        ...script(opening),
      }
    },
  })
  return { adapter: adapter as Adapter<unknown>, openings, channels: new Map([[channel, adapter as Adapter<unknown>]]) }
}

export interface TestDeps extends Omit<Deps, 'connections'> {
  readonly logged: string[]
  readonly nudges: () => number
}

export function testDeps(
  database: Pick<Database, 'db' | 'sql'>,
  channels: Deps['channels'],
  overrides: Partial<Omit<Deps, 'connections'>> = {},
): TestDeps {
  const logged: string[] = []
  let nudges = 0
  return {
    config: readConfig({ HUIXIN_URL: 'https://care.example.com' }),
    db: database.db,
    sql: database.sql,
    seal: testSeal,
    log: pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) }),
    now: () => new Date(),
    channels,
    nudge: () => {
      nudges += 1
    },
    logged,
    nudges: () => nudges,
    ...overrides,
  }
}

export async function addBrand(db: Database['db'], name = 'Aurora'): Promise<string> {
  const id = newId()
  await db.insert(brands).values({ id, name })
  return id
}

export const administrator: Actor = { ...systemActor, kind: 'user', id: 'admin-1', name: 'Admin' }
