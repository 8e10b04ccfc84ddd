/** A process that uses our own PostgreSQL in a data folder until its standard input ends. Started by `startNode`. */
import { type Embedded, startEmbedded } from '../../src/db/embedded.ts'

const [data] = process.argv.slice(2)
process.on('SIGINT', () => {}) // as a server that is busy stopping
const say = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`)
try {
  const began = performance.now()
  const embedded: Embedded = await startEmbedded({ data: data!, note: (note) => say({ note }) })
  say({ target: embedded.target, ms: performance.now() - began })
  await new Promise<void>((resolve) => process.stdin.once('end', resolve).resume())
  await embedded.close()
  say({ closed: true })
} catch (error) {
  say({ error: error instanceof Error ? error.message : String(error) })
  process.exitCode = 1
}
