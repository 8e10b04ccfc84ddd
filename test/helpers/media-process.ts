/** A node that fetches one file and ends itself at a named point, as if the power had failed there. */
import type { OpenAccount } from '../../src/accounts/connections.ts'
import { openDatabase } from '../../src/db/client.ts'
import { createDueRunner } from '../../src/db/run-due.ts'
import { mediaHandler } from '../../src/inbound/media.ts'
import { createMediaStore } from '../../src/media-store.ts'
import { createSeal } from '../../src/seal.ts'
import type { Target } from './target.ts'

const options = JSON.parse(process.argv[2]!) as {
  target: Target
  secret: string
  data: string
  url: string
  dieAt: 'download' | 'before-keep' | 'after-keep' | 'after-commit'
}
const die = () => process.kill(process.pid, 'SIGKILL')
const { db } = openDatabase(options.target, { max: 3 })
const store = await createMediaStore(options.data)
const download = async () => {
  if (options.dieAt === 'download') die()
  return fetch(options.url)
}
const account = { connection: { download } } as unknown as OpenAccount

const run = mediaHandler({
  db,
  seal: createSeal(options.secret),
  now: () => new Date(),
  nudge: () => {
    if (options.dieAt === 'after-commit') die()
  },
  connections: {
    get: async () => account,
    all: async () => [],
    broken: () => null,
    changed() {},
    close: async () => {},
  },
  media: {
    ...store,
    async receive(source, limits) {
      const file = await store.receive(source, limits)
      return {
        ...file,
        async keep() {
          if (options.dieAt === 'before-keep') die()
          await file.keep()
          if (options.dieAt === 'after-keep') die()
        },
      }
    },
  },
})
createDueRunner({
  db,
  handlers: { media: run },
  now: () => new Date(),
  log: { info() {}, warn() {}, error() {} },
  leaseMs: 300,
  pollMs: 10,
}).start()
