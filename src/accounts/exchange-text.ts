/** Makes of what went over the wire the text that the channel log keeps: readable, redacted, at most 4 KB. */
import { cleanText } from '../channel/text.ts'
import type { Redactor } from './redact.ts'

export const maxBodyBytes = 4096
/** Characters looked at: enough that 4 KB remain when much of the beginning is a secret. */
export const lookAt = 16_384

/** Null for nothing to show. Redacts first and cuts then: a secret that is cut in two would no longer be found. */
export function bodyText(value: unknown, redactor: Redactor): string | null {
  const whole = asText(value)
  if (whole === null) return null
  const redacted = redactor.redact(whole.slice(0, lookAt))
  // What was cut off may have taken the second half of a secret with it.
  const safe = whole.length > lookAt ? redacted.slice(0, Math.max(0, redacted.length - redactor.longest)) : redacted
  return cut(cleanText(safe), whole.length > lookAt ? whole.length : null)
}

/** An address without user info, and without the values of parameters that name a secret. */
export function addressText(url: string, redactor: Redactor): string {
  return cut(cleanText(redactor.redact(url.slice(0, lookAt))), null)
}

/** What went wrong, for support: name, code and message, redacted; no stack. */
export function errorText(error: unknown, redactor: Redactor): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return cleanText(redactor.redact(text.slice(0, lookAt))).slice(0, 500)
}

const room = new Uint8Array(maxBodyBytes)
const encoder = new TextEncoder()

function cut(text: string, originalLength: number | null): string {
  const { read } = encoder.encodeInto(text, room)
  if (read === text.length && originalLength === null) return text
  return `${text.slice(0, read)} … [of ${originalLength ?? text.length} characters]`
}

function asText(value: unknown): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return value
  const bytes = sizeOf(value)
  if (bytes !== null) return `[${bytes} bytes]`
  try {
    return JSON.stringify(value, plain) ?? null
  } catch {
    return '[not readable]' // Circular, a bigint, or a getter that throws: an SDK's object, not a body.
  }
}

/** A replacer: files as their size, never as their bytes. `this` holds the value before its own toJSON. */
function plain(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const bytes = sizeOf(this[key])
  if (bytes !== null) return `[${bytes} bytes]`
  if (typeof value === 'function') return undefined
  if (typeof value === 'string' && value.length > lookAt) return value.slice(0, lookAt)
  return typeof value === 'bigint' ? String(value) : value
}

function sizeOf(value: unknown): number | string | null {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength
  if (value instanceof Blob) return value.size
  if (value instanceof ReadableStream) return 'some'
  // A Node stream, form-data of an SDK.
  if (typeof value === 'object' && value !== null && 'pipe' in value && typeof value.pipe === 'function') return 'some'
  return null
}
