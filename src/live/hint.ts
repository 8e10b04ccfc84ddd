/**
 * Tells every node that there is something new to read. A hint only: readers also look each second, so a hint that is
 * lost, or a connection that is dead, makes things slower and nothing else.
 *
 * NOTIFY inside the transaction that writes would take a global lock at its commit (measured: 8,462 → 1,906 commits/s).
 * So it is sent after the commit, on a connection of its own, at most every 50 ms.
 */
import type { FastifyBaseLogger } from 'fastify'
import type Postgres from 'postgres'
import type { Sql } from '../db/client.ts'
import { postgres } from '../db/driver.ts'

export interface Hint {
  /** Call it after a commit, as often as you like. */
  nudge(): void
  /** Calls `fn` on every hint of any node, this one included. Returns how to stop that. */
  listen(fn: () => void): () => void
  /**
   * A short word to every node, this one included; lost where nobody listens at that moment. For what is old in seconds
   * anyhow: somebody is typing. At most 4,000 bytes.
   */
  tell(word: string): void
  /** Calls `fn` with every word told by any node. Returns how to stop that. */
  hear(fn: (word: string) => void): () => void
  close(): Promise<void>
}

export interface HintOptions {
  /** As `openDatabase` takes it. */
  readonly target: string | object
  readonly log: Pick<FastifyBaseLogger, 'warn' | 'info'>
  /** At most one in this time. Default 50. */
  readonly spacingMs?: number
}

const channel = 'huixin'
/** A notify without an answer for so long: the connection is dead without knowing it. */
const deafAfterMs = 5_000
const reopenAfterMs = { first: 250, most: 10_000 }

/** PostgreSQL takes 8,000. */
const longestWord = 4_000
/** On their way at once; more are not worth waiting for. */
const mostWords = 100

type Hooks = Postgres.Options<never> & { onclose(): void; onnotify(channel: string, word: string): void }

export function createHint({ target, log, spacingMs = 50 }: HintOptions): Hint {
  const listeners = new Set<() => void>()
  const hearers = new Set<(word: string) => void>()
  let words = 0
  let connection: Sql | null = null
  let closed = false
  let failures = 0
  let reopening: NodeJS.Timeout | undefined
  let spacing: NodeJS.Timeout | undefined
  let wanted = false
  let speaking = false

  const tell = () => {
    for (const listener of listeners) listener()
  }
  const repeat = (word: string) => {
    for (const hearer of hearers) hearer(word)
  }

  /** One connection that listens and speaks; when it breaks it is made anew, with the LISTEN it would have forgotten. */
  function open(): void {
    reopening = undefined
    const mine: Hooks = {
      ...(typeof target === 'string' ? {} : target),
      max: 1,
      connect_timeout: 5,
      idle_timeout: 0,
      max_lifetime: null,
      fetch_types: false,
      onnotice: () => {},
      connection: { application_name: 'huixin hint' },
      onnotify: (_channel, word) => (word === '' ? tell() : repeat(word)),
      onclose: () => lose(opened),
    }
    const opened = (typeof target === 'string' ? postgres(target, mine) : postgres(mine)) as Sql
    connection = opened
    opened.unsafe(`listen ${channel}`).then(
      () => {
        if (failures > 0) log.info({ failures }, 'hints between nodes arrive again')
        failures = 0
        // What was told while nobody listened.
        tell()
      },
      () => lose(opened),
    )
  }

  function lose(lost: Sql): void {
    if (connection !== lost) return
    connection = null
    lost.end({ timeout: 0 }).catch(() => {})
    if (closed) return
    if (failures === 0)
      log.warn({}, 'hints between nodes are lost; changes show up to a second later until they are back')
    failures += 1
    const wait = Math.min(reopenAfterMs.first * 2 ** (failures - 1), reopenAfterMs.most)
    reopening = setTimeout(open, wait * (0.5 + Math.random() / 2))
  }

  async function speak(): Promise<void> {
    const through = connection
    // The readers of this node need no database to be told.
    if (!through) return tell()
    const deaf = setTimeout(() => lose(through), deafAfterMs)
    try {
      await through.unsafe(`notify ${channel}`)
    } catch {
      tell()
      lose(through)
    } finally {
      clearTimeout(deaf)
    }
  }

  /** At once when the last one is long enough ago, else when the time has come. */
  function next(): void {
    if (!wanted || speaking || spacing || closed) return
    wanted = false
    speaking = true
    spacing = setTimeout(() => {
      spacing = undefined
      next()
    }, spacingMs)
    void speak().finally(() => {
      speaking = false
      next()
    })
  }

  async function say(word: string): Promise<void> {
    const through = connection
    words += 1
    try {
      if (through) await through`select pg_notify(${channel}, ${word})`
      else repeat(word)
    } catch {
      // Whoever listens on this node needs no database to hear it; that the connection is lost is found out by itself.
      repeat(word)
    } finally {
      words -= 1
    }
  }

  open()
  return {
    nudge() {
      wanted = true
      next()
    },
    listen(fn) {
      listeners.add(fn)
      return () => void listeners.delete(fn)
    },
    tell(word) {
      if (word === '' || Buffer.byteLength(word) > longestWord) throw new Error('a word has 1 to 4,000 bytes')
      if (!closed && words < mostWords) void say(word)
    },
    hear(fn) {
      hearers.add(fn)
      return () => void hearers.delete(fn)
    },
    async close() {
      closed = true
      clearTimeout(reopening)
      clearTimeout(spacing)
      listeners.clear()
      hearers.clear()
      const last = connection
      connection = null
      await last?.end({ timeout: 1 })
    },
  }
}
