/** Text as the platforms count it, and cut without breaking a character. Pure; runs in the browser too. */
import type { TextUnit } from './capabilities.ts'
import { measureX } from './x-length.ts'

const encoder = new TextEncoder()

/** Length of `text` in the platform's unit. */
export function measure(text: string, unit: TextUnit): number {
  switch (unit) {
    case 'utf16':
      return text.length
    case 'code-points':
      return [...text].length
    case 'utf8-bytes':
      return encoder.encode(text).length
    case 'weibo-chars':
      return Math.ceil(sum(text, weightWeibo))
    case 'x-weighted':
      return measureX(text)
  }
}

/**
 * Weibo's own pages count UTF-16 units, two halves for each beyond Latin-1: so an emoji of two units is as long as two Han
 * characters. Latin-1 beyond ASCII is a half there, and a whole here, to be on the safe side.
 * `STK.core.str.bLength` of weibo.com, read 2026-11-24
 */
function weightWeibo(point: number): number {
  if (point < 0x80) return 0.5
  return point > 0xffff ? 2 : 1
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

function sum(text: string, weight: (point: number) => number): number {
  let total = 0
  for (const character of text) total += weight(character.codePointAt(0) ?? 0)
  return total
}

/**
 * Cuts `text` into parts of at most `max` units, at a blank line, a line end, a sentence end or a space where one stands
 * in the last half of a part, otherwise between two graphemes. Joining the parts loses only the white space cut at.
 */
export function split(text: string, max: number, unit: TextUnit): string[] {
  const parts: string[] = []
  let rest = text
  while (measure(rest, unit) > max) {
    const head = longestHead(rest, max, unit)
    const cut = goodCut(head)
    parts.push(rest.slice(0, cut).trimEnd())
    rest = rest.slice(cut).trimStart()
  }
  if (rest !== '' || parts.length === 0) parts.push(rest)
  return parts.filter((part, index) => part !== '' || (index === 0 && parts.length === 1))
}

function longestHead(text: string, max: number, unit: TextUnit): string {
  // Only the part that can possibly fit is segmented: no unit counts a UTF-16 unit below a half, but X's, for which a long
  // link or a family is as much as any.
  const candidate = unit === 'x-weighted' ? text : text.slice(0, max * 2 + 64)
  let head = ''
  let length = 0
  for (const { segment } of graphemes.segment(candidate)) {
    length += unit === 'weibo-chars' || unit === 'x-weighted' ? 0 : measure(segment, unit)
    const fits = unit === 'weibo-chars' || unit === 'x-weighted' ? measure(head + segment, unit) <= max : length <= max
    if (!fits) {
      // One grapheme longer than the limit (zalgo): cut between its code points.
      return head === '' ? cutByCodePoints(segment, max, unit) : head
    }
    head += segment
  }
  return head
}

function cutByCodePoints(segment: string, max: number, unit: TextUnit): string {
  let head = ''
  for (const character of segment) {
    if (head !== '' && measure(head + character, unit) > max) break
    head += character
  }
  return head
}

function goodCut(head: string): number {
  const half = head.length / 2
  for (const pattern of [/\n\s*\n/gu, /\n/gu, /[.!?。！？；…]+\s*/gu, /\s+/gu]) {
    let last = -1
    for (const match of head.matchAll(pattern)) last = match.index + match[0].length
    if (last > half) return last
  }
  return head.length
}

/** Text that every part of the house can store: NUL and lone surrogates become U+FFFD. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd')
}
