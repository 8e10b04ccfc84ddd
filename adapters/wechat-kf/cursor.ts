/** Where a stream was read to, and from when on its messages are ours. */
import { z } from 'zod'

const Stored = z.object({ next: z.string(), since: z.number() })

export interface Cursor {
  /** WeCom's `next_cursor`; null: from the oldest it has, three days back. */
  readonly next: string | null
  /** Seconds. What was sent before becomes no ticket. */
  readonly since: number
}

/** Null: this stream was never read, or by another version. */
export function cursorIn(stored: string | null): Cursor | null {
  if (stored === null) return null
  try {
    const { next, since } = Stored.parse(JSON.parse(stored))
    return { next: next || null, since }
  } catch {
    return null
  }
}

export const storedOf = ({ next, since }: Cursor): string => JSON.stringify({ next: next ?? '', since })
