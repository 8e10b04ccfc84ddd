/**
 * "This ticket is mine": a one-time code through the ticket's own chat. Whatever look-up code was typed, the same rows are
 * written in the same time; only due work knows whether it was right, and only the chat hears of it.
 */
import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { and, eq, gt, isNotNull, lt, sql } from 'drizzle-orm'
import { isCodeOf, readCode } from '../automatic/code.ts'
import { type SpeakDeps, speak } from '../automatic/speak.ts'
import { followUp } from '../db/due.ts'
import type { DueHandler } from '../db/run-due.ts'
import { automaticMessages, statusProofs, statusSessions, tickets } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { whereItWent } from './where-it-went.ts'

export const proofKind = 'status.proof'

const minute = 60_000
const VALID_MS = 10 * minute
const SESSION_MS = 30 * minute
/** Wrong digits before a code is worth nothing. */
const TRIES = 5
/** A chat gets no more of these, whoever asks for them. */
const MOST = [
  { withinMs: 60 * minute, count: 3 },
  { withinMs: 24 * 60 * minute, count: 8 },
] as const

type PageDeps = Pick<Deps, 'db' | 'seal' | 'now' | 'nudge'>

export const newToken = () => randomBytes(24).toString('base64url')
const hashOf = (deps: Pick<Deps, 'seal'>, token: string) => deps.seal.hash(`status:${token}`)

/** Begins a visit and returns its token, for a cookie. */
export async function askForProof(deps: PageDeps, typed: string): Promise<string> {
  const token = newToken()
  const id = hashOf(deps, token)
  const subject = id.toString('hex')
  const now = deps.now()
  // Always of one length: the size of a row must not tell what was typed either.
  const payloadSealed = deps.seal.seal(
    JSON.stringify(typed.slice(0, 100).padEnd(100)),
    `due_work:${proofKind}:${subject}`,
  )
  await deps.db.transaction(async (tx) => {
    await tx.insert(statusProofs).values({ id, expiresAt: new Date(now.getTime() + VALID_MS), createdAt: now })
    await followUp(tx, [{ kind: proofKind, subject, dueAt: now, payloadSealed }])
  })
  deps.nudge()
  return token
}

/** Looks whether the code was right, and if so sends the digits. */
export function proofHandler(deps: SpeakDeps): DueHandler {
  return async (row) => {
    if (!row.payloadSealed) return
    const plain = deps.seal.open(row.payloadSealed, `due_work:${proofKind}:${row.subject}`).toString('utf8')
    const typed = readCode((JSON.parse(plain) as string).trim())
    const [named] = typed ? await deps.db.select().from(tickets).where(eq(tickets.number, typed.number)) : []
    if (!typed || !named || !isCodeOf(deps.seal, typed, named.id)) return
    const ticket = await whereItWent(deps.db, named)
    const [thread] = await ownChat(deps, ticket.id)
    if (!thread || (await hasHadEnough(deps, ticket.id))) return
    const id = Buffer.from(row.subject, 'hex')
    const digits = String(randomInt(1_000_000)).padStart(6, '0')
    const spoken = await speak(deps, {
      kind: 'proof',
      ticketId: ticket.id,
      key: `proof:${row.subject}`,
      sinceVersion: ticket.version,
      threadId: thread.id,
      values: () => ({ otp: digits }),
      // With the message or not at all.
      before: async (tx) => {
        const set = { ticketId: ticket.id, codeHash: hashOf(deps, `${row.subject}:${digits}`) }
        await tx.update(statusProofs).set(set).where(eq(statusProofs.id, id))
      },
    })
    return 'again' in spoken ? { again: spoken.again } : undefined
  }
}

/** The newest private conversation with the ticket's own person. */
async function ownChat({ db }: SpeakDeps, ticketId: string): Promise<{ id: string }[]> {
  return db.execute<{ id: string }>(sql`
    select t.id from messages m join threads t on t.id = m.thread_id join identities i on i.id = t.identity_id
    join tickets k on k.id = m.ticket_id
    where m.ticket_id = ${ticketId} and m.direction = 'inbound' and t.surface = 'direct' and i.contact_id = k.contact_id
    order by m.ordered_at desc, m.id desc limit 1`)
}

async function hasHadEnough({ db, now }: SpeakDeps, ticketId: string): Promise<boolean> {
  for (const { withinMs, count } of MOST) {
    const since = new Date(now().getTime() - withinMs)
    const sent = and(
      eq(automaticMessages.ticketId, ticketId),
      eq(automaticMessages.kind, 'proof'),
      isNotNull(automaticMessages.messageId),
      gt(automaticMessages.createdAt, since),
    )
    if ((await db.$count(automaticMessages, sent)) >= count) return true
  }
  return false
}

/**
 * The digits for a session's token, for a cookie; null: wrong, too old, tried too often, or no code was ever sent. The try is
 * counted before it is looked at, so that many at once are no more than many in a row.
 */
export async function proveWith(deps: PageDeps, token: string, digits: string): Promise<string | null> {
  const id = hashOf(deps, token)
  const now = deps.now()
  return deps.db.transaction(async (tx) => {
    const [row] = await tx
      .update(statusProofs)
      .set({ tries: sql`${statusProofs.tries} + 1` })
      .where(and(eq(statusProofs.id, id), lt(statusProofs.tries, TRIES), gt(statusProofs.expiresAt, now)))
      .returning()
    const given = hashOf(deps, `${id.toString('hex')}:${digits.normalize('NFKC').replace(/\D/gu, '')}`)
    const isRight = timingSafeEqual(given, row?.codeHash ?? Buffer.alloc(given.length))
    if (!isRight || !row?.ticketId) return null
    await tx.delete(statusProofs).where(eq(statusProofs.id, id))
    const session = newToken()
    const expiresAt = new Date(now.getTime() + SESSION_MS)
    await tx.insert(statusSessions).values({ tokenHash: hashOf(deps, session), ticketId: row.ticketId, expiresAt })
    return session
  })
}

/** The ticket a visitor has proved to be theirs, wherever it went since; null: sign in anew. */
export async function ticketOfSession(deps: Pick<Deps, 'db' | 'seal' | 'now'>, token: string): Promise<string | null> {
  const [row] = await deps.db
    .select({ ticket: tickets })
    .from(statusSessions)
    .innerJoin(tickets, eq(tickets.id, statusSessions.ticketId))
    .where(and(eq(statusSessions.tokenHash, hashOf(deps, token)), gt(statusSessions.expiresAt, deps.now())))
  return row ? (await whereItWent(deps.db, row.ticket)).id : null
}

export async function endSession(deps: Pick<Deps, 'db' | 'seal'>, token: string): Promise<void> {
  await deps.db.delete(statusSessions).where(eq(statusSessions.tokenHash, hashOf(deps, token)))
}

export async function forgetVisits({ db, now }: Pick<Deps, 'db' | 'now'>): Promise<void> {
  await db.delete(statusProofs).where(lt(statusProofs.expiresAt, now()))
  await db.delete(statusSessions).where(lt(statusSessions.expiresAt, now()))
}
