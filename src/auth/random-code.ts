import { randomInt } from 'node:crypto'

/** Crockford's base 32: no letters that are mistaken for digits when read aloud or copied by hand. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A random code to be copied by a person: `groups` of five characters, 25 bits each. */
export function randomCode(groups: number): string {
  const group = () => Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join('')
  return Array.from({ length: groups }, group).join('-')
}

/** The same code however it was typed: case, spaces, dashes, and letters that look like digits. */
export function normaliseCode(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/gu, '')
    .replace(/O/gu, '0')
    .replace(/[IL]/gu, '1')
}
