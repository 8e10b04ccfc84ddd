/** Where one call puts a reply, and what the next one changes when Telegram's refusal says how to do it right. */
import type { ApiFailure } from './failure.ts'
import { messageNumberOf, type Place, threadIdOf } from './ids.ts'

export interface Attempt {
  readonly place: Place
  readonly replyTo: number | null
  /** Rather refused than without the message it answers. */
  readonly onlyThere: boolean
  /** The topic is gone for good: the conversation goes on beside it. */
  readonly leftTopic: boolean
  readonly moved: boolean
}

export function firstAttempt(place: Place, inReplyTo: string | null): Attempt {
  const answered = inReplyTo === null ? null : messageNumberOf(inReplyTo, place)
  return { place, ...answering(place, answered ?? opening(place)), leftTopic: false, moved: false }
}

/** Under a post one writes by answering it; else the comment would stand loose in the group. */
function opening({ copyId, post }: Place): number | null {
  if (copyId !== null) return Number(copyId)
  return post?.startsWith('p') ? Number(post.slice(1)) : null
}

function answering(place: Place, replyTo: number | null): Pick<Attempt, 'replyTo' | 'onlyThere'> {
  // Without the comment that was deleted, the answer still has its post.
  return { replyTo, onlyThere: place.copyId !== null && replyTo !== opening(place) }
}

/** Each of these can happen once, so that there is an end. Null: the refusal stands. */
export function amend(attempt: Attempt, { migrateToChatId, description }: ApiFailure): Attempt | null {
  const { place, replyTo } = attempt
  const text = description ?? ''
  if (migrateToChatId !== null) {
    if (attempt.moved) return null
    // The new chat counts its messages anew: the old number would quote a stranger.
    return { ...attempt, place: { ...place, chatId: migrateToChatId }, replyTo: null, onlyThere: false, moved: true }
  }
  if (place.topicId !== null && /thread not found|TOPIC_(CLOSED|DELETED|ID_INVALID)/iu.test(text)) {
    // A closed topic may be opened again; there the conversation stays where it was.
    return { ...attempt, place: { ...place, topicId: null }, leftTopic: !/TOPIC_CLOSED/u.test(text) }
  }
  if (replyTo !== null && /to be replied not found|REPLY_MESSAGE_ID_INVALID/iu.test(text)) {
    return { ...attempt, ...answering(place, replyTo === opening(place) ? null : opening(place)) }
  }
  return null
}

/** The thread's new id; null when it stays where it was. */
export function movedTo(threadId: string, from: Place, { place, leftTopic, moved }: Attempt): string | null {
  if (!moved && !leftTopic) return null
  const within = moved ? `${place.chatId}${threadId.slice(from.chatId.length)}` : threadId
  if (!leftTopic) return within
  // A private chat is named after the person.
  const author = place.chatId.startsWith('-') ? (within.split('/')[2] ?? null) : null
  return threadIdOf(place, author)
}
