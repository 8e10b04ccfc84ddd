/**
 * The one way anything is said to a customer by itself. What may be said is decided under the same locks as a person's
 * reply, in the transaction that writes the message; the occasion's key makes it once, however often this runs.
 */
import { eq } from 'drizzle-orm'
import type { Connections } from '../accounts/connections.ts'
import { systemActor } from '../auth/actor.ts'
import type { Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { automaticMessages, brands, contacts, threads, tickets } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { Refused } from '../problem.ts'
import type { TicketRow } from '../tickets/lock-ticket.ts'
import { choosePlace, type Place, writeReply } from '../tickets/reply.ts'
import type { AutomaticKind, AutomaticSettings } from '../wire-automatic.ts'
import { lookupCode } from './code.ts'
import { rulesOf } from './kinds.ts'
import { languageOfTicket } from './language.ts'
import { statusLink } from './links.ts'
import { progressWords } from './progress-words.ts'
import { readSettings, silentSettings, wordsOf } from './settings.ts'
import { fill, type Language, type Values } from './texts.ts'
import { whyNot } from './why-not.ts'

export interface SpeakDeps extends Pick<Deps, 'db' | 'now' | 'seal' | 'config' | 'nudge'> {
  readonly connections: Connections
  readonly wakeSender: () => void
}

export interface Occasion {
  readonly kind: AutomaticKind
  readonly ticketId: string
  /** Names it: said at most once. */
  readonly key: string
  /** The ticket's version at it: what a person wrote since makes a yielding kind needless. */
  readonly sinceVersion: number
  /** Only in this conversation. Left out: where the customer wrote last, in private rather than in public. */
  readonly threadId?: string
  readonly values?: (language: Language, settings: AutomaticSettings) => Values
  /** The customer's own word asked for it: said however lately another of its kind was. */
  readonly asked?: boolean
  /** Still true? Asked under the ticket's lock. */
  readonly wanted?: (ticket: TicketRow) => boolean
  /** Written before the message, in its transaction. */
  readonly before?: (tx: Tx, said: Saying) => Promise<void>
}

export interface Saying {
  readonly ticket: TicketRow
  readonly threadId: string
  readonly settings: AutomaticSettings
}

export type Spoken =
  | { readonly messageId: string }
  /** Nothing was said, and will not be on this occasion. */
  | { readonly skipped: string }
  /** A person's reply is on its way: look again. */
  | { readonly again: Date }

/** So long a person's reply on its way is waited for, before it is looked again. */
const AGAIN_MS = 5_000

export async function speak(deps: SpeakDeps, occasion: Occasion): Promise<Spoken> {
  const places = await placesOf(deps, occasion)
  const spoken = await deps.db.transaction((tx) => decide(tx, deps, occasion, places))
  if ('messageId' in spoken) {
    deps.nudge()
    deps.wakeSender()
  }
  return spoken
}

/** The private conversation first; the public one is the fallback. */
async function placesOf(deps: SpeakDeps, { ticketId, threadId, kind }: Occasion): Promise<Place[]> {
  const places: Place[] = []
  for (const surface of kind === 'proof' ? (['direct'] as const) : (['direct', 'public'] as const)) {
    try {
      const place = await choosePlace(deps, systemActor, ticketId, { surface })
      if (threadId === undefined || place.thread.id === threadId) places.push(place)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
    }
  }
  return places
}

async function decide(tx: Tx, deps: SpeakDeps, occasion: Occasion, places: readonly Place[]): Promise<Spoken> {
  const { kind, ticketId, key, wanted } = occasion
  // Threads before tickets, as everywhere.
  for (const id of places.map(({ thread }) => thread.id).sort()) {
    await tx.select({ id: threads.id }).from(threads).where(eq(threads.id, id)).for('update')
  }
  const [ticket] = await tx.select().from(tickets).where(eq(tickets.id, ticketId)).for('update')
  if (!ticket) return { skipped: 'gone' }
  const decided = await decisionOf(tx, key)
  if (decided) return decided
  if (wanted && !wanted(ticket)) return { skipped: 'not_wanted' }
  const note = (skipped: string) => record(tx, deps, occasion, { threadId: null, messageId: null, skipped })
  if (places.length === 0) return note('no_conversation')

  let reason = 'public'
  for (const place of places) {
    const settings = (await readSettings(tx, place.account.id)) ?? silentSettings
    if (!settings.kinds[kind].on) {
      reason = 'off'
      continue
    }
    if (place.thread.surface === 'public' && !settings.kinds[kind].onPublic) continue
    const text = await composed(tx, deps, occasion, ticket, place, settings)
    const refusal = await whyNot(tx, { occasion, ticket, place, settings, text, now: deps.now() })
    if (refusal === 'human_queued') return { again: new Date(deps.now().getTime() + AGAIN_MS) }
    if (refusal !== null) {
      reason = refusal
      continue
    }
    return say(tx, deps, occasion, { ticket, place, settings, text })
  }
  // An account that says nothing keeps no list of what it did not say.
  return reason === 'off' ? { skipped: reason } : note(reason)
}

async function say(
  tx: Tx,
  deps: SpeakDeps,
  occasion: Occasion,
  { ticket, place, settings, text }: { ticket: TicketRow; place: Place; settings: AutomaticSettings; text: string },
): Promise<Spoken> {
  const { kind, ticketId } = occasion
  const id = newId()
  await occasion.before?.(tx, { ticket, threadId: place.thread.id, settings })
  try {
    await writeReply(tx, deps, {
      id,
      ticketId,
      actor: systemActor,
      body: { text, mediaIds: [] },
      place,
      automatic: true,
    })
  } catch (error) {
    // `whyNot` asked the same under the same locks.
    if (error instanceof Refused)
      throw new Error(`an automatic message was refused: ${kind} ${error.code}`, { cause: error })
    throw error
  }
  return record(tx, deps, occasion, { threadId: place.thread.id, messageId: id, skipped: null })
}

async function record(
  tx: Tx,
  deps: SpeakDeps,
  { kind, ticketId, key }: Occasion,
  row: { readonly threadId: string | null; readonly messageId: string | null; readonly skipped: string | null },
): Promise<Spoken> {
  await tx
    .insert(automaticMessages)
    .values({ id: newId(), key, kind, ticketId, ...row, yields: rulesOf[kind].yields, createdAt: deps.now() })
  return row.messageId === null ? { skipped: row.skipped ?? 'skipped' } : { messageId: row.messageId }
}

async function decisionOf(tx: Tx, key: string): Promise<Spoken | null> {
  const [row] = await tx.select().from(automaticMessages).where(eq(automaticMessages.key, key))
  if (!row) return null
  return row.messageId === null ? { skipped: row.skipped ?? 'skipped' } : { messageId: row.messageId }
}

async function composed(
  tx: Tx,
  deps: SpeakDeps,
  occasion: Occasion,
  ticket: TicketRow,
  place: Place,
  settings: AutomaticSettings,
): Promise<string> {
  const language = await languageOfTicket(tx, ticket.id, settings.language)
  const [names] = await tx
    .select({ customer: contacts.name, brand: brands.name })
    .from(contacts)
    .innerJoin(brands, eq(brands.id, ticket.brandId))
    .where(eq(contacts.id, ticket.contactId))
  // In public nobody is given the key to their ticket for all to read.
  const isPrivate = place.thread.surface === 'direct'
  const code = isPrivate ? lookupCode(deps.seal, ticket) : ''
  return fill(wordsOf(settings, occasion.kind, language), {
    customer: names?.customer ?? '',
    brand: names?.brand ?? '',
    ticket: `#${ticket.number}`,
    code,
    link: isPrivate ? statusLink(deps.config, code) : '',
    progress: progressWords(ticket.status, language),
    ...occasion.values?.(language, settings),
    ...(isPrivate ? {} : { answer: '' }),
  })
}
