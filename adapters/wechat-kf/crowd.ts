/** The demo's customers: each begins in turn, at a human pace, and answers what the agent answers, until it is settled. */
import { createReactions } from '#channel/demo.ts'
import { type Act, type Part, people } from './crowd/people.ts'
import type { Actor, WeComSimulator } from './simulator.ts'

export interface CrowdOptions {
  /** Ends it. */
  readonly signal: AbortSignal
  /** About the time between two things that happen. */
  readonly paceMs: number
}

export function startCrowd(simulator: WeComSimulator, { signal, paceMs }: CrowdOptions): void {
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
  const actors = people.map((part, index) => createActor(part, simulator.customer(customerIdOf(index)), later))
  const byId = new Map(actors.map((actor) => [actor.id, actor]))
  const stop = simulator.onAccepted(({ customer, text }) => byId.get(customer)?.hears(text ?? ''))
  for (const [index, actor] of actors.entries()) later(index * 2, actor.begins)

  const end = () => {
    stop()
    for (const timer of timers) clearTimeout(timer)
  }
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
}

export const customerIdOf = (index: number): string =>
  `wmDemo${'0'.repeat(22)}${((index + 17) * 40_503).toString(36).padStart(4, '0').slice(-4)}`

async function perform(customer: Actor, act: Act): Promise<void> {
  if ('says' in act) await customer.says(act.says)
  else if ('enters' in act) await customer.enters(act.enters)
  else if ('picture' in act) await customer.sendsPicture()
  else if ('voice' in act) await customer.sendsVoice()
  else if ('video' in act) await customer.sendsVideo()
  else if ('file' in act) await customer.sendsFile(act.file.name, Buffer.from(act.file.text))
  else if ('place' in act)
    await customer.sendsPlace(act.place.latitude, act.place.longitude, act.place.name, act.place.address)
  else if ('link' in act) await customer.sendsLink(act.link.title, act.link.url)
  else if ('forwards' in act) await customer.sends('merged_msg', forwarded(act.forwards))
  else if ('presses' in act) await customer.presses('demo', act.presses)
  else await customer.recalls()
}

function forwarded({ title, lines }: Extract<Act, { forwards: unknown }>['forwards']) {
  const item = lines.map(({ who, text }) => ({
    msgtype: 'text',
    sender_name: who,
    msg_content: JSON.stringify({ msgtype: 'text', text: { content: text } }),
  }))
  return { title, item }
}

function createActor(part: Part, customer: Actor, later: (paces: number, act: () => void) => void) {
  const answers = [...part.answers]
  const react = createReactions(part)
  let busy = true
  let heard = false
  customer.isCalled(part.nickname)

  /** One after the other, each told to the server before the next; then for what was heard meanwhile. */
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
    id: customer.id,
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
