/** What the parts of the contract suite share: one adapter, opened anew for each test on settings that lead nowhere. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach } from 'vitest'
import { z } from 'zod'
import type { Adapter, Connection } from '../../src/channel/adapter.ts'
import type { SurfaceCapabilities } from '../../src/channel/capabilities.ts'
import type { Surface } from '../../src/channel/events.ts'
import { createTestTools, type TestTools } from '../helpers/adapter-tools.ts'
import type { ContractSample } from '../helpers/contract-sample.ts'
import { findsNoSecret } from './expect.ts'

export interface Stage {
  readonly adapter: Adapter<unknown>
  readonly sample: ContractSample
  readonly folder: URL
  readonly fields: readonly [string, { title?: unknown; help?: unknown; secret?: unknown }][]
  readonly surfaces: readonly [Surface, SurfaceCapabilities][]
  readonly secrets: readonly string[]
  /** Of the running test. */
  readonly tools: TestTools
  readonly connection: Connection
  /** Another connection, on settings of its own; closed after the test. */
  open(settings: Readonly<Record<string, unknown>>): { readonly connection: Connection; readonly tools: TestTools }
  /** In the whole of it: messages, stacks, fields, causes. */
  expectNoSecret(value: unknown): void
}

export function setStage(adapter: Adapter<unknown>, sample: ContractSample): Stage {
  const schema = z.toJSONSchema(adapter.settings, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, { title?: unknown; help?: unknown; secret?: unknown }>
  }
  const fields = Object.entries(schema.properties ?? {})
  const secrets = fields
    .filter(([, field]) => field.secret === true)
    .flatMap(([name]) => String(sample.settings[name] ?? '') || [])
  const opened: { connection: Connection; tools: TestTools }[] = []

  function open(settings: Readonly<Record<string, unknown>>) {
    const tools = createTestTools(secrets)
    const account = {
      id: randomUUID(),
      name: 'contract',
      settings: adapter.settings.parse(settings),
      webhookUrl: 'https://care.example/webhooks/1',
    }
    const made = { connection: adapter.connect(account, tools), tools }
    opened.push(made)
    return made
  }

  beforeEach(() => void open(sample.settings))
  afterEach(async () => {
    for (const { connection, tools } of opened.splice(0)) {
      await connection.close?.()
      tools.close()
    }
  })

  return {
    adapter,
    sample,
    folder: new URL(`../../adapters/${adapter.channel}/`, import.meta.url),
    fields,
    surfaces: Object.entries(adapter.capabilities.surfaces) as [Surface, SurfaceCapabilities][],
    secrets,
    get tools() {
      return opened[0]!.tools
    },
    get connection() {
      return opened[0]!.connection
    },
    open,
    expectNoSecret: (value) => findsNoSecret(value, secrets),
  }
}
