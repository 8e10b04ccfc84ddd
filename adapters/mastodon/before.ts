/** A call that has to come before the one that posts. Whatever becomes of it, nothing was posted. */
import { NoAnswer, ReadError } from '#channel/errors.ts'
import type { Answer, Api, Ask } from './api.ts'
import { failure } from './refuse.ts'
import { texts } from './texts.ts'

/** Short, so that the call that posts gets most of the time. */
const timeoutMs = 3_000

export async function before(api: Api, path: string, signal?: AbortSignal, more: Partial<Ask> = {}): Promise<Answer> {
  try {
    return await api({ path, timeoutMs, ...(signal ? { signal } : {}), ...more })
  } catch (cause) {
    if (!(cause instanceof NoAnswer || cause instanceof ReadError)) throw cause
    throw failure('retry', 'unreachable', texts.away, { cause })
  }
}
