/** The process: the list of channels, configuration, start, signals, stop. The only file that imports `adapters/`. */
import pino from 'pino'
import { adapters } from '../adapters/index.ts'
import { setupCode } from './auth/setup.ts'
import { type Config, readConfig } from './config.ts'
import { type House, openHouse } from './db/open.ts'
import { demoConfig, startDemo } from './demo.ts'
import { openDesk } from './desk-build.ts'
import { logOptions } from './http/log.ts'
import { startMetricsServer } from './http/metrics.ts'
import { type Server, serve } from './serve.ts'

export const channels = new Map(adapters.map((adapter) => [adapter.channel, adapter]))

/** `start` and `demo`. Resolves when the server has stopped. Throws ConfigError or StartError when it cannot start. */
export async function main({ demo }: { demo: boolean }): Promise<void> {
  const given = readConfig(process.env)
  const config = demo ? demoConfig(given, note) : given
  const log = pino(logOptions(config.logLevel), pino.destination({ dest: 2, sync: false }))
  const stopping = untilSignal()
  const desk = openDesk()
  const closing: (() => Promise<unknown>)[] = [() => desk.close()]
  try {
    const house = await openHouse(config, { waitMs: 30_000 })
    closing.push(() => house.close())
    const server = await serve({ house, config, channels, log, desk })
    closing.push(() => server.stop())
    if (config.metricsPort !== null) {
      const metrics = await startMetricsServer({ port: config.metricsPort, host: config.host })
      closing.push(() => metrics.close())
    }
    desk.ready.catch((error: unknown) =>
      log.error({ err: error }, 'the desk could not be built; the API works without'),
    )
    if (demo) {
      // Only here: a server in earnest loads no simulator.
      const { demos } = await import('../adapters/demo.ts')
      const running = await startDemo({ ...server.deps, house, server }, demos)
      closing.push(() => running.stop())
      say(running.line)
    } else {
      say(`Huixin listens on ${config.url ?? server.url}`)
      await sayCode(house, server, config)
    }
    await stopping
    log.info({}, 'stopping')
  } finally {
    for (const close of closing.reverse()) {
      // One that fails must not keep the next from closing: the last of them stops PostgreSQL.
      await close().catch((error: unknown) => log.error({ err: error }, 'closing failed'))
    }
    log.flush()
  }
}

async function sayCode(house: House, server: Server, config: Config): Promise<void> {
  const code = await setupCode({ db: house.database.db, seal: house.seal, now: () => new Date() })
  if (code === null) return
  say(`First visit: open ${config.url ?? server.url} and enter the one-time code ${code} to create the administrator.`)
}

const note = (line: string) => process.stderr.write(`${line}\n`)
const say = (line: string) => process.stdout.write(`${line}\n`)

/** The first signal ends the server in order; a second one ends the process. */
function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1))
        resolve()
      })
    }
  })
}
