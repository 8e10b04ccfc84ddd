/** Files brought by hand: uploaded and looked at, then brought in by due work. Every read takes the actor's brands. */
import { and, desc, eq, lt, ne, sql } from 'drizzle-orm'
import type { OpenAccount } from '../../accounts/connections.ts'
import { visibleAccounts } from '../../accounts/scoped.ts'
import { type Actor, systemActor } from '../../auth/actor.ts'
import { writeAudit } from '../../auth/audit.ts'
import type { ImportMapping } from '../../channel/import.ts'
import { cleanText } from '../../channel/text.ts'
import type { Db } from '../../db/client.ts'
import { followUp } from '../../db/due.ts'
import { newId } from '../../db/id.ts'
import { accounts, apiKeys, authUser, imports } from '../../db/schema.ts'
import type { Deps } from '../../deps.ts'
import { conflict, notFound, Refused, unprocessable } from '../../problem.ts'
import type { Import, Uploaded } from '../../wire-imports.ts'
import { badRows, cleanMapping, lookAt, missingFields, openFile } from './read-file.ts'
import { importKind } from './run.ts'
import { openBad, openBytes, sealBytes } from './sealed.ts'

export type ImportsDeps = Pick<Deps, 'db' | 'seal' | 'connections' | 'now' | 'nudge'>
type ImportRecord = typeof imports.$inferSelect

/** Of one person, uploaded and not begun, or running. */
const OPEN = 10
const SHOWN = 20
const UPLOADED_KEPT_MS = 24 * 3_600_000
const DONE_KEPT_MS = 30 * 24 * 3_600_000

/** Keeps the file and says what would come of it. Throws 404, 413, 422 `file_…`, and 429 when too many wait. */
export async function uploadImport(
  deps: ImportsDeps,
  actor: Actor,
  accountId: string,
  name: string,
  bytes: Uint8Array,
): Promise<Uploaded> {
  const account = await requireOpen(deps, actor, accountId)
  const most = account.adapter.imports?.maxBytes ?? 0
  if (bytes.byteLength > most) throw new Refused(413, 'too_large', 'The file is too large.', { max: most })
  if (bytes.byteLength === 0) throw unprocessable('empty_file', 'The file is empty.')
  const open = await deps.db.$count(
    imports,
    and(eq(imports.startedBy, actor.id), sql`${imports.state} in ('uploaded', 'running')`),
  )
  if (open >= OPEN) {
    throw new Refused(429, 'too_many_imports', 'Too many files wait. Begin or discard them first.', {
      most: OPEN,
      retryAfterSeconds: 60,
    })
  }
  const file = openFile(account, name, bytes)
  const createdAt = deps.now()
  const { preview, rows } = await lookAt(account, file, cleanMapping(account, file, file.guess), createdAt)
  const id = newId()
  const [record] = await deps.db
    .insert(imports)
    .values({
      id,
      accountId,
      fileName: cleanText(name),
      fileSealed: sealBytes(deps.seal, id, bytes),
      mapping: { ...preview.mapping },
      rows,
      bad: preview.bad,
      startedBy: actor.id,
      createdAt,
    })
    .returning()
  return { import: await show(deps.db, record!), preview }
}

/** The same file with other columns. Throws 404, and 409 `import_begun`. */
export async function previewImport(
  deps: ImportsDeps,
  actor: Actor,
  id: string,
  mapping: ImportMapping,
): Promise<Uploaded> {
  const record = await requireImport(deps.db, actor, id)
  if (record.state !== 'uploaded') throw begun()
  const account = await requireOpen(deps, actor, record.accountId)
  const file = openFile(account, record.fileName, openBytes(deps.seal, record))
  const chosen = cleanMapping(account, file, mapping)
  const { preview, rows } = await lookAt(account, file, chosen, record.createdAt)
  const [changed] = await deps.db
    .update(imports)
    .set({ mapping: chosen, rows, bad: preview.bad })
    .where(and(eq(imports.id, id), eq(imports.state, 'uploaded')))
    .returning()
  if (!changed) throw begun()
  return { import: await show(deps.db, changed), preview }
}

/** Twice is once. Throws 404, and 422 `columns_missing`. */
export async function startImport(
  deps: ImportsDeps,
  actor: Actor,
  id: string,
  mapping: ImportMapping,
): Promise<Import> {
  const record = await requireImport(deps.db, actor, id)
  const account = await requireOpen(deps, actor, record.accountId)
  if (record.state !== 'uploaded') return show(deps.db, record)
  const file = openFile(account, record.fileName, openBytes(deps.seal, record))
  const chosen = cleanMapping(account, file, mapping)
  const fields = missingFields(account, chosen)
  if (fields.length > 0) throw unprocessable('columns_missing', 'Say which column holds what.', { fields })
  const { rows } = await lookAt(account, file, chosen, record.createdAt)
  const started = await deps.db.transaction(async (tx) => {
    const [row] = await tx
      .update(imports)
      .set({ state: 'running', mapping: chosen, rows, bad: 0 })
      .where(and(eq(imports.id, id), eq(imports.state, 'uploaded')))
      .returning()
    if (!row) return null
    await followUp(tx, [{ kind: importKind, subject: id, accountId: record.accountId, dueAt: deps.now() }])
    await writeAudit(tx, actor, 'account.import_started', `account:${record.accountId}`, { import: id, rows })
    return row
  })
  deps.nudge()
  return show(deps.db, started ?? (await requireImport(deps.db, actor, id)))
}

/** Newest first, without those that were only looked at. Throws 404. */
export async function listImports(deps: ImportsDeps, actor: Actor, accountId: string): Promise<Import[]> {
  await requireOpen(deps, actor, accountId)
  const rows = await deps.db
    .select()
    .from(imports)
    .where(and(eq(imports.accountId, accountId), ne(imports.state, 'uploaded')))
    .orderBy(desc(imports.createdAt), desc(imports.id))
    .limit(SHOWN)
  return Promise.all(rows.map((row) => show(deps.db, row)))
}

export async function readImport(deps: ImportsDeps, actor: Actor, id: string): Promise<Import> {
  return show(deps.db, await requireImport(deps.db, actor, id))
}

/** The bad rows as a CSV; before the import as after it. Throws 404, also when there are none. */
export async function readBadRows(
  deps: ImportsDeps,
  actor: Actor,
  id: string,
): Promise<{ name: string; text: string }> {
  const record = await requireImport(deps.db, actor, id)
  const name = `${record.fileName.replace(/\.[^.]*$/u, '')} – bad rows.csv`
  const kept = openBad(deps.seal, record)
  if (kept !== null) return { name, text: kept }
  if (!record.fileSealed) throw notFound('bad row')
  const account = await requireOpen(deps, actor, record.accountId)
  const file = openFile(account, record.fileName, openBytes(deps.seal, record))
  return { name, text: await badRows(file, record.mapping, record.createdAt) }
}

/** Throws away a file that was not begun. Throws 404, and 409 `import_begun`. */
export async function discardImport(deps: ImportsDeps, actor: Actor, id: string): Promise<void> {
  await requireImport(deps.db, actor, id)
  const gone = await deps.db
    .delete(imports)
    .where(and(eq(imports.id, id), eq(imports.state, 'uploaded')))
    .returning({ id: imports.id })
  if (gone.length === 0) throw begun()
}

export async function pruneImports(db: Db, now: Date): Promise<void> {
  const before = (ms: number) => new Date(now.getTime() - ms)
  await db.delete(imports).where(and(eq(imports.state, 'uploaded'), lt(imports.createdAt, before(UPLOADED_KEPT_MS))))
  await db.delete(imports).where(and(ne(imports.state, 'running'), lt(imports.createdAt, before(DONE_KEPT_MS))))
}

const begun = () => conflict('import_begun', 'This import has begun.')

async function requireOpen(deps: ImportsDeps, actor: Actor, accountId: string): Promise<OpenAccount> {
  const [seen] = await deps.db
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.id, accountId), visibleAccounts(actor)))
  const account = seen && (await deps.connections.get(accountId))
  if (!account) throw notFound('account')
  if (!account.adapter.imports) throw unprocessable('no_files', 'This account takes no files.')
  return account
}

async function requireImport(db: Db, actor: Actor, id: string): Promise<ImportRecord> {
  const [row] = await db
    .select({ record: imports })
    .from(imports)
    .innerJoin(accounts, eq(accounts.id, imports.accountId))
    .where(and(eq(imports.id, id), visibleAccounts(actor)))
  if (!row) throw notFound('import')
  return row.record
}

async function show(db: Db, record: ImportRecord): Promise<Import> {
  const { fileSealed: _file, badSealed: _bad, mapping: _mapping, ...plain } = record
  const name = await nameOf(db, record.startedBy)
  return {
    ...plain,
    startedBy: { id: record.startedBy, name },
    createdAt: record.createdAt.toISOString(),
    endedAt: record.endedAt?.toISOString() ?? null,
  }
}

/** A person's, a program's, or our own. */
async function nameOf(db: Db, id: string): Promise<string> {
  if (id === systemActor.id) return systemActor.name
  const [one] = id.startsWith('key:')
    ? await db
        .select({ name: apiKeys.name })
        .from(apiKeys)
        .where(eq(apiKeys.id, id.slice('key:'.length)))
    : await db.select({ name: authUser.name }).from(authUser).where(eq(authUser.id, id))
  return one?.name ?? id
}
