/** Takes away files nobody needs. Recurring due work; safe beside uploads and downloads on every node. */
import type { Db } from '../db/client.ts'
import type { DueHandler } from '../db/run-due.ts'
import type { MediaStore } from '../media-store.ts'
import { dropUnused, forgetUploads, unusedOf } from './keep-file.ts'

interface TidyDeps {
  readonly db: Db
  readonly media: MediaStore
  readonly now: () => Date
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Recurring due work `uploads`: files that were uploaded and for a day became part of nothing. */
export function uploadsHandler({ db, media, now }: TidyDeps): DueHandler {
  return async (_item, { signal }) => {
    for (const sha256 of await forgetUploads(db, new Date(now().getTime() - dayMs))) {
      await dropUnused(db, media, sha256)
      // What is left is found by the sweep.
      signal.throwIfAborted()
    }
    return { again: new Date(now().getTime() + hourMs) }
  }
}

/**
 * Recurring due work `media_sweep`, once a day: files whose messages were erased, and what processes that died left half
 * written. Files younger than a day are left alone, so that a row restored by hand finds its file.
 */
export function sweepHandler({ db, media, now }: TidyDeps): DueHandler {
  return async (_item, { signal }) => {
    const before = new Date(now().getTime() - dayMs)
    await media.removeTemporary(before)
    for await (const hashes of media.list(before)) {
      for (const sha256 of await unusedOf(db, hashes)) {
        await dropUnused(db, media, sha256)
        signal.throwIfAborted()
      }
    }
    return { again: new Date(now().getTime() + dayMs) }
  }
}
