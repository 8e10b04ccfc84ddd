/** The demo's customers: each begins in turn, at a human pace, and answers what the agent answers, until it is settled. */
import { createReactions } from '#channel/demo.ts'
import { type Act, type Part, people } from './crowd/people.ts'
import type { Customer, WeChatSimulator } from './simulator.ts'

export interface CrowdOptions {
  /** Ends it. */
  readonly signal: AbortSignal
  /** About the time between two things that happen. */
  readonly paceMs: number
}

export function startCrowd(simulator: WeChatSimulator, { signal, paceMs }: CrowdOptions): void {
  const timers = new Set<NodeJS.Timeout>()
  const later = (paces: number, act: () => void) => {
    if (signal.aborted) return
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
  const actors = people.map((part, index) => createActor(part, simulator.customer(openIdOf(index)), later))
  const byId = new Map(actors.map((actor) => [actor.openId, actor]))
  const stop = simulator.onAccepted(({ openId, text }) => byId.get(openId)?.hears(text ?? ''))
  for (const [index, actor] of actors.entries()) later(index * 2, actor.begins)

  const end = () => {
    stop()
    for (const timer of timers) clearTimeout(timer)
  }
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
}

/** 28 characters that begin with an o; the last ones are what the desk shows of a person. */
export const openIdOf = (index: number): string =>
  `oDemo${'0'.repeat(19)}${((index + 41) * 40_503).toString(36).padStart(4, '0').slice(-4)}`

async function perform(customer: Customer, act: Act): Promise<void> {
  if ('says' in act) await customer.says(act.says)
  else if ('picture' in act) await customer.sendsPicture()
  else if ('voice' in act) await customer.sendsVoice(act.voice ?? '')
  else if ('place' in act) await customer.sendsPlace(act.place.latitude, act.place.longitude, act.place.label)
  else if ('link' in act) await customer.sendsLink(act.link.title, act.link.url)
  else if ('sticker' in act) await customer.sendsSticker()
  else if ('video' in act) await customer.sendsVideo()
  else if ('follows' in act) await customer.follows(act.follows)
  else if ('clicks' in act) await customer.clicks(act.clicks)
  else await customer.unfollows()
}

function createActor(part: Part, customer: Customer, later: (paces: number, act: () => void) => void) {
  const answers = [...part.answers]
  const react = createReactions(part)
  let busy = true
  let heard = false

  /** One after the other, each taken by the server before the next; then for what was heard meanwhile. */
  function act([first, ...rest]: readonly Act[]): void {
    if (first) {
      void perform(customer, first).then(() => later(1, () => act(rest)))
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
      act(next)
    })
  }

  return {
    openId: customer.openId,
    begins: () => act(part.opening),
    hears(text: string) {
      const reaction = react(text)
      if (reaction) {
        const { says } = reaction
        if (says !== null) later(2, () => void customer.says(says))
        return
      }
      heard = true
      if (!busy) answer()
    },
  }
}
