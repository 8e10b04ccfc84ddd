import type { InboundMessage } from '../channel/events.ts'

/**
 * One line for the queue. Where there are no words, the kind in brackets: `[photo]`, `[location]`; the desk shows it in
 * the agent's language.
 */
export function previewOf(message: {
  readonly text: string
  readonly media: readonly { readonly kind: string }[]
  readonly location: InboundMessage['location']
}): string {
  const words = message.text.replace(/\s+/gu, ' ').trim()
  if (words !== '') return [...words.slice(0, 400)].slice(0, 160).join('')
  if (message.media[0]) return `[${message.media[0].kind}]`
  return message.location ? '[location]' : ''
}
