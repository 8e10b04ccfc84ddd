/**
 * The platform's own count of a post, written for itself and not from the house's: links 23, an emoji 2, light letters 1,
 * all others 2. Compared with X's library in `weight.test.ts`.
 */
const link =
  /(?<![A-Za-z0-9@$#])(?:https?:\/\/[^\s\p{Script=Han}，。（）！]+|(?:[a-z0-9-]+\.)+(?:com|org|net|cn|io|co)(?:\/(?:[\w./?=&%-]*\w)?)?)/giu
const emoji = /\p{RGI_Emoji}/gv

export function weightOf(text: string): number {
  let weight = 0
  const unlinked = text.normalize('NFC').replaceAll(link, () => {
    weight += 23
    return ''
  })
  const plain = unlinked.replaceAll(emoji, () => {
    weight += 2
    return ''
  })
  for (const letter of plain) {
    const point = letter.codePointAt(0) ?? 0
    const one =
      point < 4352 || (point > 8191 && point < 8206) || (point > 8207 && point < 8224) || (point > 8241 && point < 8248)
    weight += one ? 1 : 2
  }
  return weight
}
