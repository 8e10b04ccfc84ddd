/** For leases.test.ts: a node in a process of its own, which writes a cursor again and again and says what it owns. */
import { sql } from 'drizzle-orm'
import pino from 'pino'
import { createLeases, holdsLease } from '../../src/accounts/leases.ts'
import { openDatabase } from '../../src/db/client.ts'

const { target, node, accountId, ttlMs, renewMs, marginMs } = JSON.parse(process.argv[2] ?? '{}')
const { db, sql: pool } = openDatabase(target)
const leases = createLeases({ sql: pool, node, log: pino({ level: 'silent' }), ttlMs, renewMs, marginMs })
await leases.start()
const fence = leases.owned().get(accountId)
console.log(`owns ${fence}`)

let lastAt = Date.now()
for (let turn = 0; ; turn++) {
  // The first line after a freeze: no timer has run yet.
  if (Date.now() - lastAt > ttlMs / 2) {
    console.log(leases.owned().get(accountId) === fence ? 'awake: still owns' : 'awake: owns nothing')
  }
  lastAt = Date.now()
  const cursor = `of ${node}, ${turn}`
  await db.execute(sql`
    insert into poll_cursors (account_id, stream, cursor)
    select ${accountId}::uuid, 'updates', ${cursor}::text where ${holdsLease(accountId, node, fence ?? 0)}
    on conflict (account_id, stream) do update set cursor = excluded.cursor`)
  console.log('tried')
}
