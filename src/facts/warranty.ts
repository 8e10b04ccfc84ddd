/**
 * A brand's own system, asked for a serial number's warranty and repairs: from due work, with a limit of time and size, to
 * public https addresses only. Whatever it answers, no ticket waits for it.
 */
import { and, eq, sql } from 'drizzle-orm'
import type { SafeFetch } from '../accounts/safe-fetch.ts'
import { NoAnswer, ReadError } from '../channel/errors.ts'
import { cleanText } from '../channel/text.ts'
import type { Db } from '../db/client.ts'
import { followUp } from '../db/due.ts'
import type { DueHandler } from '../db/run-due.ts'
import { ticketFacts, tickets, warrantyAnswers, warrantySources } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import type { Seal } from '../seal.ts'
import { WarrantyAnswer } from '../wire-facts.ts'

export const warrantyKind = 'warranty'
const GOOD_MS = 6 * 3_600_000
const FAILED_MS = 5 * 60_000
const limits = { timeoutMs: 6_000, maxBytes: 256 * 1024 } as const

export const isFresh = (last: { failure: string | null; askedAt: Date }, now: Date): boolean =>
  now.getTime() - last.askedAt.getTime() < (last.failure === null ? GOOD_MS : FAILED_MS)

/** One question at a time for one serial number, whoever opens its tickets. */
export async function askLater(
  deps: { db: Db; now: () => Date; nudge: () => void },
  brandId: string,
  serial: string,
): Promise<void> {
  const subject = `${brandId}:${serial}`
  const [there] = await deps.db.execute(
    sql`select from due_work where kind = ${warrantyKind} and subject = ${subject} and parked_at is null`,
  )
  if (there) return
  await deps.db.transaction((tx) => followUp(tx, [{ kind: warrantyKind, subject, dueAt: deps.now() }]))
  deps.nudge()
}

export interface WarrantyDeps {
  readonly db: Db
  readonly seal: Seal
  readonly now: () => Date
  readonly nudge: () => void
  readonly safeFetch: SafeFetch
}

export const sealedTokenOf = (brandId: string) => `warranty_sources.token:${brandId}`

export function warrantyHandler(deps: WarrantyDeps): DueHandler {
  const { db } = deps
  return async ({ subject }, { signal }) => {
    const [brandId = '', serial = ''] = subject.split(/:(.*)/su)
    const [source] = await db.select().from(warrantySources).where(eq(warrantySources.brandId, brandId))
    if (!source) return
    const asked = await ask(deps, source, serial, signal)
    const values = { failure: asked.failure, askedAt: deps.now(), ...(asked.answer ? { answer: asked.answer } : {}) }
    await db.transaction(async (tx) => {
      await tx
        .insert(warrantyAnswers)
        .values({ brandId, serial, ...values })
        .onConflictDoUpdate({ target: [warrantyAnswers.brandId, warrantyAnswers.serial], set: values })
      const open = await tx
        .select({ ticketId: tickets.id, version: tickets.version })
        .from(ticketFacts)
        .innerJoin(tickets, eq(tickets.id, ticketFacts.ticketId))
        .where(and(eq(ticketFacts.brandId, brandId), eq(ticketFacts.serial, serial)))
        .limit(100)
      await appendEvents(
        tx,
        open.map(({ ticketId, version }) => ({ brandId, type: 'ticket' as const, ticketId, version })),
      )
    })
    deps.nudge()
  }
}

/** A failure is an answer, too: it is shown in words, and asked again after a while. */
async function ask(
  { safeFetch, seal }: WarrantyDeps,
  { brandId, url, tokenSealed }: typeof warrantySources.$inferSelect,
  serial: string,
  signal: AbortSignal,
): Promise<{ answer: WarrantyAnswer | null; failure: string | null }> {
  const token = tokenSealed && seal.open(tokenSealed, sealedTokenOf(brandId)).toString('utf8')
  try {
    const response = await safeFetch.fetch(
      url.replaceAll('{serial}', encodeURIComponent(serial)),
      {
        ...limits,
        trust: 'payload',
        signal,
        headers: { accept: 'application/json', ...(token ? { authorization: token } : {}) },
      },
      () => {},
    )
    if (response.status === 404) return { answer: WarrantyAnswer.parse({}), failure: null }
    if (response.status === 401 || response.status === 403) return { answer: null, failure: 'refused' }
    if (!response.ok) return { answer: null, failure: 'bad_status' }
    const read = WarrantyAnswer.safeParse(JSON.parse(cleanText(await response.text())))
    return read.success ? { answer: read.data, failure: null } : { answer: null, failure: 'unreadable' }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof SyntaxError) return { answer: null, failure: 'unreadable' }
    if (error instanceof NoAnswer) return { answer: null, failure: 'no_answer' }
    if (error instanceof ReadError) return { answer: null, failure: 'not_public' }
    throw error
  }
}
