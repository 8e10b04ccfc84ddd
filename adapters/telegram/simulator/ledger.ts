/** What Telegram did for its bots, and every call it was asked. */
import { createHash } from 'node:crypto'
import type { UploadedFile } from './body.ts'

export interface LedgerFile {
  readonly field: string
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** Something accepted: a message that stands in a chat now, an edit, a delete, an action. */
export interface LedgerEntry {
  readonly seq: number
  readonly at: string
  readonly botId: number
  readonly method: string
  readonly chatId: string | null
  /** As the customer sees it: text or caption. */
  readonly text: string | null
  readonly messageId: number | null
  readonly threadId: string | null
  readonly replyTo: number | null
  readonly files: readonly LedgerFile[]
  readonly params: Readonly<Record<string, string>>
}

export interface CallEntry {
  readonly seq: number
  readonly at: string
  readonly botId: number | null
  readonly method: string
  readonly chatId: string | null
  /** The text or caption asked for. */
  readonly text: string | null
  /** What was answered: a status, or how the connection ended; null while it runs. */
  outcome: number | 'silence' | 'reset' | 'cut' | 'garbage' | null
}

export interface Ledger {
  readonly entries: readonly LedgerEntry[]
  readonly calls: readonly CallEntry[]
  accept(entry: Omit<LedgerEntry, 'seq' | 'at'>): void
  call(entry: Omit<CallEntry, 'seq' | 'at' | 'outcome'>): CallEntry
  /** Told after each accepted entry; ends with the returned function. */
  onAccepted(listener: (entry: LedgerEntry) => void): () => void
  clear(): void
}

export function createLedger(): Ledger {
  const entries: LedgerEntry[] = []
  const calls: CallEntry[] = []
  const listeners = new Set<(entry: LedgerEntry) => void>()
  let seq = 0
  return {
    entries,
    calls,
    accept(given) {
      seq += 1
      const entry = { seq, at: new Date().toISOString(), ...given }
      entries.push(entry)
      for (const listener of listeners) listener(entry)
    },
    call(given) {
      const entry: CallEntry = { seq: calls.length + 1, at: new Date().toISOString(), ...given, outcome: null }
      calls.push(entry)
      return entry
    },
    onAccepted(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    clear() {
      entries.length = 0
      calls.length = 0
    },
  }
}

export function asLedgerFile({ field, name, bytes }: UploadedFile): LedgerFile {
  return { field, name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}
