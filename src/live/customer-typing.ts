/** "The customer is typing", from the node they are on to the desks of every node. Kept nowhere, and old in seconds. */
import type { Hint } from './hint.ts'

const mark = 'customer-typing'
const word = new RegExp(`^${mark} (?<brandId>[0-9a-f-]{36}) (?<ticketId>[0-9a-f-]{36})$`, 'u')

export function tellCustomerTyping(words: Pick<Hint, 'tell'>, brandId: string, ticketId: string): void {
  words.tell(`${mark} ${brandId} ${ticketId}`)
}

/** Calls `fn` with what a stream of these brands (null: all) writes. No id: whoever comes back has missed nothing. */
export function hearCustomerTyping(
  words: Pick<Hint, 'hear'>,
  brandIds: readonly string[] | null,
  fn: (frame: string) => void,
): () => void {
  return words.hear((heard) => {
    const { brandId, ticketId } = word.exec(heard)?.groups ?? {}
    if (!brandId || !ticketId || (brandIds !== null && !brandIds.includes(brandId))) return
    fn(`event: typing\ndata: ${JSON.stringify({ id: '', type: 'typing', ticketId, version: null })}\n\n`)
  })
}
