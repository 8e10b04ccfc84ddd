/** One write at a time to a connection that stays open: nothing is queued for a client that does not read. */
import type { ServerResponse } from 'node:http'

/** Before the head is written. */
export function keepOpen(response: ServerResponse): void {
  response.socket?.setTimeout(0)
  response.socket?.setNoDelay(true)
  response.socket?.setKeepAlive(true, 30_000)
}

/** True when the socket took it in time; one that does not take it is cut off. */
export async function writeTo(
  response: ServerResponse,
  piece: string | Uint8Array,
  stallMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (signal.aborted || response.destroyed) return false
  if (response.write(piece)) return true
  return await new Promise((resolve) => {
    const done = (took: boolean) => {
      clearTimeout(timer)
      response.off('drain', onDrain)
      signal.removeEventListener('abort', onOver)
      resolve(took)
    }
    const onDrain = () => done(true)
    const onOver = () => done(false)
    const timer = setTimeout(() => {
      // What is unsent is thrown away with the socket; the client resumes after the last event it received.
      response.destroy()
      done(false)
    }, stallMs)
    response.once('drain', onDrain)
    signal.addEventListener('abort', onOver, { once: true })
  })
}
