/** From rows to what the API says of a message: latest text, earlier ones, files, deliveries, names. One query for each kind. */
import { asc, eq, getTableColumns, inArray } from 'drizzle-orm'
import type { Db, Tx } from '../db/client.ts'
import { contacts, deliveries, identities, media, messageRevisions, type messages } from '../db/schema.ts'
import { toWire } from '../outbound/delivery-wire.ts'
import type { Media, Message } from '../wire.ts'

type MessageRow = Omit<typeof messages.$inferSelect, 'search'>
type Revision = Pick<typeof messageRevisions.$inferSelect, 'messageId' | 'text' | 'editedAt'>
/** Without what only the server needs to fetch it. */
type MediaRow = Omit<typeof media.$inferSelect, 'referenceSealed'>

/** In the order of `rows`. */
export async function showMessages(db: Db | Tx, rows: readonly MessageRow[]): Promise<Message[]> {
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.id)
  const { referenceSealed: _sealed, ...mediaColumns } = getTableColumns(media)
  const people = [...new Set(rows.flatMap(({ identityId }) => identityId ?? []))]
  const [revisions, files, sends, names] = await Promise.all([
    db
      .select()
      .from(messageRevisions)
      .where(inArray(messageRevisions.messageId, ids))
      .orderBy(asc(messageRevisions.editedAt), asc(messageRevisions.id)),
    db
      .select(mediaColumns)
      .from(media)
      .where(inArray(media.messageId, ids))
      .orderBy(asc(media.position), asc(media.id)),
    db
      .select()
      .from(deliveries)
      .where(inArray(deliveries.messageId, ids))
      .orderBy(asc(deliveries.part), asc(deliveries.position)),
    db
      .select({ id: identities.id, name: contacts.name })
      .from(identities)
      .innerJoin(contacts, eq(contacts.id, identities.contactId))
      .where(inArray(identities.id, people)),
  ])
  const revisionsOf = Map.groupBy(revisions, (row) => row.messageId)
  const filesOf = Map.groupBy(files, (row) => row.messageId)
  const sendsOf = Map.groupBy(sends, (row) => row.messageId)
  const nameOf = new Map(names.map(({ id, name }) => [id, name]))
  return rows.map((row) => ({
    ...textsOf(row, revisionsOf.get(row.id) ?? []),
    id: row.id,
    direction: row.direction,
    surface: row.surface,
    author: authorOf(row, nameOf.get(row.identityId ?? '') ?? row.authorName),
    context: row.context,
    location: row.location,
    url: row.url,
    inReplyTo: row.inReplyTo,
    threadId: row.threadId,
    replyable: row.replyable,
    ...(row.automatic ? { automatic: true as const } : {}),
    outside: row.direction === 'outbound' && !sendsOf.has(row.id),
    sentAt: row.sentAt.toISOString(),
    receivedAt: row.receivedAt.toISOString(),
    deletedAt: row.deletedAt?.toISOString() ?? null,
    media: (filesOf.get(row.id) ?? []).map(showMedia),
    deliveries: (sendsOf.get(row.id) ?? []).map(toWire),
    version: row.ticketVersion,
  }))
}

/** The newest revision is shown; before it came the first text, where it was seen, and the other revisions. */
function textsOf(row: MessageRow, revisions: readonly Revision[]): Pick<Message, 'text' | 'revisions'> {
  const texts = [
    ...(row.text === null ? [] : [{ text: row.text, at: row.sentAt.toISOString() }]),
    ...revisions.map(({ text, editedAt }) => ({ text, at: editedAt.toISOString() })),
  ]
  return { text: texts.at(-1)?.text ?? '', revisions: texts.slice(0, -1) }
}

function authorOf({ direction, identityId, userId }: MessageRow, name: string): Message['author'] {
  if (userId !== null) return { id: userId, name, kind: isProgram(userId) ? 'program' : 'user' }
  if (identityId !== null || direction === 'inbound') return { id: identityId, name, kind: 'contact' }
  return { id: null, name, kind: 'outside' }
}

/** `Actor.id` of a key, or of Huixin itself. */
const isProgram = (userId: string) => userId === 'system' || userId.startsWith('key:')

export function showMedia(row: MediaRow): Media {
  const { id, kind, state, reason, name, mimeType, bytes, width, height, durationMs } = row
  return { id, kind, state, reason, name, mimeType, bytes, width, height, durationMs }
}
