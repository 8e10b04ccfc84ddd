/**
 * `npm run bench:triggers`: what the triggers on `tickets` cost the statements of the way in, as PostgreSQL's own share of their
 * time. On a database made for the run, with 20,000 tickets. Half a minute; figures are printed, and none of them fails anything.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../src/config.ts'
import { openDatabase, type Sql } from '../src/db/client.ts'
import { openHouse } from '../src/db/open.ts'
import { shipPromises } from '../src/promises/ship.ts'
import { seedTickets } from './desk-seed.ts'

/** The usual batch of a busy minute, and the largest. */
const sizes = [28, 500]
const runs = 40

interface Explained {
  readonly 'Execution Time': number
  readonly Triggers: readonly {
    readonly 'Trigger Name': string
    readonly 'Constraint Name'?: string
    readonly Time: number
  }[]
}

class Back extends Error {}

const data = await mkdtemp(join(tmpdir(), 'huixin-bench-triggers-'))
await chmod(data, 0o755)
const house = await openHouse(readConfig({ ...process.env, HUIXIN_DATA: data, LOG_LEVEL: 'error' }))
// The connection of the way in: what it is told of plans holds in triggers too.
const { sql, close } = openDatabase(house.target, { prepare: true, max: 1, statementTimeoutMs: 60_000 })
try {
  const [brandId, accountId] = [crypto.randomUUID(), crypto.randomUUID()]
  await sql`insert into brands (id, name) values (${brandId}, 'bench')`
  await sql`insert into accounts (id, brand_id, channel, name, settings_sealed) values (${accountId}, ${brandId}, 'bench', 'bench', '')`
  await seedTickets(sql, { brandId, accountId, tickets: 20_000 })
  console.log('promises  statement            rows   ms  of it triggers  share')
  for (const promises of ['none', 'shipped']) {
    if (promises === 'shipped') await shipPromises(house.database.db)
    for (const rows of sizes) {
      for (const [name, text] of Object.entries(await statements(sql, brandId, accountId, rows))) {
        const { ms, triggers } = await measure(sql, text)
        const share = `${Math.round((100 * triggers) / ms)} %`.padStart(5)
        console.log(
          `${promises.padEnd(9)} ${name.padEnd(20)} ${String(rows).padStart(4)} ${ms.toFixed(2).padStart(6)} ${triggers.toFixed(2).padStart(10)}      ${share}`,
        )
      }
    }
  }
} finally {
  await close()
  await house.close()
  await rm(data, { recursive: true, force: true })
}

/** As ingest writes them: new tickets, a message each in tickets that go on, and one each in tickets that waited for it. */
async function statements(sql: Sql, brandId: string, accountId: string, rows: number): Promise<Record<string, string>> {
  const some = async (status: string) => {
    const ids = await sql<
      { id: string }[]
    >`select id from tickets where status = ${status} order by md5(id::text) limit ${rows}`
    return `(values ${ids.map(({ id }) => `('${id}'::uuid)`).join()}) as r(id)`
  }
  const message = 'version = version + 1, last_message_at = now(), preview = md5(random()::text)'
  return {
    'new tickets': `
      insert into tickets (id, brand_id, account_id, contact_id, status, priority, surface, preview, last_message_at, unanswered_since)
      select gen_random_uuid(), '${brandId}', '${accountId}', id, 'new', 'normal', 'direct', 'x', now(), now()
      from (select id from contacts limit ${rows}) c`,
    'messages in tickets': `update tickets t set ${message}, status = 'open' from ${await some('open')} where t.id = r.id`,
    'tickets come back': `
      update tickets t set ${message}, status = 'open', unanswered_since = now() from ${await some('waiting_customer')} where t.id = r.id`,
  }
}

/** Medians. What is written is taken back, so that each run finds the same. */
async function measure(sql: Sql, text: string): Promise<{ ms: number; triggers: number }> {
  const all: { ms: number; triggers: number }[] = []
  for (let run = 0; run < runs; run += 1) {
    await sql
      .begin(async (tx) => {
        const [row] = await tx.unsafe<{ 'QUERY PLAN': [Explained] }[]>(`explain (analyze, format json) ${text}`)
        const [plan] = row!['QUERY PLAN']
        const ours = plan.Triggers.filter((trigger) => !trigger['Constraint Name'])
        all.push({ ms: plan['Execution Time'], triggers: ours.reduce((sum, { Time }) => sum + Time, 0) })
        throw new Back()
      })
      .catch((error: unknown) => {
        if (!(error instanceof Back)) throw error
      })
  }
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!
  return { ms: median(all.map(({ ms }) => ms)), triggers: median(all.map(({ triggers }) => triggers)) }
}
