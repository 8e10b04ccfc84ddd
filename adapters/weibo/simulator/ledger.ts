/** What was accepted, and what was asked. */

export interface Accepted {
  readonly surface: 'direct' | 'public'
  readonly text: string
  /** Whom it answers. */
  readonly to: string
  readonly status: string | null
  readonly comment: string | null
  readonly id: string | null
}

export interface Call {
  readonly name: string
  readonly method: string
  readonly params: Readonly<Record<string, string>>
  /** The HTTP status, or how it failed. */
  outcome: number | string
}

export interface Ledger {
  readonly entries: readonly Accepted[]
  readonly calls: Call[]
  accept(entry: Accepted): void
  onAccepted(listener: (entry: Accepted) => void): () => void
  clear(): void
}

export function createLedger(): Ledger {
  const entries: Accepted[] = []
  const calls: Call[] = []
  const listeners = new Set<(entry: Accepted) => void>()
  return {
    entries,
    calls,
    accept(entry) {
      entries.push(entry)
      for (const listener of listeners) listener(entry)
    },
    onAccepted(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    clear() {
      entries.splice(0)
      calls.splice(0)
    },
  }
}
