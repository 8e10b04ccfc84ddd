/**
 * How far the agent has seen a conversation: the newest version whose message was on the screen, at the end of the
 * thread, for a moment. A reply carries it, so that nobody answers past words they have not read.
 */
const seen = new Map<string, number>()

/** Long enough to have been noticed; a message that comes in the same blink as "send" has not been. */
export const noticedMs = 800

export function markSeen(ticketId: string, version: number): void {
  seen.set(ticketId, Math.max(version, seen.get(ticketId) ?? 0))
}

export function seenVersion(ticketId: string): number | undefined {
  return seen.get(ticketId)
}
