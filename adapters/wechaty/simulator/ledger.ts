/** What the gateway took: what customers see. */
export interface Taken {
  readonly id: string
  readonly to: string
  readonly roomId: string | null
  readonly text: string
  readonly mentions: readonly string[]
  readonly file: { readonly name: string; readonly bytes: number } | null
}

export interface Ledger {
  readonly taken: readonly Taken[]
  add(taken: Taken): void
  onTaken(listener: (taken: Taken) => void): () => void
}

export function createLedger(): Ledger {
  const taken: Taken[] = []
  const listeners = new Set<(taken: Taken) => void>()
  return {
    taken,
    add(entry) {
      taken.push(entry)
      for (const listener of listeners) listener(entry)
    },
    onTaken(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** As WeChat shows it: the mention before the text is a link of its own. */
export function withoutMention(text: string): string {
  return text.replace(/^@[^\u2005]{1,200}\u2005/u, '')
}
