/**
 * Fetches the files of messages after the messages are stored. Due handler `media`, subject = media id: the row's lease
 * keeps two from fetching at once, and a process that dies at any line leaves `pending`, or `ready` with its file there.
 */
import { and, eq, or } from 'drizzle-orm'
import { ReadError } from '../channel/errors.ts'
import type { Tx } from '../db/client.ts'
import type { DueHandler } from '../db/run-due.ts'
import { media, messages } from '../db/schema.ts'
import { appendEvents, tellOfMentions } from '../live/append.ts'
import type { ReceivedFile } from '../media-store.ts'
import { fetchFile, type MediaDeps, type MediaReason, type MediaRow } from './download.ts'
import { cleanFileName } from './file-name.ts'
import { keepFile } from './keep-file.ts'

/** Credentials that are refused, a platform that asks us to wait: as long as this nothing is given up. */
const patienceMs = 24 * 3_600_000
const credentialsPauseMs = 10 * 60_000

export function mediaHandler(deps: MediaDeps): DueHandler {
  return async (item, run) => {
    const row = await deps.db.query.media.findFirst({ where: eq(media.id, item.subject) })
    // No row: an edit that named a file we have already, or the message was erased.
    if (!row?.referenceSealed || !isWanted(row)) return
    try {
      const file = await fetchFile(deps, row, run.signal)
      if (typeof file === 'string') return await settleFailed(deps, row, file)
      await settleReady(deps, row, file)
    } catch (error) {
      const again = error instanceof ReadError ? pauseOf(error, row, deps.now()) : null
      if (again) return { again }
      // The signal: the server stops, which says nothing about the file.
      if (run.isLast && !run.signal.aborted) await settleFailed(deps, row, 'later')
      throw error
    }
  }
}

/** `later` is wanted again: somebody replayed the parked work. */
const isWanted = (row: MediaRow) => row.state === 'pending' || (row.state === 'failed' && row.reason === 'later')

function pauseOf(error: ReadError, row: MediaRow, now: Date): Date | null {
  if (now.getTime() - row.createdAt.getTime() > patienceMs) return null
  if (error.after && error.after > now) return error.after
  return error.reason === 'credentials' ? new Date(now.getTime() + credentialsPauseMs) : null
}

async function settleReady(deps: MediaDeps, row: MediaRow, file: ReceivedFile): Promise<void> {
  try {
    const { sha256, bytes, mimeType, size } = file
    const name = row.name === null ? null : cleanFileName(row.name, row.kind)
    const changed = await deps.db.transaction(async (tx) => {
      await keepFile(tx, file)
      return await change(tx, row, { state: 'ready', reason: null, name, sha256, bytes, mimeType, ...size })
    })
    if (changed) deps.nudge()
  } catch (error) {
    await file.discard()
    throw error
  }
}

async function settleFailed(deps: MediaDeps, row: MediaRow, reason: MediaReason): Promise<void> {
  const changed = await deps.db.transaction((tx) => change(tx, row, { state: 'failed', reason }))
  if (changed) deps.nudge()
}

/** False when the row is gone, or another node has settled it meanwhile. */
async function change(tx: Tx, row: MediaRow, values: Partial<MediaRow>): Promise<boolean> {
  const wanted = or(eq(media.state, 'pending'), and(eq(media.state, 'failed'), eq(media.reason, 'later')))
  const [changed] = await tx
    .update(media)
    .set(values)
    .where(and(eq(media.id, row.id), wanted))
    .returning({ messageId: media.messageId })
  if (!changed) return false
  const [message] =
    changed.messageId === null
      ? []
      : await tx.select({ ticketId: messages.ticketId }).from(messages).where(eq(messages.id, changed.messageId))
  const ticketId = message?.ticketId ?? null
  if (message && ticketId === null) await tellOfMentions(tx, [changed.messageId!])
  await appendEvents(tx, [{ brandId: row.brandId, type: 'media', ticketId, version: null }])
  return true
}
