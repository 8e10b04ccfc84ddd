import { readFileSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import { addAccount } from '../accounts/add.ts'
import { changeAccount } from '../accounts/change.ts'
import { settingsFromText } from '../accounts/settings.ts'
import { systemActor } from '../auth/actor.ts'
import type { Intake } from '../channel/adapter.ts'
import { accounts } from '../db/schema.ts'
import { StartError } from '../start-error.ts'
import { Id } from '../wire.ts'
import { findBrands } from './brand.ts'
import { print, withHouse } from './house.ts'
import { readStdin } from './stdin.ts'

export interface AccountOptions {
  readonly set?: readonly string[]
  readonly setFile?: readonly string[]
  readonly name?: string
  readonly brand?: string
  readonly intake?: Intake
}

export async function addOne(channel: string, options: AccountOptions): Promise<void> {
  const { channels } = await import('../main.ts')
  const adapter = channels.get(channel)
  if (!adapter) throw new StartError(`There is no channel "${channel}". There are: ${[...channels.keys()].join(', ')}.`)
  const given = await settingsGiven(options)
  await withHouse(async ({ database: { db }, seal }) => {
    const settings = settingsFromText(adapter, given)
    const [brandId] = options.brand ? await findBrands(db, [options.brand]) : []
    const deps = { db, seal, channels, now: () => new Date() }
    const { id } = await addAccount(deps, systemActor, {
      channel,
      name: options.name ?? adapter.title.en,
      brandId,
      settings,
      intake: options.intake,
    })
    print(`The account is added; a running server opens and checks it within seconds.\n${id}`)
  })
}

/** What is left out stays. A change of the intake holds for what comes from then on. */
export async function changeOne(id: string, options: Omit<AccountOptions, 'brand'>): Promise<void> {
  if (!Id.safeParse(id).success) throw new StartError('The id of an account looks like 01234567-89ab-cdef-….')
  const { channels } = await import('../main.ts')
  const given = await settingsGiven(options)
  await withHouse(async ({ database: { db }, seal }) => {
    const [row] = await db.select({ channel: accounts.channel }).from(accounts).where(eq(accounts.id, id))
    const adapter = row && channels.get(row.channel)
    if (!adapter) throw new StartError('There is no such account.')
    const { name, intake } = options
    const settings = Object.keys(given).length > 0 ? settingsFromText(adapter, given) : undefined
    const deps = { db, seal, channels, now: () => new Date() }
    await changeAccount(deps, systemActor, id, { name, settings, intake })
    print('The account is changed; a running server takes it up within seconds.')
  })
}

async function settingsGiven({ set = [], setFile = [] }: AccountOptions): Promise<Record<string, string>> {
  const given = pairs('--set', set)
  for (const [name, path] of Object.entries(pairs('--set-file', setFile))) {
    given[name] = path === '-' ? await readStdin(name) : readFileSync(path, 'utf8').trim()
  }
  return given
}

/** `token=123:abc` splits at the first `=`; values may hold more of them. */
function pairs(option: string, list: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {}
  for (const text of list) {
    const at = text.indexOf('=')
    // Not the text itself: it may be a secret.
    if (at < 1) throw new StartError(`${option} takes name=value.`)
    const name = text.slice(0, at)
    if (Object.hasOwn(found, name)) throw new StartError(`${option} ${name} is given twice.`)
    found[name] = text.slice(at + 1)
  }
  return found
}
