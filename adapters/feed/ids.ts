/** What an item is called, here and in what was seen. */
import { createHash } from 'node:crypto'

const sha = (value: string) => createHash('sha256').update(value)

/** The stream of a feed: short, stable, and without the address, which may be long. */
export const streamOf = (address: string): string => `feed-${sha(address).digest('hex').slice(0, 12)}`

export const contentId = (...parts: readonly (string | null)[]): string =>
  `sha256:${sha(parts.map((part) => part ?? '').join('\n')).digest('hex')}`

export const mark = (value: string): string => sha(value).digest('base64url').slice(0, 10)

/** Some feeds put into every address where a reader came from. [U] the list: what is on it is counting on nothing else. */
const tracking = /^(?:utm_\w+|spm|fbclid|gclid|share_(?:from|source|medium|token))$/iu

export function withoutTracking(address: string): string {
  const url = URL.parse(address)
  if (!url) return address
  const named = [...url.searchParams.keys()].filter((name) => tracking.test(name))
  if (named.length === 0) return address
  for (const name of named) url.searchParams.delete(name)
  return url.href
}

/** Unique in the world by their own rules: the same item in two feeds is one message. Others are unique in their feed only. */
const worldwide = /^(?:https?:\/\/[^/]+\/.|tag:.|urn:.)/iu
/** Longer ones would not fit into an index. */
const maxLength = 300

export function ownId(id: string, stream: string): string {
  const clean = withoutTracking(id)
  const scoped = worldwide.test(clean) ? clean : `${stream}:${clean}`
  return scoped.length <= maxLength ? scoped : contentId(scoped)
}
