import { readFileSync } from 'node:fs'
import { addAccount } from '../accounts/add.ts'
import { settingsFromText } from '../accounts/settings.ts'
import { systemActor } from '../auth/actor.ts'
import { StartError } from '../start-error.ts'
import { findBrands } from './brand.ts'
import { print, withHouse } from './house.ts'
import { readStdin } from './stdin.ts'

export interface AccountOptions {
  readonly set?: readonly string[]
  readonly setFile?: readonly string[]
  readonly name?: string
  readonly brand?: string
}

export async function addOne(channel: string, options: AccountOptions): Promise<void> {
  const { channels } = await import('../main.ts')
  const adapter = channels.get(channel)
  if (!adapter) throw new StartError(`There is no channel "${channel}". There are: ${[...channels.keys()].join(', ')}.`)
  const given = pairs('--set', options.set ?? [])
  for (const [name, path] of Object.entries(pairs('--set-file', options.setFile ?? []))) {
    given[name] = path === '-' ? await readStdin(name) : readFileSync(path, 'utf8').trim()
  }
  await withHouse(async ({ database: { db }, seal }) => {
    const settings = settingsFromText(adapter, given)
    const [brandId] = options.brand ? await findBrands(db, [options.brand]) : []
    const deps = { db, seal, channels, now: () => new Date() }
    const { id } = await addAccount(deps, systemActor, {
      channel,
      name: options.name ?? adapter.title.en,
      brandId,
      settings,
    })
    print(`The account is added; a running server opens and checks it within seconds.\n${id}`)
  })
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
