const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** What stands for a name in a small circle: its first letter, Han character or emoji; `·` where there is none. */
export function initialOf(name: string): string {
  for (const { segment } of graphemes.segment(name)) {
    if (/\p{L}|\p{N}|\p{Extended_Pictographic}/u.test(segment)) return segment.toLocaleUpperCase().slice(0, 16)
  }
  return '·'
}
