import type { OpenAccount } from '../accounts/connections.ts'
import { afterNo, answeredItem } from '../automatic/answer.ts'
import type { InboundMessage, Surface } from '../channel/events.ts'
import { cleanText } from '../channel/text.ts'
import type { DueItem } from '../db/due.ts'
import { newId } from '../db/id.ts'
import type {
  answers,
  identities,
  keptPosts,
  media,
  mentions,
  messageParts,
  messageRevisions,
  messages,
  rawPayloads,
  ticketLanguages,
  tickets,
} from '../db/schema.ts'
import type { NewEvent } from '../live/append.ts'
import { languageOf } from '../mentions/language.ts'
import type { Seal } from '../seal.ts'
import { previewOf } from '../tickets/preview.ts'
import { searchVector } from '../tickets/search.ts'
import { afterInbound } from '../tickets/status.ts'
import type { TriageDue } from '../tickets/triage-due.ts'
import { at, type Identity } from './identify.ts'
import type { Known, KnownMessage, ThreadRow, TicketRow } from './known.ts'
import type { Reading } from './readings.ts'
import { sharedKey } from './shared-ticket.ts'
import type { Incoming } from './take-keys.ts'

/** Every row a batch writes, worked out in memory; `write.ts` puts them down. */
export interface Changes {
  readonly newTickets: (typeof tickets.$inferInsert & { id: string })[]
  readonly languages: (typeof ticketLanguages.$inferInsert)[]
  readonly changedTickets: Set<TicketRow>
  readonly changedThreads: Set<ThreadRow>
  readonly changedIdentities: Map<
    string,
    Pick<typeof identities.$inferSelect, 'id' | 'reachable' | 'unreachableReason' | 'unreachableOn'> & {
      reachabilityAt: Date | null
    }
  >
  readonly newMentions: (typeof mentions.$inferInsert)[]
  /** Of blocked people. */
  readonly kept: (typeof keptPosts.$inferInsert)[]
  /** Brands whose list of mentions changed: each is told once. */
  readonly mentionsOf: Set<string>
  readonly newMessages: (typeof messages.$inferInsert & { id: string })[]
  readonly changedMessages: Map<string, KnownMessage>
  readonly parts: (typeof messageParts.$inferInsert)[]
  readonly revisions: (typeof messageRevisions.$inferInsert)[]
  readonly media: (typeof media.$inferInsert)[]
  readonly raws: (typeof rawPayloads.$inferInsert)[]
  readonly unread: { account: Incoming['account']; reason: string; raw: unknown; receivedAt: Date }[]
  /** Chats that go on under another id. */
  readonly moves: { readonly accountId: string; readonly from: string; readonly to: string }[]
  readonly answers: (typeof answers.$inferInsert)[]
  readonly due: DueItem[]
  /** Messages that rules look at, where there are any. */
  readonly triage: TriageDue[]
  readonly events: NewEvent[]
}

/** A delete whose message is still on its way through another node is tried again after this. */
const TOMBSTONE_RECHECK_MS = 10_000

/**
 * Applies fresh events, in the order they came, to what is known. Pure but for new ids: no clock, no database.
 * The end is the same for every order of a message, its edits and its delete.
 */
export function apply(fresh: readonly Incoming[], known: Known, seal: Seal): Changes {
  const changes: Changes = {
    newTickets: [],
    languages: [],
    changedTickets: new Set(),
    changedThreads: new Set(),
    changedIdentities: new Map(),
    newMentions: [],
    kept: [],
    mentionsOf: new Set(),
    newMessages: [],
    changedMessages: new Map(),
    parts: [],
    revisions: [],
    media: [],
    raws: [],
    unread: [],
    moves: [],
    answers: [],
    due: [],
    triage: [],
    events: [],
  }
  for (const incoming of fresh) applyOne(incoming, known, changes, seal)
  for (const brandId of changes.mentionsOf) {
    changes.events.push({ brandId, type: 'mention', ticketId: null, version: null })
  }
  return changes
}

function applyOne(incoming: Incoming, known: Known, changes: Changes, seal: Seal): void {
  const { account, event, receivedAt } = incoming
  switch (event.type) {
    case 'message':
      return applyMessage(incoming, event.message, null, known, changes, seal)
    case 'edited':
      return applyMessage(incoming, event.message, event.editedAt, known, changes, seal)
    case 'deleted': {
      const message = known.messages.get(at(account.id, event.externalId))
      if (message) return markDeleted(message, account.brandId, event.at, known, changes)
      const subject = `${account.id}:${event.externalId}`
      const payload = { externalId: event.externalId, at: event.at }
      const dueAt = new Date(receivedAt.getTime() + TOMBSTONE_RECHECK_MS)
      changes.due.push({ kind: 'tombstone', subject, accountId: account.id, dueAt, payload })
      return
    }
    case 'opened': {
      const thread = known.threads.get(at(account.id, event.threadId))
      // A kind that opens no window must not take the place of one that does.
      if (thread && opensWindow(account, event.kind) && (!thread.openedAt || thread.openedAt < event.at)) {
        thread.openedAt = event.at
        thread.openedKind = event.kind
        changes.changedThreads.add(thread)
      }
      if (event.welcome) follow(incoming, 'acknowledge', `${event.identity}:${event.at.getTime()}`, changes, seal)
      return
    }
    case 'reachability': {
      const person = known.identities.get(at(account.id, event.identity))
      if (person) setReachable(person, event.reachable, event.reason, event.surface ?? null, event.at, changes)
      return
    }
    case 'echo':
      return follow(incoming, 'echo', event.message.externalId, changes, seal)
    case 'receipt':
      return follow(incoming, 'receipt', `${event.externalId}:${event.status}`, changes, seal)
    case 'signal':
      return follow(incoming, 'acknowledge', event.externalId, changes, seal)
    case 'moved':
      changes.moves.push({ accountId: account.id, from: event.from, to: event.to })
      return
    case 'unread':
      changes.unread.push({ account, reason: event.reason, raw: event.raw, receivedAt })
  }
}

/** Leaves the event itself to a due handler, sealed: it may hold a person's words. */
function follow(
  { account, event, receivedAt }: Incoming,
  kind: string,
  about: string,
  changes: Changes,
  seal: Seal,
): void {
  const subject = `${account.id}:${about}`
  const payloadSealed = seal.seal(JSON.stringify({ event, receivedAt }), `due_work:${kind}:${subject}`)
  changes.due.push({ kind, subject, accountId: account.id, dueAt: receivedAt, payloadSealed })
}

const opensWindow = ({ adapter }: OpenAccount, kind: string) =>
  Object.values(adapter.capabilities.surfaces).some((surface) =>
    surface?.windows.some(({ openedBy }) => openedBy !== 'message' && openedBy.opened.includes(kind)),
  )

function applyMessage(
  incoming: Incoming,
  message: InboundMessage,
  editedAt: Date | null,
  known: Known,
  changes: Changes,
  seal: Seal,
): void {
  const { account } = incoming
  const thread = known.threads.get(at(account.id, message.threadId))
  const person = known.identities.get(at(account.id, message.author.externalId))
  if (!thread || !person) throw new Error('a message without its thread or person')
  const place = at(account.id, message.externalId)
  const album = message.groupKey === null ? undefined : known.groups.get(at(thread.id, message.groupKey))
  const present = known.messages.get(place) ?? album
  if (message.groupKey !== null && !known.messages.has(place)) {
    const id = present?.id
    if (id) changes.parts.push({ accountId: account.id, externalId: message.externalId, messageId: id })
  }
  const target = present ?? create(incoming, message, editedAt, thread, person, known, changes, seal)
  known.messages.set(place, target)
  if (message.groupKey !== null) known.groups.set(at(thread.id, message.groupKey), target)
  if (present) extend(target, incoming, message, editedAt, known, changes)
  else if (editedAt) addRevision(target, message, editedAt, incoming.receivedAt, changes)
  addMedia(target, incoming, message, changes, seal)
  // Who writes here can be answered here. A word in public says nothing about a chat that was blocked.
  const concerned = person.unreachableOn === null || person.unreachableOn === message.surface
  if (!person.reachable && concerned && (!person.reachabilityAt || person.reachabilityAt < message.sentAt)) {
    setReachable(person, true, null, null, message.sentAt, changes)
  }
  const deletedAt = known.tombstones.get(place)
  if (deletedAt && !target.deletedAt) markDeleted(target, account.brandId, deletedAt, known, changes)
}

/** A new line of the thread; `null` text when only an edit of it was seen so far. */
function create(
  incoming: Incoming,
  message: InboundMessage,
  editedAt: Date | null,
  thread: ThreadRow,
  person: Identity,
  known: Known,
  changes: Changes,
  seal: Seal,
): KnownMessage {
  const { account, receivedAt } = incoming
  const id = newId()
  const text = cleanText(message.text)
  const orderedAt = message.sentAt < receivedAt ? message.sentAt : receivedAt
  // A blocked person is asked nothing.
  const reading = person.blocked ? null : readingOf(incoming, thread, person, message, known)
  const ticket = reading ? reading.ticket : ticketFor(incoming, thread, person, orderedAt, message, known, changes)
  if (reading?.answer === 0 && reading.question.kind === 'solved')
    Object.assign(reading.ticket, afterNo(reading.ticket, orderedAt))
  if (ticket) {
    bump(ticket, changes, 'message')
    if (orderedAt >= ticket.lastMessageAt) {
      ticket.lastMessageAt = orderedAt
      ticket.preview = previewOf({ ...message, text })
    }
    thread.currentTicketId = ticket.id
    if (reading) takeReading(reading, { id, thread, ticket, at: orderedAt, receivedAt }, changes)
    else triage(id, message, incoming, changes)
  } else if (person.blocked) {
    changes.kept.push({ messageId: id, contactId: person.contactId, at: orderedAt })
  } else {
    const { brandId, id: accountId } = account
    const { surface } = message
    const language = languageOf(text)
    changes.newMentions.push({
      messageId: id,
      brandId,
      accountId,
      threadId: thread.id,
      surface,
      language,
      at: orderedAt,
    })
    changes.mentionsOf.add(brandId)
  }
  // Not `sentAt`: a platform's clock in the future would keep the reply window open for ever.
  if (!thread.lastInboundAt || thread.lastInboundAt < orderedAt) thread.lastInboundAt = orderedAt
  changes.changedThreads.add(thread)
  changes.newMessages.push({
    id,
    ticketId: ticket?.id ?? null,
    threadId: thread.id,
    accountId: account.id,
    direction: 'inbound',
    externalId: message.externalId,
    sequence: message.sequence,
    parentExternalId: message.parentId,
    surface: message.surface,
    identityId: person.id,
    authorName: person.name,
    text: editedAt ? null : text,
    context: message.context && {
      text: cleanText(message.context.text),
      author: cleanText(message.context.author),
    },
    location: message.location && {
      ...message.location,
      title: message.location.title === null ? null : cleanText(message.location.title),
    },
    url: message.url,
    replyable: message.replyable.allowed,
    notReplyableReason: message.replyable.reason,
    replyableUntil: message.replyable.until ?? null,
    groupKey: message.groupKey,
    sentAt: message.sentAt,
    receivedAt,
    orderedAt,
    deletedAt: null,
    ticketVersion: ticket?.version ?? 0,
    search: searchVector(text),
  })
  if (message.groupKey !== null) {
    changes.parts.push({ accountId: account.id, externalId: message.externalId, messageId: id })
  }
  changes.raws.push({ messageId: id, sealed: seal.seal(JSON.stringify(message.raw ?? null), `raw_payloads:${id}`) })
  return {
    id,
    ticketId: ticket?.id ?? null,
    threadId: thread.id,
    text: editedAt ? null : text,
    shown: text,
    shownSince: null,
    sequence: message.sequence,
    deletedAt: null,
    orderedAt,
    groupKey: message.groupKey,
  }
}

/** More of a message that is here: a part of its album, an edit of it, or the original after its edit. */
function extend(
  target: KnownMessage,
  incoming: Incoming,
  message: InboundMessage,
  editedAt: Date | null,
  known: Known,
  changes: Changes,
): void {
  const text = cleanText(message.text)
  if (editedAt) {
    // An edit of one part of an album tells nothing about the words on another part.
    if (target.groupKey === null || text !== '') addRevision(target, message, editedAt, incoming.receivedAt, changes)
  } else if (target.text === null || (target.text === '' && text !== '')) {
    target.text = text
    if (target.shownSince === null) target.shown = text
  }
  if (message.sequence !== null && target.sequence !== null && message.sequence < target.sequence) {
    target.sequence = message.sequence
  }
  changes.changedMessages.set(target.id, target)
  if (target.ticketId === null) changes.mentionsOf.add(incoming.account.brandId)
  const ticket = target.ticketId === null ? undefined : known.tickets.get(target.ticketId)
  if (!ticket) return
  if (target.orderedAt >= ticket.lastMessageAt && target.shown !== '') {
    ticket.preview = previewOf({ text: target.shown, media: [], location: null })
  }
  bump(ticket, changes, 'message')
  if (!editedAt && target.groupKey !== null) triage(target.id, message, incoming, changes)
}

/** Albums wait for the rest of their parts. */
const ALBUM_MS = 1_500

function triage(messageId: string, message: InboundMessage, { account, receivedAt }: Incoming, changes: Changes): void {
  const dueAt = message.groupKey === null ? receivedAt : new Date(receivedAt.getTime() + ALBUM_MS)
  changes.triage.push({ messageId, accountId: account.id, brandId: account.brandId, dueAt })
}

function addRevision(
  target: KnownMessage,
  message: InboundMessage,
  editedAt: Date,
  receivedAt: Date,
  changes: Changes,
): void {
  const text = cleanText(message.text)
  changes.revisions.push({ id: newId(), messageId: target.id, text, editedAt, receivedAt })
  if (target.shownSince === null || target.shownSince <= editedAt) {
    target.shown = text
    target.shownSince = editedAt
    changes.changedMessages.set(target.id, target)
  }
}

/** Listed at once as pending; a due handler fetches it. */
function addMedia(
  target: KnownMessage,
  { account, receivedAt }: Incoming,
  message: InboundMessage,
  changes: Changes,
  seal: Seal,
): void {
  for (const [index, item] of message.media.entries()) {
    const id = newId()
    changes.media.push({
      id,
      brandId: account.brandId,
      accountId: account.id,
      messageId: target.id,
      position: message.groupKey === null ? index : positionIn(message.sequence, index),
      kind: item.kind,
      state: 'pending',
      externalId: item.externalId,
      name: item.name === null ? null : cleanText(item.name).slice(0, 255),
      mimeType: item.mimeType,
      bytes: item.bytes,
      width: item.width,
      height: item.height,
      durationMs: item.durationMs,
      referenceSealed: seal.seal(JSON.stringify(item), `media.reference:${id}`),
      createdAt: receivedAt,
    })
    changes.due.push({ kind: 'media', subject: id, accountId: account.id, dueAt: receivedAt })
  }
}

/** Album parts stand in the platform's order, whatever order they came in. */
function positionIn(sequence: string | null, index: number): number {
  return /^\d+$/u.test(sequence ?? '') ? Number(BigInt(sequence ?? 0) % 2_000_000_000n) : index
}

/**
 * Null: an ordinary message. An answer belongs to the ticket it was asked about, as it stands now: one that was reopened
 * meanwhile is talked about, not rated. "My ticket" belongs to the newest there is; with none it waits as a mention.
 */
function readingOf(
  { account }: Incoming,
  thread: ThreadRow,
  person: Identity,
  message: InboundMessage,
  known: Known,
):
  | { readonly ticket: TicketRow; readonly question: NonNullable<Reading['question']>; readonly answer: number }
  | { readonly ticket: TicketRow | null; readonly question: null; readonly answer: null }
  | null {
  const reading = known.readings.get(at(account.id, message.externalId))
  if (!reading) return null
  const current = thread.currentTicketId ? known.tickets.get(thread.currentTicketId) : undefined
  const { question, words } = reading
  const answer = question ? words.answers[question.kind] : undefined
  if (question && answer !== undefined && current?.id === question.ticketId) {
    const isAsked = current.status === 'resolved' || (question.kind === 'satisfaction' && current.status === 'closed')
    return isAsked ? { ticket: current, question, answer } : null
  }
  if (!words.asksForTicket || !reading.answersLookup) return null
  const shared = known.shared.get(sharedKey(account, message, person) ?? '')
  const ticket = current ?? (shared ? known.tickets.get(shared) : undefined) ?? null
  return { ticket, question: null, answer: null }
}

function takeReading(
  reading: NonNullable<ReturnType<typeof readingOf>>,
  of: {
    readonly id: string
    readonly thread: ThreadRow
    readonly ticket: TicketRow
    readonly at: Date
    readonly receivedAt: Date
  },
  changes: Changes,
): void {
  const { id: messageId, thread, ticket, receivedAt: dueAt } = of
  const { id: ticketId, accountId, version } = ticket
  if (reading.question === null) {
    const payload = { ticketId, threadId: thread.id, version }
    changes.due.push({ kind: 'automatic.lookup', subject: messageId, accountId, dueAt, payload })
    return
  }
  const { id: questionId, kind } = reading.question
  const answer = { id: newId(), questionId, ticketId, kind, value: reading.answer, messageId, at: of.at }
  changes.answers.push({ ...answer, comment: null, via: 'chat' })
  changes.due.push(answeredItem(ticketId, accountId, dueAt))
}

/**
 * Null: nobody has made a ticket of a watched account's post, so there is none and no clock runs; or the person is blocked,
 * and what they write is only kept.
 */
function ticketFor(
  { account, receivedAt }: Incoming,
  thread: ThreadRow,
  person: Identity,
  orderedAt: Date,
  message: InboundMessage,
  known: Known,
  changes: Changes,
): TicketRow | null {
  if (person.blocked) return null
  const isWatched = account.intake === 'watch'
  const key = isWatched ? null : sharedKey(account, message, person)
  for (const id of [thread.currentTicketId, key && known.shared.get(key)]) {
    const current = id ? known.tickets.get(id) : undefined
    const after = current && afterInbound(current, orderedAt, account.reopenWithinMs)
    if (after?.kind !== 'same') continue
    if (key && current) known.shared.set(key, current.id)
    return Object.assign(current as TicketRow, after.patch)
  }
  if (isWatched) return null
  const ticket: Omit<TicketRow, 'number'> = {
    id: newId(),
    brandId: account.brandId,
    accountId: account.id,
    contactId: person.contactId,
    status: 'new',
    priority: 'normal',
    category: null,
    assigneeId: null,
    teamId: null,
    tags: [],
    snoozedUntil: null,
    surface: message.surface,
    version: 0,
    preview: '',
    lastMessageAt: orderedAt,
    unansweredSince: orderedAt,
    resolvedAt: null,
    createdAt: receivedAt,
  }
  changes.newTickets.push(ticket)
  changes.languages.push({ ticketId: ticket.id, language: languageOf(message.text) })
  if (key) known.shared.set(key, ticket.id)
  // The database gives the number; nothing here reads it.
  known.tickets.set(ticket.id, ticket as TicketRow)
  return ticket as TicketRow
}

function markDeleted(message: KnownMessage, brandId: string, when: Date, known: Known, changes: Changes): void {
  if (message.deletedAt) return
  message.deletedAt = when
  changes.changedMessages.set(message.id, message)
  if (message.ticketId === null) changes.mentionsOf.add(brandId)
  const ticket = message.ticketId === null ? undefined : known.tickets.get(message.ticketId)
  if (ticket) bump(ticket, changes, 'message')
}

function setReachable(
  person: Identity,
  reachable: boolean,
  reason: string | null,
  surface: Surface | null,
  when: Date,
  changes: Changes,
): void {
  if (person.reachabilityAt && person.reachabilityAt >= when) return
  const { id } = person
  const unreachableOn = reachable ? null : surface
  const unreachableReason = reachable || reason === null ? null : cleanText(reason)
  Object.assign(person, { reachable, unreachableOn, reachabilityAt: when })
  changes.changedIdentities.set(id, { id, reachable, unreachableReason, unreachableOn, reachabilityAt: when })
}

function bump(ticket: TicketRow, changes: Changes, type: NewEvent['type']): void {
  ticket.version += 1
  changes.changedTickets.add(ticket)
  changes.events.push({ brandId: ticket.brandId, type, ticketId: ticket.id, version: ticket.version })
}
