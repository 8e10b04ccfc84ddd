/**
 * A ticket's look-up code: its number and ten characters that are an HMAC of its id under the server's key. Nothing is
 * stored, so a ticket costs nothing on its way in, a copy of the database lists no codes, and each is unique by its number.
 */
import { timingSafeEqual } from 'node:crypto'
import type { Seal } from '../seal.ts'

/** Crockford's base 32: no I, L, O, U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 10

/** Fifty bits of an HMAC as ten characters. */
export function shortMac(seal: Pick<Seal, 'hash'>, value: string, length = LENGTH): string {
  const bytes = seal.hash(value)
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  return Array.from({ length }, (_, at) => alphabet[Number.parseInt(bits.slice(at * 5, at * 5 + 5), 2)]).join('')
}

const secretOf = (seal: Pick<Seal, 'hash'>, ticketId: string) => shortMac(seal, `lookup:${ticketId}`)

/** As it is shown: `1042-7KQ9F-2MXPD`. */
export function lookupCode(seal: Pick<Seal, 'hash'>, ticket: { readonly id: string; readonly number: number }): string {
  const secret = secretOf(seal, ticket.id)
  return `${ticket.number}-${secret.slice(0, 5)}-${secret.slice(5)}`
}

export interface TypedCode {
  readonly number: number
  readonly secret: string
}

/** However it was typed: case, spaces, dashes, full width, letters that look like digits. Null: it is no code. */
export function readCode(typed: string): TypedCode | null {
  const plain = typed
    .slice(0, 100)
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/gu, '')
    .replace(/O/gu, '0')
    .replace(/[IL]/gu, '1')
  const [, number, secret] = /^(\d{1,15})([0-9A-Z]{10})$/u.exec(plain) ?? []
  return number && secret ? { number: Number(number), secret } : null
}

/** In constant time. */
export function isCodeOf(seal: Pick<Seal, 'hash'>, typed: TypedCode, ticketId: string): boolean {
  return timingSafeEqual(Buffer.from(secretOf(seal, ticketId)), Buffer.from(typed.secret))
}
