/**
 * postgres.js 3.4.9, mended while it is loaded. Unmended, a connection that is lost at the wrong moment ends the whole
 * process, and no caller can catch it: porsager/postgres#1154, #1208, read 2026-11-22. Seen here whenever PostgreSQL ended
 * its connections under load. To be removed once a release holds the same; `driver.test.ts` tells what must hold.
 */
import { createRequire, registerHooks } from 'node:module'
import type Postgres from 'postgres'

interface Mend {
  readonly why: string
  readonly file?: 'index.js'
  readonly find: string
  readonly put: string
}

const mends: readonly Mend[] = [
  {
    why: 'a transaction goes on, with its rollback at least, after its connection was lost: there is no socket to write to',
    find: `if (terminated)
      return queryError(q, Errors.connection('CONNECTION_DESTROYED', options))`,
    put: `if (terminated)
      return queryError(q, Errors.connection('CONNECTION_DESTROYED', options))
    if (socket === null)
      return (queryError(q, Errors.connection('CONNECTION_CLOSED', options)), true)`,
  },
  {
    why: 'what was about to be written when the connection was lost must not go before the greeting of the next one',
    find: `clearImmediate(nextWriteTimer)
    socket.removeListener('data', data)`,
    put: `clearImmediate(nextWriteTimer)
    chunk = nextWriteTimer = null
    socket.removeListener('data', data)`,
  },
  {
    why: 'the last words of a connection that is gone must not be taken for the answer of the next one',
    find: 'closedTime = performance.now()',
    put: `query = results = errorResponse = null
    result = new Result()
    rows = 0
    closedTime = performance.now()`,
  },
  {
    why: 'what was said between the error and the end, a rollback above all, must not wait for an answer of the next connection',
    find: '!hadError && (query || sent.length) && error(',
    put: ';(query || sent.length) && error(',
  },
  {
    why: 'lost while it asks for the types: nobody listens to that promise, and whoever waits is told by himself',
    find: 'return fetchArrayTypes()',
    put: 'return fetchArrayTypes().catch(() => {})',
  },
  {
    why: 'statements sent together leave together: every write wakes PostgreSQL, which took a quarter of the time of the way in',
    find: 'if (fn || chunk.length >= 1024)',
    put: 'if (fn || chunk.length >= 262144)',
  },
  {
    why: 'what follows a begin is sent with it: its answer says nothing, and waiting for it leaves PostgreSQL with nothing to do',
    file: 'index.js',
    find: "await sql.unsafe('begin ' + options.replace(/[^a-z ]/ig, ''), [], { onexecute }).execute()",
    put: `var started
      const begun = sql.unsafe('begin ' + options.replace(/[^a-z ]/ig, ''), [], { onexecute }).execute()
      await Promise.race([begun, new Promise(resolve => started = resolve)])
      connection.queue === full && move(connection, reserved)`,
  },
  {
    why: 'as the one before: this is how it learns that the begin is on its way',
    file: 'index.js',
    find: `connection = c
      move(c, reserved)`,
    put: `connection = c
      started()
      move(c, reserved)`,
  },
]

function mend(source: string, name: string): string {
  return mends.reduce((text, { find, put, why, file = 'connection.js' }) => {
    if (file !== name) return text
    if (text.split(find).length !== 2) throw new Error(`postgres.js is not the version that is mended here: ${why}`)
    return text.replace(find, () => put)
  }, source)
}

function load(): typeof Postgres {
  const hooks = registerHooks({
    load(url, context, next) {
      const loaded = next(url, context)
      const [, name] = /\/postgres\/cjs\/src\/(connection\.js|index\.js)$/u.exec(url) ?? []
      if (name === undefined) return loaded
      return { ...loaded, source: mend(Buffer.from(loaded.source as Uint8Array).toString('utf8'), name) }
    },
  })
  try {
    return createRequire(import.meta.url)('postgres') as typeof Postgres
  } finally {
    hooks.deregister()
  }
}

export const postgres = load()
