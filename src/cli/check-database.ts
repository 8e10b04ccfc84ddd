import type { Config } from '../config.ts'
import type { Sql } from '../db/client.ts'
import type { Finding } from './doctor.ts'

/** Its version, and that a commit is on the disk when it returns: nothing may be acknowledged before. */
export async function checkDatabase(sql: Sql, config: Config): Promise<Finding[]> {
  const [row] = await sql<
    { version: string; fsync: string; commit: string; size: string; used: number; max: number }[]
  >`
    select current_setting('server_version') as version, current_setting('fsync') as fsync,
           current_setting('synchronous_commit') as commit, pg_size_pretty(pg_database_size(current_database())) as size,
           (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
           current_setting('max_connections')::int as max`
  const { version, fsync, commit, size, used, max } = row!
  const durable = fsync === 'on' && commit !== 'off'
  return [
    {
      state: 'ok',
      what: 'database',
      text: `PostgreSQL ${version} (${config.databaseUrl ? 'DATABASE_URL' : 'our own'}), ${size}`,
    },
    {
      state: durable ? 'ok' : 'wrong',
      what: 'durability',
      text: `fsync ${fsync}, synchronous_commit ${commit}${durable ? '' : ': a power cut would lose what was acknowledged'}`,
    },
    { state: used > max * 0.8 ? 'wrong' : 'ok', what: 'connections', text: `${used} of ${max}` },
  ]
}
