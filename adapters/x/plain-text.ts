/** Text as people read it: links in full, what stands for a picture or a quoted post taken out, `&amp;` as `&`. */
import type { Entities } from './types.ts'

/** X escapes these three; the others are not its own, but cost nothing. */
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

export function decode(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/gu, (_, name: string) => named[name] ?? '')
}

/** Addresses that only stand for what is shown beside the text. */
const ownMedia =
  /^https?:\/\/(?:www\.)?(?:x|twitter)\.com\/(?:[^/]+\/status\/\d+\/(?:photo|video)\/\d+|messages\/media\/\d+)$/u

/** `quotedId`: the post shown as context. */
export function plainText(text: string, entities: Entities | undefined, quotedId: string | null = null): string {
  let plain = decode(text)
  // By what they are, not by where: positions count code points in some fields and UTF-16 units in others.
  for (const { url, expanded_url, media_key } of entities?.urls ?? []) {
    if (!/^https?:\/\/t\.co\/\w+$/u.test(url)) continue
    const full = expanded_url && /^https?:\/\//u.test(expanded_url) ? expanded_url : url
    const shownBeside = media_key !== undefined || ownMedia.test(full) || isPost(full, quotedId)
    plain = plain.replaceAll(new RegExp(`${url.replaceAll('.', '\\.')}(?!\\w)`, 'gu'), () => (shownBeside ? '' : full))
  }
  return plain.trim()
}

function isPost(address: string, id: string | null): boolean {
  return (
    id !== null &&
    new RegExp(`^https?://(?:www\\.)?(?:x|twitter)\\.com/[^/]+/status/${id}(?:[?#]|$)`, 'u').test(address)
  )
}
