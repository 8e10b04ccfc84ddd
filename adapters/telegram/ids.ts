/** How Telegram's places are written as ids: messages `<chat>:<message>`, threads as below. One grammar, both ways. */

/**
 * Where a message stands and an answer goes.
 * - private chat: `<chat>`
 * - group: `<chat>/<author>`; forum topic, also in a private chat: `<chat>/t<topic>/<author>`
 * - post of a channel: `<chat>/p<message>`, as an album `<chat>/a<album>`
 * - comment under the copy of a post in the discussion group: `<group>/c<copy>/<author>`
 * - direct messages of a channel: `<chat>/d<topic>`
 * - private chat of a connected business account: `<connection>/b/<chat>`, another chat than the bot's own with that person
 *
 * In a group that can become a supergroup every id begins with its root, the chat: a `moved` event rewrites both.
 */
export interface Place {
  readonly chatId: string
  /** A real forum topic. General (id 1) is none: naming it is refused with `message thread not found`. */
  readonly topicId: string | null
  readonly directTopicId: string | null
  readonly businessId: string | null
  /** The copy of a channel's post under which somebody comments. */
  readonly copyId: string | null
  /** `p<message>` or `a<album>`. */
  readonly post: string | null
}

const nowhere = { topicId: null, directTopicId: null, businessId: null, copyId: null, post: null }

export function placeIn(chatId: string, more: Partial<Place> = {}): Place {
  return { ...nowhere, chatId, ...more }
}

export function threadIdOf(place: Place, authorId: string | null): string {
  const { chatId, topicId, directTopicId, businessId, copyId, post } = place
  if (businessId !== null) return `${businessId}/b/${chatId}`
  if (directTopicId !== null) return `${chatId}/d${directTopicId}`
  if (post !== null) return `${chatId}/${post}`
  const within = topicId !== null ? `t${topicId}` : copyId !== null ? `c${copyId}` : null
  return [chatId, within, authorId].filter((part) => part !== null).join('/')
}

/** Null when it is no thread id of ours. */
export function placeOf(threadId: string): Place | null {
  const business = /^(.+)\/b\/(-?\d+)$/u.exec(threadId)
  if (business) return placeIn(business[2]!, { businessId: business[1]! })
  const post = /^(-?\d+)\/([pa]\d+)$/u.exec(threadId)
  if (post) return placeIn(post[1]!, { post: post[2]! })
  const own = /^(-?\d+)(?:\/d(\d+)|(?:\/t(\d+)|\/c(\d+))?(?:\/-?\d+)?)$/u.exec(threadId)
  if (!own) return null
  return placeIn(own[1]!, { directTopicId: own[2] ?? null, topicId: own[3] ?? null, copyId: own[4] ?? null })
}

export function messageIdOf(place: Pick<Place, 'chatId' | 'businessId'>, messageId: number): string {
  const id = `${place.chatId}:${messageId}`
  return place.businessId === null ? id : `${place.businessId}:${id}`
}

/** The message's own number, when it stands in this chat; a number of another chat names another message. */
export function messageNumberOf(externalId: string, place: Place): number | null {
  const prefix = messageIdOf(place, 0).slice(0, -1)
  const rest = externalId.startsWith(prefix) ? externalId.slice(prefix.length) : ''
  return /^\d{1,15}$/u.test(rest) ? Number(rest) : null
}
