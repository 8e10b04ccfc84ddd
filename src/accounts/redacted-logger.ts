import type { FastifyBaseLogger } from 'fastify'
import type { Logger } from '../channel/tools.ts'
import type { Redactor } from './redact.ts'

/** A log for adapters that cannot spill the account's secrets, in whatever they are handed to it. */
export function redactedLogger(
  log: Pick<FastifyBaseLogger, 'debug' | 'info' | 'warn' | 'error'>,
  redactor: Redactor,
  always: object,
): Logger {
  const line = (level: keyof Logger) => (fields: object, message: string) =>
    log[level]({ ...(redactDeep(fields, redactor, 0) as object), ...always }, redactor.redact(message))
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}

const maxDepth = 5
const maxEntries = 50

/** Plain data, as deep and as long as a log line is good for. */
function redactDeep(value: unknown, redactor: Redactor, depth: number): unknown {
  if (typeof value === 'string') return redactor.redact(value).slice(0, 10_000)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value
  if (value instanceof Date) return value
  if (value instanceof URL) return redactor.redact(value.href)
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  if (depth === maxDepth) return '…'
  if (value instanceof Error) {
    const { name, message, stack, cause } = value
    const code: unknown = Reflect.get(value, 'code')
    // Only these: errors of HTTP libraries carry the whole request, headers included.
    const plain = { type: name, message, stack, ...(code === undefined ? {} : { code }), ...(cause ? { cause } : {}) }
    return redactDeep(plain, redactor, depth + 1)
  }
  if (Array.isArray(value)) return value.slice(0, maxEntries).map((item) => redactDeep(item, redactor, depth + 1))
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, maxEntries)
      .map(([key, item]) => [redactor.redact(key), redactDeep(item, redactor, depth + 1)]),
  )
}
