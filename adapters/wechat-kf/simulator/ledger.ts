/** What customers were shown, and every call that was made. */
export interface LedgerEntry {
  readonly seq: number
  readonly openKfId: string
  readonly customer: string
  readonly msgid: string
  readonly type: string
  readonly text: string | null
  readonly file: { readonly mediaId: string; readonly bytes: number } | null
}

export interface CallEntry {
  readonly path: string
  readonly method: string
  /** `errcode`, an HTTP status other than 200, or how the connection ended. */
  outcome: number | 'file' | 'silence' | 'reset' | 'cut' | 'garbage' | null
}

export interface Ledger {
  readonly entries: readonly LedgerEntry[]
  readonly calls: readonly CallEntry[]
  accept(entry: Omit<LedgerEntry, 'seq'>): void
  call(path: string, method: string): CallEntry
  /** Told after each accepted entry; ends with the returned function. */
  onAccepted(listener: (entry: LedgerEntry) => void): () => void
}

export function createLedger(): Ledger {
  const entries: LedgerEntry[] = []
  const calls: CallEntry[] = []
  const listeners = new Set<(entry: LedgerEntry) => void>()
  return {
    entries,
    calls,
    accept(given) {
      const entry = { seq: entries.length + 1, ...given }
      entries.push(entry)
      for (const listener of listeners) listener(entry)
    },
    call(path, method) {
      const entry: CallEntry = { path, method, outcome: null }
      calls.push(entry)
      return entry
    },
    onAccepted(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
