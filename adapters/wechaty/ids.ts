/** People, places and threads as ids. One grammar, both ways. */
import type { Contact } from './types.ts'

/** Web protocols (wechat4u, wechat) give each contact a new id at every sign-in: `@` and hexadecimal digits. */
const passing = /^@[0-9a-f]{16,}$/iu

/**
 * Who somebody is, over sign-ins. An id that lasts is itself; for one that does not the WeChat id stands in
 * (`weixin:<id>`), else what we call them (`alias:<备注>`), else nothing does: the person is a new one after the next sign-in.
 */
export function identityOf({ id, weixin, alias }: Contact): string {
  if (!passing.test(id)) return id
  if (weixin?.trim()) return `weixin:${weixin.trim()}`
  if (alias?.trim()) return `alias:${alias.trim()}`
  return id
}

/** The other way: what to look a person up by; null for an id that is one. */
export function lookupOf(identity: string): { readonly weixin: string } | { readonly alias: string } | null {
  const found = /^(weixin|alias):(.+)$/su.exec(identity)
  if (!found) return null
  return found[1] === 'weixin' ? { weixin: found[2]! } : { alias: found[2]! }
}

export interface Place {
  /** Null: a direct chat. */
  readonly roomId: string | null
  readonly person: string
}

/** Direct chat: `<person>`; room: `<room>/<person>`. Slashes and white space in ids are escaped. */
export function threadIdOf({ roomId, person }: Place): string {
  return [roomId, person]
    .filter((part) => part !== null)
    .map(escaped)
    .join('/')
}

/** Null when it is no thread id of ours. */
export function placeOf(threadId: string): Place | null {
  const parts = threadId.split('/')
  if (parts.length > 2 || parts.some((part) => part.trim() === '')) return null
  const [first, second] = parts.map(unescaped)
  if (!first) return null
  return second === undefined ? { roomId: null, person: first } : { roomId: first, person: second }
}

function escaped(part: string): string {
  return part.replace(/[%/\s]/gu, encodeURIComponent)
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
