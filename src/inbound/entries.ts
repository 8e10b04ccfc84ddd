/** What people at the desk write down by hand comes in like everything else: as events, through `ingest`. */
import { createHash } from 'node:crypto'
import { and, eq, inArray, isNull } from 'drizzle-orm'
import { z } from 'zod'
import type { OpenAccount } from '../accounts/connections.ts'
import { visibleAccount } from '../accounts/scoped.ts'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { canonicalJson } from '../auth/canonical.ts'
import type { EntryForm } from '../channel/entry.ts'
import type { OutboundMedia } from '../channel/reply.ts'
import { newId } from '../db/id.ts'
import { accounts, media } from '../db/schema.ts'
import type { App, Deps } from '../deps.ts'
import type {} from '../http/access.ts'
import { IdempotencyHeaders } from '../idempotency.ts'
import type { MediaStore } from '../media-store.ts'
import { outboundMediaReader } from '../outbound/media.ts'
import { notFound, Refused, unprocessable } from '../problem.ts'
import { Entry, Id, NewEntry, Problem } from '../wire.ts'
import type { Ingest } from './ingest.ts'
import { placedOf } from './placed.ts'

export interface EntryRouteDeps extends Pick<Deps, 'db' | 'connections' | 'now' | 'nudge'> {
  readonly ingest: Ingest
  readonly media: MediaStore
}

const params = z.object({ id: Id })

export async function entryRoutes(app: App, deps: EntryRouteDeps): Promise<void> {
  app.post(
    '/api/accounts/:id/entries',
    {
      config: { access: 'agent' },
      schema: {
        tags: ['Accounts'],
        summary: 'Write down a call or a visit: it opens or continues a ticket',
        description:
          'The form is `entry` of the account. With `Idempotency-Key` the same request twice is one entry. 422 `invalid_entry` names ' +
          'each wrong field in `details.errors`; 422 `no_entries` where nothing can be written down.',
        params,
        headers: IdempotencyHeaders,
        body: NewEntry,
        response: { 201: Entry, 404: Problem, 422: Problem },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key']
      return reply.code(201).send(await postEntry(deps, request.actor, request.params.id, request.body, key))
    },
  )
}

/** Throws 404, 422 `no_entries`, `invalid_entry`, `media_unknown`, `media_size`. */
export async function postEntry(
  deps: EntryRouteDeps,
  actor: Actor,
  accountId: string,
  body: NewEntry,
  key: string | undefined,
): Promise<Entry> {
  const account = await openFor(deps, actor, accountId)
  const { entryForm: form, connection } = account
  if (!form || !connection.enter) throw unprocessable('no_entries', 'Nothing is written down by hand here.')
  const parsed = form.schema.safeParse(body.values)
  if (!parsed.success) {
    const errors = parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }))
    throw unprocessable('invalid_entry', 'What was written down is not complete or not right.', { errors })
  }
  const files = await readFiles(deps, actor, account, form, body.mediaIds)
  const at = deps.now()
  const entry = { id: idOf(actor, key, body), values: parsed.data, files, by: { id: actor.id, name: actor.name }, at }
  const events = await connection.enter(entry)
  await deps.ingest.submit(account, events, { receivedAt: at })
  const [placed] = await placedOf(deps.db, accountId, events)
  // Kept as unread: the fault is ours, and nothing is lost.
  if (!placed) throw new Refused(500, 'entry_unplaced', 'It was kept, but is in no ticket yet. Tell an administrator.')
  await writeAudit(deps.db, actor, 'entry.written', `account:${accountId}`, { ticketId: placed.ticket.id })
  return { ticket: placed.ticket }
}

async function openFor(deps: EntryRouteDeps, actor: Actor, accountId: string): Promise<OpenAccount> {
  const [seen] = await deps.db.select({ id: accounts.id }).from(accounts).where(visibleAccount(actor, accountId))
  const account = seen && (await deps.connections.get(accountId))
  if (!account) throw notFound('account')
  return account
}

/** The same for the same key of the same person, so that ingest takes it once; another body is another entry. */
function idOf(actor: Actor, key: string | undefined, body: NewEntry): string {
  if (key === undefined) return newId()
  return createHash('sha256')
    .update(canonicalJson([actor.id, key, body]))
    .digest('base64url')
}

/** Files the actor uploaded for it. They go in through the door of all files, so the uploads themselves are tidied away. */
async function readFiles(
  { db, media: store }: EntryRouteDeps,
  actor: Actor,
  { brandId }: OpenAccount,
  { files }: EntryForm,
  ids: readonly string[],
): Promise<readonly OutboundMedia[]> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return []
  const own = and(eq(media.uploadedBy, actor.id), eq(media.brandId, brandId), isNull(media.messageId))
  const rows = await db
    .select({ bytes: media.bytes })
    .from(media)
    .where(and(inArray(media.id, wanted), eq(media.state, 'ready'), own))
  if (rows.length < wanted.length) throw unprocessable('media_unknown', 'A file is not there any more.')
  const sizes = rows.map(({ bytes }) => bytes ?? 0)
  if (!files || wanted.length > files.max || sizes.reduce((sum, size) => sum + size, 0) > files.maxBytes) {
    throw unprocessable('media_size', 'These files are too many or too large.', { max: files?.maxBytes ?? 0 })
  }
  return outboundMediaReader({ db, store })(wanted)
}
