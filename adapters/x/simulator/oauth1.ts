/** Verifies OAuth 1.0a signatures. RFC 5849, section 3. */
import { createHmac, timingSafeEqual } from 'node:crypto'

export interface SignedCall {
  readonly method: string
  /** As it was called, without query. */
  readonly baseUrl: string
  readonly query: URLSearchParams
  /** Of a form's body; JSON and multipart bodies are not signed. */
  readonly form: URLSearchParams | null
  readonly header: string
}

export interface Secrets {
  readonly consumerKey: string
  readonly consumerSecret: string
  readonly token: string
  readonly tokenSecret: string
}

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/gu, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

/** Null when it is genuine, else what is wrong. `used` remembers nonces. */
export function whatIsWrong(call: SignedCall, secrets: Secrets, nowMs: number, used: Set<string>): string | null {
  const given = new Map<string, string>()
  for (const part of call.header.replace(/^OAuth\s+/u, '').split(',')) {
    const [name = '', value = ''] = part.trim().split('=')
    given.set(decodeURIComponent(name), decodeURIComponent(value.replace(/^"|"$/gu, '')))
  }
  if (given.get('oauth_consumer_key') !== secrets.consumerKey) return 'another app'
  if (given.get('oauth_token') !== secrets.token) return 'another token'
  if (given.get('oauth_signature_method') !== 'HMAC-SHA1') return 'another method'
  if (Math.abs(Number(given.get('oauth_timestamp')) * 1000 - nowMs) > 300_000) return 'a time too far off'
  const nonce = given.get('oauth_nonce') ?? ''
  if (nonce === '' || used.has(nonce)) return 'a nonce used before'
  used.add(nonce)
  const signature = given.get('oauth_signature') ?? ''
  const pairs = [...given].filter(([name]) => name !== 'oauth_signature' && name !== 'realm')
  pairs.push(...call.query, ...(call.form ?? []))
  const normal = pairs
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  const base = [call.method.toUpperCase(), encode(call.baseUrl), encode(normal)].join('&')
  const key = `${encode(secrets.consumerSecret)}&${encode(secrets.tokenSecret)}`
  const right = createHmac('sha1', key).update(base).digest()
  const theirs = Buffer.from(signature, 'base64')
  return theirs.length === right.length && timingSafeEqual(theirs, right) ? null : 'a wrong signature'
}
