/**
 * Run as a process of its own by global-setup.ts: one PostgreSQL for a test run, in a temporary folder. It lives as long
 * as its standard input is open, so it goes away with the run however that ends.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '../../src/db/embedded.ts'

const folder = await mkdtemp(join(tmpdir(), 'huixin-test-'))
await chmod(folder, 0o711)
const ended = new Promise<void>((resolve) =>
  process.stdin
    .once('end', resolve)
    .once('error', () => resolve())
    .resume(),
)
try {
  const embedded = await startEmbedded({
    data: folder,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '400' },
  })
  process.stdout.write(`${JSON.stringify(embedded.target)}\n`)
  await ended
  await embedded.close()
} finally {
  await rm(folder, { recursive: true, force: true })
}
