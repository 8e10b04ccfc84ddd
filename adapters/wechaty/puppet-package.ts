/** The puppet an administrator named: is it there, and an instance of it. The name's form is checked by the settings. */
import { findPackageJSON } from 'node:module'
import { ReadError } from '#channel/errors.ts'
import type { Sdk } from './sdk.ts'
import type { PuppetLike } from './sdk-types.ts'
import { createService } from './service.ts'
import { defaultPuppet, type Settings } from './settings.ts'
import { notAPuppet, notInstalled } from './texts.ts'

/** What a puppet tells of its connection beyond its events. */
export interface Line {
  /** It broke, for the reason given. May be said more than once. */
  broke(error: ReadError): void
}

export function isInstalled(puppet: string): boolean {
  try {
    return findPackageJSON(puppet, import.meta.url) !== undefined
  } catch {
    return false
  }
}

/** Throws {@link ReadError}. */
export async function makePuppet(settings: Settings, sdk: Sdk, line: Line): Promise<PuppetLike> {
  const { puppet: name, token, endpoint } = settings
  if (!isInstalled(name)) throw new ReadError('later', { text: notInstalled(name) })
  if (name === defaultPuppet) return await createService(settings, line)
  try {
    const Named = classIn(await import(name))
    const puppet: unknown = new Named({
      ...(token === '' ? {} : { token }),
      ...(endpoint === '' ? {} : { endpoint }),
      timeoutSeconds: settings.silenceSeconds,
    })
    if (sdk.Puppet.valid(puppet)) return puppet as unknown as PuppetLike
  } catch {
    // What a package throws while it loads may hold anything, the token included.
  }
  throw new ReadError('later', { text: notAPuppet(name) })
}

/** The default export; of a CommonJS package it lies a level or two deeper. */
function classIn(module: unknown): new (options: object) => unknown {
  let found = module
  for (let depth = 0; depth < 4 && typeof found !== 'function'; depth += 1) {
    found = (found as { default?: unknown } | undefined)?.default
  }
  if (typeof found !== 'function') throw new TypeError('no default export')
  return found as new (
    options: object,
  ) => unknown
}
