/** What the palette finds by its words. Pure. */
export interface Entry {
  readonly id: string
  readonly words: string
}

/** Every word of the query is somewhere in it; those that begin with the query first. */
export function matching<T extends Entry>(entries: readonly T[], query: string): T[] {
  const wanted = fold(query.trim())
  if (wanted === '') return [...entries]
  const parts = wanted.split(/\s+/u)
  const found = entries.filter(({ words }) => parts.every((part) => fold(words).includes(part)))
  const begins = ({ words }: T) => (fold(words).startsWith(wanted) ? 0 : 1)
  return found.sort((a, b) => begins(a) - begins(b))
}

const fold = (text: string) => text.normalize('NFKC').toLowerCase()
