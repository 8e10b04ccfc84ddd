/**
 * Due handler `import`, subject = the import's id: brings the rows in through the same way as every post, and keeps how far
 * it came. A node that dies leaves a row that another one goes on with; what it had stored already counts as there.
 */
import { and, eq } from 'drizzle-orm'
import type { OpenAccount } from '../../accounts/connections.ts'
import type { InboundEvent } from '../../channel/events.ts'
import type { DueHandler, DueRun } from '../../db/run-due.ts'
import { imports } from '../../db/schema.ts'
import type { Deps } from '../../deps.ts'
import { Refused } from '../../problem.ts'
import type { Ingest } from '../ingest.ts'
import { badRow, openFile, rowsOf, writeBad } from './read-file.ts'
import { openBytes, sealBad } from './sealed.ts'

export const importKind = 'import'
/** Rows that are brought in together: other posts get their turn in between. */
const BATCH = 200
const AGAIN_MS = 2_000

export type ImportDeps = Pick<Deps, 'db' | 'seal' | 'connections' | 'now'> & { readonly ingest: Ingest }
type ImportRecord = typeof imports.$inferSelect

export function importHandler(deps: ImportDeps): DueHandler {
  const { db, connections, now } = deps
  return async (item, run) => {
    const [record] = await db.select().from(imports).where(eq(imports.id, item.subject))
    if (!record?.fileSealed || record.state !== 'running') return
    const account = await connections.get(record.accountId)
    if (!account) return fail(deps, record.id, 'account_removed')
    try {
      await bring(deps, account, record, run)
    } catch (error) {
      // Too much is waiting, or the database is away: later, from where it stands.
      if (error instanceof Refused && error.status === 503) return { again: new Date(now().getTime() + AGAIN_MS) }
      if (error instanceof Refused && error.status === 422) return fail(deps, record.id, error.code)
      if (run.isLast && !run.signal.aborted) await fail(deps, record.id, 'internal')
      throw error
    }
  }
}

async function bring(deps: ImportDeps, account: OpenAccount, record: ImportRecord, run: DueRun): Promise<void> {
  const { db, ingest, now } = deps
  const { id, mapping, createdAt, fileName } = record
  const file = openFile(account, fileName, openBytes(deps.seal, record))
  const bad: string[][] = []
  let counts = { doneRows: record.doneRows, fresh: record.fresh, known: record.known, bad: record.bad }
  let batch: InboundEvent[] = []
  let reached = 0
  let refused = 0
  const store = async () => {
    if (batch.length > 0) {
      const { fresh, setAside } = await ingest.submit(account, batch, { receivedAt: now() })
      const known = batch.length - fresh - setAside
      counts = { ...counts, fresh: counts.fresh + fresh, known: counts.known + known }
      refused += setAside
      batch = []
    }
    counts = { ...counts, doneRows: reached, bad: bad.length + refused }
    const kept = await db.update(imports).set(counts).where(stillRuns(id)).returning({ id: imports.id })
    if (kept.length === 0) throw new Error('the import was taken away')
  }
  for await (const row of rowsOf(file, mapping, createdAt)) {
    reached += 1
    if ('problem' in row) bad.push(badRow(file, row))
    else if (reached > record.doneRows) batch.push(row.event)
    if (batch.length >= BATCH) {
      run.signal.throwIfAborted()
      await store()
    }
  }
  run.signal.throwIfAborted()
  await store()
  const badSealed = bad.length > 0 ? sealBad(deps.seal, id, writeBad(file, bad)) : null
  await db.update(imports).set({ state: 'done', fileSealed: null, badSealed, endedAt: now() }).where(stillRuns(id))
}

async function fail({ db, now }: ImportDeps, id: string, reason: string): Promise<void> {
  await db.update(imports).set({ state: 'failed', reason, fileSealed: null, endedAt: now() }).where(stillRuns(id))
}

const stillRuns = (id: string) => and(eq(imports.id, id), eq(imports.state, 'running'))
