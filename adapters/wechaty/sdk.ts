/**
 * wechaty, loaded when the first account listens: it takes two thirds of a second and 90 MiB, and most houses have no such account.
 * Nothing that index.ts imports statically may import it (types alone).
 */
import type { Brolog } from './sdk-types.ts'

export type Sdk = Awaited<ReturnType<typeof load>>

let loading: Promise<Sdk> | null = null

export function loadSdk(): Promise<Sdk> {
  loading ??= load().catch((error: unknown) => {
    loading = null
    throw error
  })
  return loading
}

async function load() {
  const [{ WechatyBuilder, log }, { Puppet }, { FileBox, FileBoxType }, { MemoryCard }] = await Promise.all([
    import('wechaty'),
    import('wechaty-puppet'),
    import('file-box'),
    import('memory-card'),
  ])
  hush(log as unknown as Brolog)
  return { WechatyBuilder, Puppet, FileBox, FileBoxType, MemoryCard }
}

/**
 * wechaty writes to the console: the token and customers' words among it, the more the louder it is set (WECHATY_LOG). What
 * matters comes to us as events and errors. `log` is wechaty's; its class holds the one that file-box, memory-card and others share.
 */
function hush(log: Brolog): void {
  for (const logger of [log, log.constructor.instance()]) {
    logger.level('silent')
    logger.enableLogging(false)
  }
}
