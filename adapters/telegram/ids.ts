/** How Telegram's places are written as ids: messages `<chat>:<message>`, threads as below. One grammar, both ways. */

/**
 * Where a message stands and an answer goes.
 * - private chat: `<chat>`
 * - group: `<chat>/<author>`; forum topic, also in a private chat: `<chat>/t<topic>/<author>`
 * - direct messages of a channel: `<chat>/d<topic>`
 * - private chat of a connected business account: `<connection>/b/<chat>`, another chat than the bot's own with that person
 */
export interface Place {
  readonly chatId: string
  /** A real forum topic. General (id 1) is none: naming it is refused with `message thread not found`. */
  readonly topicId: string | null
  readonly directTopicId: string | null
  readonly businessId: string | null
}

export function threadIdOf(place: Place, authorId: string | null): string {
  const { chatId, topicId, directTopicId, businessId } = place
  if (businessId !== null) return `${businessId}/b/${chatId}`
  if (directTopicId !== null) return `${chatId}/d${directTopicId}`
  return [chatId, topicId === null ? null : `t${topicId}`, authorId].filter((part) => part !== null).join('/')
}

/** Null when it is no thread id of ours. */
export function placeOf(threadId: string): Place | null {
  const business = /^(.+)\/b\/(-?\d+)$/u.exec(threadId)
  if (business) return { chatId: business[2]!, topicId: null, directTopicId: null, businessId: business[1]! }
  const own = /^(-?\d+)(?:\/d(\d+)|(?:\/t(\d+))?(?:\/-?\d+)?)$/u.exec(threadId)
  if (!own) return null
  return { chatId: own[1]!, topicId: own[3] ?? null, directTopicId: own[2] ?? null, businessId: null }
}

export function messageIdOf(place: Place, messageId: number): string {
  const id = `${place.chatId}:${messageId}`
  return place.businessId === null ? id : `${place.businessId}:${id}`
}

/** The message's own number, when it stands in this chat; a number of another chat names another message. */
export function messageNumberOf(externalId: string, place: Place): number | null {
  const prefix = messageIdOf(place, 0).slice(0, -1)
  const rest = externalId.startsWith(prefix) ? externalId.slice(prefix.length) : ''
  return /^\d{1,15}$/u.test(rest) ? Number(rest) : null
}
