/** A message, an edit of it, or a part of its album, put beside what is known of it. */
import { afterNo } from '../automatic/answer.ts'
import type { InboundMessage } from '../channel/events.ts'
import { cleanText } from '../channel/text.ts'
import { newId } from '../db/id.ts'
import { languageOf } from '../mentions/language.ts'
import type { Seal } from '../seal.ts'
import { previewOf } from '../tickets/preview.ts'
import { searchVector } from '../tickets/search.ts'
import { bump, type Changes, markDeleted, setReachable } from './changes.ts'
import { at, type Identity } from './identify.ts'
import type { Known, KnownMessage, ThreadRow } from './known.ts'
import type { Incoming } from './take-keys.ts'
import { readingOf, takeReading } from './take-reading.ts'
import { ticketFor } from './ticket-for.ts'

export function applyMessage(
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
    bump(ticket, changes)
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
  bump(ticket, changes)
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
