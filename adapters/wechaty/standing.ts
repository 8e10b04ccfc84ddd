/** Whether the account is signed in: told to the administrator at once, and kept for whoever checks, on whichever server. */
import type { Health, Tools } from '#channel/tools.ts'
import { texts } from './texts.ts'

export interface Standing {
  /** `out`: signed out, or its token refused: replies wait. `away`: not connected at the moment. */
  readonly phase: 'starting' | 'in' | 'out' | 'away'
  readonly name?: string
  /** What the QR code to scan says. */
  readonly scan?: string
  /** Which text is shown. A key: what is stored is taken for a secret by the redaction, and sentences are none. */
  readonly why?: keyof typeof texts
  /** Milliseconds. */
  readonly at: number
}

const key = 'standing'
/** A code is good for some five minutes, and puppets bring the next one; an older one is not worth showing. An assumption: README. */
const codeGoodMs = 10 * 60_000

export interface Board {
  /** As this server knows it; null when it knows nothing. */
  now(): Standing | null
  /** Told and stored in order, the newest last. */
  set(standing: Standing): void
  /** Stores again what could not be stored. */
  refresh(): void
  /** Nothing more is known here; after what is being stored. */
  leave(): Promise<void>
}

export function createBoard(tools: Tools): Board {
  let current: Standing | null = null
  let stored: Standing | null = null
  let writing: Promise<void> | null = null

  async function write(): Promise<void> {
    while (current && stored !== current) {
      const next = current
      await tools.health(healthOf(next, tools.now()))
      try {
        await tools.state.set(key, JSON.stringify(next))
      } catch {
        tools.log.warn({}, 'wechaty: whether the account is signed in could not be stored; it is tried again')
        return
      }
      stored = next
    }
  }
  function refresh(): void {
    writing ??= write().finally(() => {
      writing = null
    })
  }

  return {
    now: () => current,
    set(standing) {
      current = standing
      refresh()
    },
    refresh,
    async leave() {
      await writing
      current = null
    },
  }
}

/** What is known, by whichever server knows it. */
export async function check(board: Board, tools: Tools): Promise<Health> {
  const standing = board.now() ?? standingIn(await tools.state.get(key))
  if (!standing) return { state: 'warning', text: texts.neverSeen }
  return healthOf(standing, tools.now())
}

export function healthOf({ phase, name, scan, why, at }: Standing, now: Date): Health {
  const named = name === undefined ? {} : { name }
  const text = why === undefined ? undefined : texts[why]
  if (phase === 'in') return { state: 'ok', ...named }
  if (phase !== 'out')
    return { state: 'warning', ...named, text: text ?? (phase === 'away' ? texts.away : texts.starting) }
  if (scan === undefined) return { state: 'refused', ...named, text: text ?? texts.noCode }
  if (now.getTime() - at > codeGoodMs) return { state: 'refused', ...named, text: texts.noCode }
  return { state: 'refused', ...named, scan, text: text ?? texts.signedOut }
}

function standingIn(stored: string | null): Standing | null {
  try {
    const standing = JSON.parse(stored ?? 'null') as Standing | null
    return typeof standing?.phase === 'string' ? standing : null
  } catch {
    return null
  }
}
