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

/** The same as writing `/` where the caret stands. */
export function openQuick(): void {
  const field = document.getElementById(composerFieldId)
  if (!(field instanceof HTMLTextAreaElement) || field.readOnly) return
  field.focus()
  const before = field.value.slice(0, field.selectionStart)
  document.execCommand('insertText', false, before === '' || /\s$/u.test(before) ? '/' : ' /')
}
