/** What a program is told when it posted something wrong: RFC 9457 problem details. */

export interface FieldError {
  readonly path: string
  readonly message: string
}

interface More {
  readonly errors?: readonly FieldError[]
  readonly retryAfterSeconds?: number
  readonly allow?: string
}

export function problem(status: number, code: string, title: string, more: More = {}): Response {
  const { errors, retryAfterSeconds, allow } = more
  return Response.json(
    { type: 'about:blank', status, code, title, ...(errors ? { errors } : {}) },
    {
      status,
      headers: {
        'content-type': 'application/problem+json; charset=utf-8',
        'cache-control': 'no-store',
        ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
        ...(allow === undefined ? {} : { allow }),
      },
    },
  )
}
