/** The people of a demo, whatever channel they write on: each begins in turn, at a human pace, and answers until it is settled. */
import { createReactions, type Manner } from './demo.ts'

export interface CrowdOptions {
  /** Ends it. */
  readonly signal: AbortSignal
  /** About the time between two things that happen. */
  readonly paceMs: number
}

/** Lets something happen some paces from now; never after the end. */
export type Later = (paces: number, act: () => void) => void

/** Now, if it has ended already. */
export function whenOver(signal: AbortSignal, end: () => void): void {
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
}

export function createPace({ signal, paceMs }: CrowdOptions): Later {
  const timers = new Set<NodeJS.Timeout>()
  whenOver(signal, () => {
    for (const timer of timers) clearTimeout(timer)
  })
  return (paces, act) => {
    if (signal.aborted) return
    // People are not metronomes.
    const ms = paces * paceMs * (0.6 + Math.random() * 0.8)
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, ms)
    timers.add(timer)
  }
}

export interface CustomerOptions<Act> {
  readonly opening: readonly Act[]
  /** What follows on the first answer, the second, and so on. */
  readonly answers: readonly (readonly Act[])[]
  readonly manner: Manner
  readonly later: Later
  /** One thing they do; a promise: until it has arrived. */
  does(act: Act): unknown
  /** What they answer to what is said by itself. */
  says(text: string): unknown
}

export interface DemoCustomer {
  begins(): void
  /** Whether a person wrote it: what is said by itself is answered as such. */
  hears(text: string): boolean
}

export function createCustomer<Act>(options: CustomerOptions<Act>): DemoCustomer {
  const { later } = options
  const answers = [...options.answers]
  const react = createReactions(options.manner)
  let busy = true
  let heard = false

  /** One after the other, with time to type in between; then for what was heard meanwhile. */
  function perform([first, ...rest]: readonly Act[]): void {
    if (first !== undefined) {
      const goesOn = () => later(1, () => perform(rest))
      const arriving = options.does(first)
      if (arriving instanceof Promise) void arriving.then(goesOn)
      else goesOn()
      return
    }
    busy = false
    if (heard) answer()
  }

  function answer(): void {
    const next = answers.shift()
    if (!next) return
    busy = true
    later(2, () => {
      // An answer in several parts is one answer.
      heard = false
      perform(next)
    })
  }

  return {
    begins: () => perform(options.opening),
    hears(text) {
      const reaction = react(text)
      if (reaction) {
        const { says } = reaction
        if (says !== null) later(2, () => void options.says(says))
        return false
      }
      heard = true
      if (!busy) answer()
      return true
    },
  }
}
