/** Telegram's formatted texts as plain text: nothing a reader needs is lost, no markup stays. */
import type { Entity } from './types.ts'

/**
 * Only `text_link` hides something: its address is written behind the words. Offsets are UTF-16 units, which are
 * JavaScript's own. https://core.telegram.org/bots/api#messageentity, read 2026-11-22
 */
export function plainText(text: string, entities: readonly Entity[] | undefined): string {
  const links = (entities ?? [])
    .filter((entity) => entity.type === 'text_link' && entity.url)
    .map(({ offset, length, url = '' }) => ({ words: text.slice(offset, offset + length), end: offset + length, url }))
    .filter(({ words, end, url }) => words !== '' && end <= text.length && bare(words) !== bare(url))
    .sort((a, b) => a.end - b.end)
  let plain = ''
  let from = 0
  for (const { end, url } of links) {
    plain += `${text.slice(from, end)} (${url})`
    from = end
  }
  return plain + text.slice(from)
}

function bare(address: string): string {
  return address.replace(/^https?:\/\//iu, '').replace(/\/$/u, '')
}

/** Words of a rich message's blocks. https://core.telegram.org/bots/api#richmessage, read 2026-11-22 */
export function richText(blocks: readonly unknown[]): string {
  return blocks
    .map((block) => words(block, 0))
    .filter((line) => line !== '')
    .join('\n')
}

/** Deeper than any document a person writes. */
const maxDepth = 50

function words(node: unknown, depth: number): string {
  if (typeof node === 'string') return node
  if (node === null || typeof node !== 'object' || depth > maxDepth) return ''
  if (Array.isArray(node)) return node.map((part) => words(part, depth + 1)).join('')
  const lines: string[] = []
  for (const [key, value] of Object.entries(node)) {
    if (
      key === 'text' ||
      key === 'summary' ||
      key === 'caption' ||
      key === 'alternative_text' ||
      key === 'expression'
    ) {
      lines.push(words(value, depth + 1))
    } else if ((key === 'blocks' || key === 'items' || key === 'cells') && Array.isArray(value)) {
      lines.push(...value.map((part) => (Array.isArray(part) ? row(part, depth) : words(part, depth + 1))))
    }
  }
  return lines.filter((line) => line !== '').join('\n')
}

function row(cells: readonly unknown[], depth: number): string {
  return cells.map((cell) => words(cell, depth + 1)).join(' | ')
}
