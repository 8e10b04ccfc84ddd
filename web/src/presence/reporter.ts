/**
 * Tells the server which ticket this page shows and whether something is being written there. A report that fails is made
 * good by the next one; without any, the page counts as closed after 25 seconds.
 */
import type { Presence, PresencePut } from '../api/wire.ts'

export type Report = Required<PresencePut>

export interface Reporter {
  /** The page shows this ticket now; null: none. */
  show(ticketId: string | null): void
  /** A key was pressed there: in a reply, or in a note. */
  writes(ticketId: string, mode: 'reply' | 'note'): void
  /** The reply was sent or taken away. */
  ends(ticketId: string): void
  takeOver(ticketId: string): Promise<void>
  /** The page is looked at again. */
  again(): void
  /** The page goes away. */
  leave(): void
}

export interface ReporterOptions {
  readonly send: (report: Report, leaves: boolean) => Promise<readonly Presence[]>
  readonly onPeople: (ticketId: string, people: readonly Presence[]) => void
  /** A page nobody looks at goes silent. */
  readonly isVisible: () => boolean
}

const everyMs = 8_000
/** So long after the last key somebody counts as typing. */
const typingMs = 4_000

export function createReporter({ send, onPeople, isVisible }: ReporterOptions): Reporter {
  let ticketId: string | null = null
  let [typing, answers, sequence] = [false, false, 0]
  let beat: ReturnType<typeof setInterval> | undefined
  let soon: ReturnType<typeof setTimeout> | undefined
  let quiet: ReturnType<typeof setTimeout> | undefined
  let told: string | null = null

  async function report({ takeOver = false, leaves = false } = {}): Promise<void> {
    clearTimeout(soon)
    soon = undefined
    const of = ticketId
    if (of === null && told === null) return
    told = of
    sequence += 1
    const mine = sequence
    const people = await send({ ticketId: of, typing, answers, takeOver, sequence }, leaves)
    // An older answer knows less than what came meanwhile.
    if (of !== null && mine === sequence) onPeople(of, people)
  }
  // The next report makes it good.
  const tell = () => void report().catch(() => {})
  /** From one ticket to the next is one report, not two. */
  const tellSoon = () => {
    soon ??= setTimeout(tell, 0)
  }
  const isQuiet = () => {
    clearTimeout(quiet)
    typing = false
  }

  return {
    show(next) {
      if (next === ticketId) return
      ticketId = next
      answers = false
      isQuiet()
      clearInterval(beat)
      if (next !== null) beat = setInterval(() => isVisible() && tell(), everyMs)
      tellSoon()
    },
    writes(id, mode) {
      if (id !== ticketId) return
      const isNews = !typing || (mode === 'reply' && !answers)
      typing = true
      if (mode === 'reply') answers = true
      clearTimeout(quiet)
      quiet = setTimeout(() => {
        typing = false
        tell()
      }, typingMs)
      if (isNews) tell()
    },
    ends(id) {
      if (id !== ticketId || !(answers || typing)) return
      answers = false
      isQuiet()
      tell()
    },
    async takeOver(id) {
      if (id !== ticketId) return
      answers = true
      await report({ takeOver: true })
    },
    again() {
      if (ticketId !== null) tell()
    },
    leave() {
      clearInterval(beat)
      ticketId = null
      answers = false
      isQuiet()
      report({ leaves: true }).catch(() => {})
    },
  }
}
