/** How X's places are written as ids. Posts and direct messages are numbered apart, so the latter have a prefix. */

/** - public: `<conversation>/<author>`; direct: `<person>`; a group's: `group:<conversation>/<author>`. */
export type Place =
  | { readonly kind: 'post'; readonly conversationId: string }
  | { readonly kind: 'person'; readonly personId: string }
  | { readonly kind: 'group'; readonly conversationId: string }

export const postThread = (conversationId: string, authorId: string) => `${conversationId}/${authorId}`
export const groupThread = (conversationId: string, authorId: string) => `group:${conversationId}/${authorId}`
export const dmId = (eventId: string) => `dm:${eventId}`
export const chatId = (messageId: string) => `chat:${messageId}`

/** Null when it is no thread of ours. */
export function placeOf(threadId: string): Place | null {
  const parts = /^(group:)?(\d{1,20})(?:\/(?:\d{1,20}|unknown))?$/u.exec(threadId)
  if (!parts) return null
  const [whole, group, id = ''] = parts
  if (group) return { kind: 'group', conversationId: id }
  return whole.includes('/') ? { kind: 'post', conversationId: id } : { kind: 'person', personId: id }
}

export const isPostId = (id: string | null): id is string => id !== null && /^\d{1,20}$/u.test(id)

/** The other one of `<smaller>-<larger>` (and XChat's `<a>:<b>`); null for a group. */
export function otherIn(conversationId: string, own: string): string | null {
  const pair = /^(\d{1,20})[-:](\d{1,20})$/u.exec(conversationId)
  if (!pair) return null
  return pair[1] === own ? pair[2]! : pair[1]!
}

/** Ids of X since 2010 begin with milliseconds. https://docs.x.com/fundamentals/x-ids, read 2026-11-24 */
export function timeOfId(id: string): Date {
  return new Date(Number((BigInt(id) >> 22n) + 1_288_834_974_657n))
}
