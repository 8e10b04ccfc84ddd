/** What the log may hold: no credentials, no customers' words. `main.ts` makes its pino logger with these options. */
import { DrizzleQueryError } from 'drizzle-orm'
import type { LoggerOptions } from 'pino'
import { databaseCode } from '../db/client.ts'

const secretNames = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  '["x-telegram-bot-api-secret-token"]',
  '["idempotency-key"]',
  'password',
  'currentPassword',
  'newPassword',
  'token',
  'secret',
  'code',
]

/** A last net under code that logs too much; nothing of ours logs headers or bodies. */
const redactedPaths = secretNames.flatMap((name) => {
  const at = name.startsWith('[') ? name : `.${name}`
  return ['req.headers', 'request.headers', 'res.headers', 'headers', 'body', 'settings'].map(
    (place) => `${place}${at}`,
  )
})

export function logOptions(level: string): LoggerOptions {
  return {
    level,
    redact: { paths: redactedPaths, censor: '[redacted]' },
    serializers: { err: describeError, error: describeError },
  }
}

export interface ErrorDescription {
  readonly type: string
  readonly message: string
  readonly code?: string
  readonly constraint?: string
  readonly stack?: string
  readonly cause?: ErrorDescription
}

/**
 * An error for the log. Of a database error only its SQLSTATE and the constraint: the driver's message and `detail` quote
 * values of the row, and drizzle's message every parameter.
 */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, message: 'a thrown value that is no Error' }
  const quotesData = fromDatabase(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const constraint =
    'constraint_name' in error && typeof error.constraint_name === 'string' ? error.constraint_name : undefined
  return {
    type: error.name,
    message: quotesData ? `database error ${databaseCode(error) ?? ''}`.trim() : error.message,
    ...(code ? { code } : {}),
    ...(constraint ? { constraint } : {}),
    ...(error.stack ? { stack: quotesData ? framesOf(error.stack) : error.stack } : {}),
    ...(error.cause !== undefined && depth < 5 ? { cause: describeError(error.cause, depth + 1) } : {}),
  }
}

const fromDatabase = (error: Error) =>
  error instanceof DrizzleQueryError || error.name === 'PostgresError' || 'query' in error

const framesOf = (stack: string) =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /u.test(line))
    .join('\n')
