import { ReadError, SendError } from '../channel/errors.ts'
import { Refused } from '../problem.ts'
import { databaseCode } from './client.ts'

/**
 * Why something failed, for a column and a person's eyes. Names and codes only: an exception's text may hold a customer's
 * words, an address or a token. The whole error is in the log.
 */
export function safeReason(error: unknown): string {
  if (error instanceof SendError) return `${error.outcome}: ${error.code}`
  if (error instanceof ReadError) return `read: ${error.reason}`
  if (error instanceof Refused) return `refused: ${error.code}`
  const code = databaseCode(error)
  if (code !== null) return `error: ${plain(code)}`
  return `error: ${error instanceof Error ? plain(error.name) : typeof error}`
}

/** A name or code can be set by whoever threw: only what looks like one is kept. */
const plain = (name: string) => (/^[\w.-]{1,60}$/u.test(name) ? name : 'Error')
