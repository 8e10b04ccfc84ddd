/** Ways into the composer from elsewhere in the conversation. */
import { createComposition } from '../keyboard/composition.ts'
import { changeDraft, draftOf } from './draft-store.ts'

/** The field of the composer; there is one on the page at most. */
export const composerFieldId = 'composer-field'
export const composition = createComposition()

export function focusComposer(): void {
  // The mode may have just changed what is drawn.
  requestAnimationFrame(() => document.getElementById(composerFieldId)?.focus())
}

export function answerMessage(ticketId: string, messageId: string): void {
  changeDraft(ticketId, { inReplyTo: messageId, mode: 'reply' })
  focusComposer()
}

/** Takes up words again that were not sent. What stands in the field already stays, below. */
export function writeAgain(ticketId: string, text: string, inReplyTo: string | null): void {
  const { reply } = draftOf(ticketId)
  const joined = reply.trim() === '' || reply.includes(text) ? reply || text : `${text}\n\n${reply}`
  changeDraft(ticketId, { reply: joined, mode: 'reply', ...(inReplyTo ? { inReplyTo } : {}) })
  focusComposer()
}
