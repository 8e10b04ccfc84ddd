/** Tokens as a site's server makes them, right and wrong. */
import { createHmac } from 'node:crypto'

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

export interface TokenParts {
  readonly secret?: string
  readonly header?: unknown
  readonly claims?: Readonly<Record<string, unknown>>
  readonly signature?: string
}

export const siteSecret = 'contract-secret-of-the-shop_0123456789'

export function signToken({ secret = siteSecret, header, claims = {}, signature }: TokenParts = {}): string {
  const body = { sub: 'customer-1042', aud: 'huixin-webchat', exp: Math.floor(Date.now() / 1000) + 3600, ...claims }
  const signed = `${part(header ?? { alg: 'HS256', typ: 'JWT' })}.${part(body)}`
  return `${signed}.${signature ?? createHmac('sha256', secret).update(signed).digest('base64url')}`
}

export const seconds = (at: Date | number) => Math.floor(Number(at) / 1000)
