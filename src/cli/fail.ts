import { ZodError } from 'zod'
import { databaseCode } from '../db/client.ts'
import { describeError } from '../http/log.ts'
import { Refused } from '../problem.ts'

/** Says what went wrong in one sentence (and each part of it) and ends with 1. The stack comes with LOG_LEVEL=debug. */
export function fail(error: unknown): void {
  process.stderr.write(`${sentence(error)}\n`)
  if (['debug', 'trace'].includes(process.env.LOG_LEVEL ?? '')) {
    process.stderr.write(`${JSON.stringify(describeError(error), null, 2)}\n`)
  }
  process.exitCode = 1
}

function sentence(error: unknown): string {
  if (error instanceof Refused) return [error.message, ...listed(error.details?.errors)].join('\n  ')
  if (error instanceof ZodError) {
    return error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n')
  }
  if (!(error instanceof Error)) return 'Something failed.'
  // A driver's text may quote rows.
  const code = databaseCode(error)
  if (code && /^[0-9A-Z]{5}$/u.test(code)) return `The database refused (${code}); LOG_LEVEL=debug tells more.`
  return error.message
}

function listed(errors: unknown): string[] {
  if (!Array.isArray(errors)) return []
  return errors.map(({ path, message }: { path?: string; message?: string }) => `${path}: ${message}`)
}
