/** Run by node-process.ts: `serve` with the real channels, on the database it is told, until a signal or a named point. */
import pino from 'pino'
import { adapters } from '../../adapters/index.ts'
import { readConfig } from '../../src/config.ts'
import { openHouse } from '../../src/db/open.ts'
import { logOptions } from '../../src/http/log.ts'
import { type Point, serve } from '../../src/serve.ts'
import type { FromNode, NodePlan, StopAt, ToNode } from './node-process.ts'

let armed: StopAt | null = null
let seen = 0

const tell = (message: FromNode) => new Promise<void>((resolve) => process.send?.(message, () => resolve()))

async function passing(point: Point): Promise<void> {
  if (armed?.point !== point) return
  seen += 1
  if (seen !== (armed.occurrence ?? 1)) return
  const { by } = armed
  armed = null
  await tell({ reached: point })
  process.kill(process.pid, by)
  // A signal to oneself may come a moment later; whoever is killed does not go on past the point.
  if (by === 'SIGKILL') await new Promise(() => {})
}

async function run(plan: NodePlan): Promise<void> {
  armed = plan.stopAt ?? null
  const config = readConfig(plan.environment)
  const house = await openHouse(config, { note: () => {} })
  const { callTimeoutMs } = plan
  const channels = new Map(
    adapters.map((adapter) => {
      const timeoutMs = { call: callTimeoutMs ?? 0, upload: callTimeoutMs ?? 0 }
      const given = callTimeoutMs === undefined ? {} : { capabilities: { ...adapter.capabilities, timeoutMs } }
      return [adapter.channel, { ...adapter, ...given }]
    }),
  )
  const log = pino(logOptions(config.logLevel), pino.destination({ dest: 1, sync: true }))
  const server = await serve({ house, config, channels, log, passing, ...(plan.spans ? { spans: plan.spans } : {}) })
  await tell({ url: server.url })
  await new Promise((resolve) => process.once('SIGTERM', resolve))
  await server.stop()
  await house.close()
  // The process ends by itself when nothing is left open: that is part of what is tested.
  process.off('message', hear)
  process.disconnect()
}

function hear(message: ToNode): void {
  if ('arm' in message) {
    armed = message.arm
    seen = 0
    return
  }
  run(message.start).catch(async (error: unknown) => {
    await tell({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    process.exit(1)
  })
}
process.on('message', hear)
// A test run that is gone needs no server.
process.on('disconnect', () => {
  if (process.listenerCount('message') > 0) process.kill(process.pid, 'SIGKILL')
})
