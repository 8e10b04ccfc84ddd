/**
 * A web-standard `Request` over a body that is here already. Node's own takes 20 µs to make and to read, mostly for streams
 * nobody asks for: what adapters read is given from memory, and the rest by one of Node's own, made when it is asked for.
 */
export interface RequestParts {
  readonly method: string
  readonly url: string
  readonly headers: [string, string][]
  readonly body: Uint8Array
}

/** Throws where `new Request` would: an address or a header that is none, a body with GET. */
export function webRequest({ method, url, headers, body }: RequestParts): Request {
  const address = new URL(url)
  if (address.username !== '' || address.password !== '') throw new TypeError('an address with credentials')
  if (method === 'GET' && body.length > 0) throw new TypeError('a GET with a body')
  const parts = { method, url: address.href, headers: new Headers(headers) }
  let used = false
  let whole: Request | null = null

  function full(): Request {
    if (whole) return whole
    whole = new Request(parts.url, body.length > 0 ? { ...parts, body: new Uint8Array(body) } : parts)
    if (used) void whole.arrayBuffer()
    return whole
  }

  async function take(): Promise<Uint8Array<ArrayBuffer>> {
    if (used || whole?.bodyUsed) throw new TypeError('the body has been read already')
    used = body.length > 0
    return new Uint8Array(body)
  }

  const inMemory = {
    ...parts,
    bytes: take,
    arrayBuffer: async () => (await take()).buffer,
    text: async () => new TextDecoder().decode(await take()),
    json: async () => JSON.parse(new TextDecoder().decode(await take())) as unknown,
  }
  return new Proxy(inMemory as unknown as Request, {
    get(target, key) {
      if (Object.hasOwn(target, key)) return Reflect.get(target, key)
      if (key === 'bodyUsed') return used || (whole?.bodyUsed ?? false)
      const value: unknown = Reflect.get(full(), key)
      return typeof value === 'function' ? value.bind(full()) : value
    },
    has: (_target, key) => Reflect.has(Request.prototype, key),
    getPrototypeOf: () => Request.prototype,
  })
}
