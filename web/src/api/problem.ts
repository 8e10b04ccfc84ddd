/** What went wrong with a request, in one shape: an answer with a code, or no answer at all. */
import type { Problem } from './wire.ts'

export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** 0 when there was no answer. */
  readonly status: number
  /** Stable; `offline` when there was no answer. */
  readonly code: string
  readonly requestId: string | null
  readonly details: Readonly<Record<string, unknown>>
  readonly errors: NonNullable<Problem['errors']>
  readonly retryAfterMs: number | null

  constructor(status: number, code: string, title: string, rest: Partial<Omit<ApiError, 'status' | 'code'>> = {}) {
    super(title, { cause: rest.cause })
    this.status = status
    this.code = code
    this.requestId = rest.requestId ?? null
    this.details = rest.details ?? {}
    this.errors = rest.errors ?? []
    this.retryAfterMs = rest.retryAfterMs ?? null
  }
}

/** Reads a refused answer, whoever wrote it: ours are problem details, a proxy's or the sign-in's may not be. */
export function toApiError(status: number, body: unknown, retryAfter: string | null = null): ApiError {
  const given = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const text = (name: string) => (typeof given[name] === 'string' ? (given[name] as string) : undefined)
  const seconds = Number(retryAfter)
  return new ApiError(
    status,
    (text('code') ?? `http_${status}`).toLowerCase(),
    text('title') ?? text('message') ?? '',
    {
      requestId: text('requestId') ?? null,
      details: isRecord(given.details) ? given.details : {},
      errors: Array.isArray(given.errors) ? given.errors.filter(isFieldError) : [],
      retryAfterMs: retryAfter && Number.isFinite(seconds) ? seconds * 1000 : null,
    },
  )
}

/** The request may have had its effect, or may have it later: worth repeating with the same idempotency key. */
export function isWorthRepeating(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || [502, 503, 504].includes(error.status))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isFieldError(value: unknown): value is { path: string; message: string } {
  return isRecord(value) && typeof value.path === 'string' && typeof value.message === 'string'
}
