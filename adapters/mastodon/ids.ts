/**
 * Ids of one server in the order they were made: by length, then as text.
 * https://docs.joinmastodon.org/api/guidelines/#id, read 2026-11-24
 */
export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}
