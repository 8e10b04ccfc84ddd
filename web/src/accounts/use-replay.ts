/** Reads again what could not be read, piece by piece, so that one sees how far it is and can stop. */
import { useRef, useState } from 'react'
import { request } from '../api/request.ts'
import type { Replayed } from '../api/wire.ts'

export interface ReplayState {
  readonly done: number
  readonly replayed: number
  readonly failed: number
  readonly isRunning: boolean
}

export function useReplay(accountId: string, onPiece: () => void, onError: (error: unknown) => void) {
  const [state, setState] = useState<ReplayState | null>(null)
  const stopped = useRef(false)

  const ask = (body: { ids?: readonly string[]; after?: string; limit?: number }) =>
    request<Replayed>(`/api/accounts/${accountId}/unread/replay`, { method: 'POST', body, timeoutMs: 60_000 })

  async function run(ids: readonly string[] | null) {
    stopped.current = false
    let sum: ReplayState = { done: 0, replayed: 0, failed: 0, isRunning: true }
    setState(sum)
    try {
      let after: string | null = null
      do {
        const piece: Replayed = await ask(ids ? { ids } : after ? { after, limit: 10 } : { limit: 10 })
        sum = {
          done: sum.done + piece.replayed + piece.failed,
          replayed: sum.replayed + piece.replayed,
          failed: sum.failed + piece.failed,
          isRunning: true,
        }
        setState(sum)
        onPiece()
        after = piece.next
      } while (after !== null && !ids && !stopped.current)
    } catch (error) {
      onError(error)
    }
    setState({ ...sum, isRunning: false })
    onPiece()
  }
  return {
    state,
    run: (ids: readonly string[] | null) => void run(ids),
    stop: () => {
      stopped.current = true
    },
  }
}
