/**
 * Ids. Posts and comments are numbered in one space as far as anybody can see, but nothing promises it: the first letter says
 * what it is. A private message has no id at all and gets one in `push.ts`.
 */

export const statusId = (id: string): string => `s:${id}`
export const commentId = (id: string): string => `c:${id}`

/** Root post and author. A private conversation is the sender's id alone. */
export const publicThread = (root: string, uid: string): string => `${root}/${uid}`

export interface Target {
  /** The post under which the answer goes. */
  readonly status: string
  /** The comment that is answered; null: the post itself. */
  readonly comment: string | null
}

/** Where an answer goes; null for what is no thread of ours. */
export function targetOf(threadId: string, inReplyTo: string | null): Target | null {
  const status = /^(\d{1,20})\/\d{1,20}$/u.exec(threadId)?.[1]
  if (!status) return null
  return { status, comment: /^c:(\d{1,20})$/u.exec(inReplyTo ?? '')?.[1] ?? null }
}

/** The person of a private conversation. */
export function personOf(threadId: string): string | null {
  return /^\d{1,20}$/u.test(threadId) ? threadId : null
}

interface Identified {
  readonly id?: string | undefined
  readonly idstr?: string | undefined
  readonly mid?: string | undefined
}

/** `mid` is another number than `id` in old comments: the last resort. */
export function idOf({ id, idstr, mid }: Identified): string | null {
  return idstr ?? id ?? mid ?? null
}
