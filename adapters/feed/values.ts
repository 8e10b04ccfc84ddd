/** Looking into what nobody promised the shape of. */

export function get(value: unknown, ...path: readonly string[]): unknown {
  let at = value
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    at = (at as Record<string, unknown>)[name]
  }
  return at
}

/** A text that says something, without white space around it; a number as text. Else null. */
export function text(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

export function count(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : null
}

export function firstText(...values: readonly unknown[]): string | null {
  for (const value of values) {
    const found = text(value)
    if (found !== null) return found
  }
  return null
}

/** An absolute http(s) address; null for anything else (`javascript:`, `data:`). */
export function resolve(address: string | null, base: string): string | null {
  if (address === null || address === '') return null
  const url = URL.parse(address, base)
  if (!url || !/^https?:$/u.test(url.protocol) || url.username !== '' || url.password !== '') return null
  return url.href.length <= 4000 ? url.href : null
}
