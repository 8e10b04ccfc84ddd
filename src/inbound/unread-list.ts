/** What could not be read, for people: why, what is in it without its secrets, and what nobody needs any more. */
import { and, asc, eq, gt, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import { redactorOf } from '../accounts/account-redactor.ts'
import { requireAccount } from '../accounts/list-log.ts'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { accounts, inboundUnread } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { appendEvents } from '../live/append.ts'
import { notFound, unprocessable } from '../problem.ts'
import type { UnreadContent, UnreadItem, UnreadPage, UnreadQuery } from '../wire.ts'
import { contextOf, type StoredRequest } from './unread.ts'

const lookAt = 65_536
const shownBytes = 16_384

/** Oldest first. Throws 404. */
export async function listUnread(db: Db, actor: Actor, accountId: string, query: UnreadQuery): Promise<UnreadPage> {
  await requireAccount(db, actor, accountId)
  const rows = await db
    .select({
      id: inboundUnread.id,
      kind: inboundUnread.kind,
      reason: inboundUnread.reason,
      attempts: inboundUnread.attempts,
      bytes: sql<number>`length(${inboundUnread.sealed})`,
      receivedAt: inboundUnread.receivedAt,
      replayedAt: inboundUnread.replayedAt,
      discardedBy: inboundUnread.discardedBy,
    })
    .from(inboundUnread)
    .where(
      and(
        eq(inboundUnread.accountId, accountId),
        query.show === 'open' ? isNull(inboundUnread.replayedAt) : isNotNull(inboundUnread.discardedBy),
        query.after ? gt(inboundUnread.id, query.after) : undefined,
      ),
    )
    .orderBy(asc(inboundUnread.id))
    .limit(query.limit + 1)
  const items = rows.slice(0, query.limit).map(
    ({ receivedAt, replayedAt, discardedBy, ...row }): UnreadItem => ({
      ...row,
      receivedAt: receivedAt.toISOString(),
      doneAt: replayedAt?.toISOString() ?? null,
      discarded: discardedBy !== null,
    }),
  )
  return { items, next: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null }
}

/** A customer's words may be in it: who looked is kept. Throws 404, and 422 `unread_sealed`. */
export async function showUnread(
  deps: Pick<Deps, 'db' | 'seal' | 'channels'>,
  actor: Actor,
  accountId: string,
  id: string,
): Promise<UnreadContent> {
  await requireAccount(deps.db, actor, accountId)
  const [row] = await deps.db
    .select()
    .from(inboundUnread)
    .where(and(eq(inboundUnread.id, id), eq(inboundUnread.accountId, accountId)))
  if (!row) throw notFound('unread payload')
  const redactor = await redactorOf(deps, accountId)
  const whole = redactor && opened(deps, row)
  if (!redactor || whole === null) {
    throw unprocessable('unread_sealed', 'It cannot be opened with the secret of this installation.')
  }
  await writeAudit(deps.db, actor, 'account.unread_shown', `account:${accountId}`, { unread: id })
  // Redacts first and cuts then: what is cut in two would not be found.
  const looked = redactor.redact(whole.slice(0, lookAt))
  const text = cleanText(looked.slice(0, shownBytes))
  return { text, cut: whole.length > lookAt || looked.length > shownBytes }
}

/** Done without having been read, and kept for 30 days. Returns how many; those that are done already are left. */
export async function discardUnread(
  deps: Pick<Deps, 'db' | 'nudge'>,
  actor: Actor,
  accountId: string,
  ids: readonly string[] | null,
): Promise<number> {
  return change(deps, actor, accountId, 'account.unread_discarded', (tx) =>
    tx
      .update(inboundUnread)
      .set({ replayedAt: sql`now()`, discardedBy: actor.id })
      .where(
        and(
          eq(inboundUnread.accountId, accountId),
          isNull(inboundUnread.replayedAt),
          ids ? inArray(inboundUnread.id, [...ids]) : undefined,
        ),
      )
      .returning({ id: inboundUnread.id }),
  )
}

/** Waits again. Returns how many. */
export async function restoreUnread(
  deps: Pick<Deps, 'db' | 'nudge'>,
  actor: Actor,
  accountId: string,
  ids: readonly string[],
): Promise<number> {
  return change(deps, actor, accountId, 'account.unread_restored', (tx) =>
    tx
      .update(inboundUnread)
      .set({ replayedAt: null, discardedBy: null })
      .where(
        and(
          eq(inboundUnread.accountId, accountId),
          isNotNull(inboundUnread.discardedBy),
          inArray(inboundUnread.id, [...ids]),
        ),
      )
      .returning({ id: inboundUnread.id }),
  )
}

async function change(
  { db, nudge }: Pick<Deps, 'db' | 'nudge'>,
  actor: Actor,
  accountId: string,
  action: string,
  write: (tx: Tx) => Promise<readonly { id: string }[]>,
): Promise<number> {
  await requireAccount(db, actor, accountId)
  const done = await db.transaction(async (tx) => {
    const rows = await write(tx)
    if (rows.length === 0) return 0
    await tellOfAccount(tx, accountId)
    await writeAudit(tx, actor, action, `account:${accountId}`, { count: rows.length })
    return rows.length
  })
  nudge()
  return done
}

export async function tellOfAccount(tx: Tx, accountId: string): Promise<void> {
  const [account] = await tx.select({ brandId: accounts.brandId }).from(accounts).where(eq(accounts.id, accountId))
  if (account) await appendEvents(tx, [{ brandId: account.brandId, type: 'account', ticketId: null, version: null }])
}

function opened({ seal }: Pick<Deps, 'seal'>, row: typeof inboundUnread.$inferSelect): string | null {
  let value: unknown
  try {
    value = JSON.parse(seal.open(row.sealed, contextOf(row.id)).toString('utf8'))
  } catch {
    return null
  }
  return row.kind === 'request' ? requestText(value as StoredRequest) : JSON.stringify(value, null, 2)
}

/** Headers under which callers prove who they are, and who they came from. */
const telling = /auth|cookie|token|secret|sign|key|forwarded|real-ip/iu

function requestText({ method, url, headers, body }: StoredRequest): string {
  const { pathname, search } = new URL(url)
  const lines = headers.map(([name, text]) => `${name}: ${telling.test(name) ? '[secret]' : text}`)
  return [`${method} ${pathname}${search}`, ...lines, '', Buffer.from(body, 'base64').toString('utf8')].join('\n')
}
