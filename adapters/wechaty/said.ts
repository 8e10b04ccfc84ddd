/**
 * What was said in rooms lately. Our own line comes back from a room without the customer it was said to (puppets drop the mentions),
 * so it is looked up here. Lost with the process: then the line belongs to nobody, and a person settles a reply in doubt.
 */
import type { Contact } from './types.ts'

export interface Said {
  add(roomId: string, what: string | { file: true }, to: Contact, at: number): void
  /** Once for each line said. */
  find(roomId: string, what: string | { file: true }, at: number): Contact | null
}

const keepMs = 10 * 60_000
const keepLines = 200

export function createSaid(): Said {
  let lines: { roomId: string; what: string | null; to: Contact; at: number }[] = []
  const textOf = (what: string | { file: true }) => (typeof what === 'string' ? what.trim() : null)
  return {
    add(roomId, what, to, at) {
      lines = [...lines.filter((line) => at - line.at < keepMs), { roomId, what: textOf(what), to, at }].slice(
        -keepLines,
      )
    },
    find(roomId, what, at) {
      const index = lines.findIndex(
        (line) => line.roomId === roomId && line.what === textOf(what) && Math.abs(at - line.at) < keepMs,
      )
      return index < 0 ? null : (lines.splice(index, 1)[0]?.to ?? null)
    },
  }
}
