/** `listen`: one session after the other, and what `send` and `download` may use of the one that stands. */
import type { Account } from '#channel/adapter.ts'
import { ReadError } from '#channel/errors.ts'
import type { InboundEvent } from '#channel/events.ts'
import type { Tools } from '#channel/tools.ts'
import { createInbox } from './inbox.ts'
import { type MakePuppet, type Session, type SessionOptions, startSession } from './session.ts'
import type { Settings } from './settings.ts'
import { readSnapshot } from './snapshot.ts'
import { type Board, createBoard } from './standing.ts'
import { takeTurn } from './turn.ts'
import { aborted, sleep } from './wait.ts'

export interface Listener {
  readonly board: Board
  listen(deliver: (events: readonly InboundEvent[]) => Promise<void>, signal: AbortSignal): Promise<void>
  /** The session that stands on this server; null: none. */
  session(): Session | null
  /** The same; waits a little for one that is being started, and for its sign-in. */
  ready(signal: AbortSignal): Promise<Session | null>
}

/** How long a send waits for a session that has just been asked for. Less than its time-out, which begins after it. */
const readyMs = 4000

/** A gateway takes a moment to notice that the last connection is gone, and says until then that its token is taken. */
async function start(options: SessionOptions): Promise<Session> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startSession(options)
    } catch (error) {
      if (!(error instanceof ReadError && error.reason === 'conflict') || tries === 3 || options.signal.aborted)
        throw error
    }
    await sleep(tries * 300, options.signal)
  }
}

export function createListener(account: Account<Settings>, tools: Tools, make: MakePuppet): Listener {
  const board = createBoard(tools)
  let session: Session | null = null
  let startedAt: number | null = null

  async function run(deliver: (events: readonly InboundEvent[]) => Promise<void>, signal: AbortSignal): Promise<void> {
    const reading = new AbortController()
    const inbox = createInbox({
      tools,
      deliver,
      // Messages may come before the start has ended.
      read: async (id, receivedAt) => {
        const up = await standing.catch(() => null)
        if (!up) return { unreadable: true, message: { id } }
        const { puppet, said, self } = up
        return await readSnapshot({ puppet, said, self: self(), signal: reading.signal }, id, receivedAt)
      },
      seen: (event) => {
        if (event.type === 'message' && event.message.media.length > 0) session?.files.keep(event.message.externalId)
      },
    })
    const standing = start({ account, tools, board, make, onMessage: (id) => inbox.push(id), signal })
    standing.catch(() => {})
    const up = await standing
    session = up
    try {
      await Promise.race([up.broken, aborted(signal)])
    } finally {
      await inbox.close()
      reading.abort()
      session = null
      await up.stop()
    }
  }

  return {
    board,
    async listen(deliver, signal) {
      startedAt ??= Date.now()
      const end = await takeTurn(account.id)
      try {
        if (signal.aborted) return
        startedAt = Date.now()
        await run(deliver, signal)
      } catch (error) {
        if (signal.aborted) return
        const reason = error instanceof ReadError ? error.reason : 'later'
        const at = tools.now().getTime()
        if (reason === 'credentials') board.set({ phase: 'out', why: 'credentials', at })
        else board.set({ phase: 'away', ...(reason === 'conflict' ? { why: 'taken' as const } : {}), at })
        throw error
      } finally {
        startedAt = null
        await board.leave()
        end()
      }
    },
    session: () => session,
    async ready(signal) {
      const starting = () => !session || (session.user() === null && board.now()?.phase === 'starting')
      const coming = () => startedAt !== null && Date.now() < startedAt + readyMs && starting()
      while (coming() && !signal.aborted) await sleep(25, signal)
      return session
    },
  }
}
