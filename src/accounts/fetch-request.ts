/** A request in the form that undici's own fetch takes, with its body as bytes. */

export interface PreparedRequest {
  readonly method: string
  readonly headers: Headers
  readonly body: Uint8Array | null
  /** For the channel log; null for a file. */
  readonly text: string | null
}

/**
 * The runtime's `FormData`, `Blob` and `Request` are of another undici than the one installed, which would send
 * "[object FormData]". So the runtime's `Request` makes bytes of the body first.
 */
export async function prepareRequest(init: RequestInit): Promise<PreparedRequest> {
  const { method, headers, body } = init
  let request: Request
  try {
    request = new Request('http://localhost', {
      method: method ?? 'GET',
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined || body === null ? {} : { body, duplex: 'half' }),
    })
  } catch {
    // Without the cause: the text of "invalid header value" quotes the value, which is often a token.
    throw new TypeError('fetch: a method, header or body that HTTP does not allow')
  }
  const bytes = body === undefined || body === null ? null : new Uint8Array(await request.arrayBuffer())
  if (!request.headers.has('user-agent')) request.headers.set('user-agent', 'huixin')
  return { method: request.method, headers: request.headers, body: bytes, text: textOf(bytes, request.headers) }
}

/** True for what a person can read in a log. */
export function isText(contentType: string | null): boolean {
  return (
    contentType === null ||
    /^(text\/|application\/([\w.+-]*(json|xml|javascript)|x-www-form-urlencoded))/iu.test(contentType)
  )
}

function textOf(bytes: Uint8Array | null, headers: Headers): string | null {
  if (bytes === null) return null
  const type = headers.get('content-type')
  return isText(type) ? new TextDecoder().decode(bytes) : `[${type}, ${bytes.byteLength} bytes]`
}
