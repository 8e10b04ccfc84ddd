/** The demo's posters: one after the other at a human pace, and some think better of what they wrote. */
import { type Complaint, complaints } from './crowd/posts.ts'
import type { SimulatedFeed } from './simulator.ts'

export interface CrowdOptions {
  /** Ends it. */
  readonly signal: AbortSignal
  /** About the time between two posts. */
  readonly paceMs: number
}

export function startCrowd(
  sites: Readonly<Record<Complaint['on'], SimulatedFeed>>,
  { signal, paceMs }: CrowdOptions,
): void {
  const timers = new Set<NodeJS.Timeout>()
  const later = (paces: number, act: () => void) => {
    // People are not metronomes.
    const timer = setTimeout(
      () => {
        timers.delete(timer)
        act()
      },
      paces * paceMs * (0.6 + Math.random() * 0.8),
    )
    timers.add(timer)
  }
  const write = ({ on, author, title, html, picture = false, recording = false, later: then }: Complaint) => {
    const enclosures = recording ? [{ url: '/recordings/1.wav', type: 'audio/wav', bytes: 364 }] : []
    const { id } = sites[on].post({ author, title, html, picture, enclosures })
    if (then !== undefined) later(4, () => sites[on].edit(id, then))
  }
  for (const [index, complaint] of complaints.entries()) later(index + 1, () => write(complaint))
  signal.addEventListener('abort', () => timers.forEach(clearTimeout), { once: true })
  if (signal.aborted) timers.forEach(clearTimeout)
}
