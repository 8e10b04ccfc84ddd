/** Fetches one file from a platform into the store. */
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { eq } from 'drizzle-orm'
import { ReadError } from '../channel/errors.ts'
import type { ExternalMedia } from '../channel/events.ts'
import { accounts, type media } from '../db/schema.ts'
import type { Deps } from '../deps.ts'
import { FileTooLarge, type MediaStore, type ReceivedFile } from '../media-store.ts'
import type { Seal } from '../seal.ts'

export type MediaRow = typeof media.$inferSelect

export type MediaDeps = Pick<Deps, 'db' | 'seal' | 'connections' | 'now' | 'nudge'> & {
  readonly media: MediaStore
  /** Default 50 MB. */
  readonly maxBytes?: number
  /** No byte for so long: given up, tried again later. Default 30,000. */
  readonly stallMs?: number
}

/**
 * Why a file is not here. Stable; the desk has a sentence for each.
 * - `too_large`: more than we keep. - `gone`: the platform does not have it any more, or the account was removed.
 * - `refused_type`: it said it was a picture or a recording, and is text: an error page, most likely.
 * - `later`: it could not be fetched in all this time; the parked work can be replayed.
 */
export type MediaReason = 'too_large' | 'gone' | 'refused_type' | 'later'

const defaultMaxBytes = 50 * 1024 * 1024

/** What the reference of a file is sealed with. */
export const referenceContext = (mediaId: string): string => `media.reference:${mediaId}`

/** The file, or why there will never be one. Throws what may be better later. */
export async function fetchFile(
  deps: MediaDeps,
  row: MediaRow,
  stop: AbortSignal,
): Promise<ReceivedFile | MediaReason> {
  const account = row.accountId === null ? null : await deps.connections.get(row.accountId)
  if (!account) {
    if (await isRemoved(deps, row)) return 'gone'
    throw new Error('the account of a file cannot be opened')
  }
  if (!account.connection.download) return 'gone'
  const stall = stallGuard(deps.stallMs ?? 30_000, stop)
  const maxBytes = deps.maxBytes ?? defaultMaxBytes
  try {
    const response = await stall.guard(
      account.connection.download(openReference(deps.seal, row), stall.signal),
      (late) => late.body?.cancel(),
    )
    const refusal = refusalOf(response, maxBytes)
    if (refusal) {
      await response.body?.cancel()
      return refusal
    }
    const body = response.body ? Readable.fromWeb(response.body as ReadableStream) : Readable.from([])
    const file = await deps.media.receive(stall.watch(body), { maxBytes, signal: stall.signal })
    const lie = lieOf(row, file)
    if (lie) await file.discard()
    return lie ?? file
  } catch (error) {
    if (error instanceof FileTooLarge) return 'too_large'
    if (error instanceof ReadError && (error.reason === 'gone' || error.reason === 'too_large')) return error.reason
    throw error
  } finally {
    stall.end()
  }
}

async function isRemoved({ db }: MediaDeps, row: MediaRow): Promise<boolean> {
  const account =
    row.accountId === null ? null : await db.query.accounts.findFirst({ where: eq(accounts.id, row.accountId) })
  return !account || account.removedAt !== null
}

/** Adapters answer with what the platform said; the statuses mean the same everywhere. Throws when it may work later. */
function refusalOf(response: Response, maxBytes: number): MediaReason | null {
  if (response.status === 404 || response.status === 410) return 'gone'
  if (response.status === 413) return 'too_large'
  if (!response.ok) throw new Error(`the download was answered ${response.status}`)
  return Number(response.headers.get('content-length') ?? 0) > maxBytes ? 'too_large' : null
}

const recorded = new Set(['photo', 'video', 'voice', 'audio'])

function lieOf(row: MediaRow, file: ReceivedFile): MediaReason | null {
  if (file.bytes === 0) return 'gone'
  const isText = file.mimeType === 'text/plain' || file.mimeType === 'application/xml'
  return isText && recorded.has(row.kind) ? 'refused_type' : null
}

function openReference(seal: Seal, row: MediaRow): ExternalMedia {
  return JSON.parse(seal.open(row.referenceSealed!, referenceContext(row.id)).toString()) as ExternalMedia
}

/** Aborts when nothing comes for `ms`, or when `stop` does. */
function stallGuard(ms: number, stop: AbortSignal) {
  const controller = new AbortController()
  const signal = AbortSignal.any([controller.signal, stop])
  const timer = setTimeout(() => controller.abort(new DownloadStalled()), ms)
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    if (signal.aborted) reject(signal.reason)
  })
  aborted.catch(() => {})
  return {
    signal,
    /** For an adapter that does not heed its signal; what it brings too late is given to `drop`. */
    guard<T>(work: Promise<T>, drop: (late: T) => unknown): Promise<T> {
      work.then(
        (late) => signal.aborted && drop(late),
        () => {},
      )
      return Promise.race([work, aborted])
    },
    async *watch(source: Readable): AsyncGenerator<Uint8Array> {
      const destroy = () => source.destroy(signal.reason)
      signal.addEventListener('abort', destroy, { once: true })
      for await (const chunk of source) {
        timer.refresh()
        yield chunk
      }
    },
    end: () => clearTimeout(timer),
  }
}

class DownloadStalled extends Error {
  override readonly name = 'DownloadStalled'
}
