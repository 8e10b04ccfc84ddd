/** What Telegram makes of a text, and when it refuses one. */
import { bad } from './refusal.ts'

const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' }

/** The text as the customer sees it. Limits count after entity parsing, in UTF-16 units. */
export function shownText(given: string, parseMode: string | undefined, max: number, tooLong: string): string {
  if (Buffer.byteLength(given) > 32_768) throw bad('text is too long')
  const parsed = parse(given, (parseMode ?? '').toLowerCase()).trim()
  if (parsed.length > max) throw bad(tooLong)
  return parsed
}

function parse(text: string, mode: string): string {
  if (mode === '' || mode === 'none') return text
  if (mode === 'html') {
    if (/<(?![a-z/])/iu.test(text)) throw bad("can't parse entities: unsupported start tag")
    return text
      .replace(/<\/?[a-z][^>]*>/giu, '')
      .replace(/&(?:lt|gt|amp|quot);/gu, (entity) => entities[entity] ?? entity)
  }
  if (mode === 'markdown' || mode === 'markdownv2') return text.replace(/[*_`~|]/gu, '')
  throw bad('unsupported parse_mode')
}
