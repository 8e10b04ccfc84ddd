/** The demo's customers: each begins in turn, at a human pace, and answers what the agent answers, until it is settled. */
import { createReactions } from '#channel/demo.ts'
import { type Act, group, type Part, people } from './crowd/people.ts'
import { pictureOfScreen } from './crowd/picture.ts'
import type { Customer, WechatyGateway } from './simulator.ts'

export interface CrowdOptions {
  /** Ends it. */
  readonly signal: AbortSignal
  /** About the time between two things that happen. */
  readonly paceMs: number
}

export function startCrowd(gateway: WechatyGateway, { signal, paceMs }: CrowdOptions): void {
  const timers = new Set<NodeJS.Timeout>()
  const later = (paces: number, act: () => void) => {
    // People are not metronomes.
    const ms = paces * paceMs * (0.6 + Math.random() * 0.8)
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, ms)
    timers.add(timer)
  }

  const customers = people.map(({ name, weixin }) => gateway.customer({ name, ...(weixin ? { weixin } : {}) }))
  const room = gateway.room(group, customers)
  const actors = people.map((part, index) =>
    createActor(part, index, { gateway, customer: customers[index]!, room, later }),
  )
  const stop = gateway.onAccepted(({ to, roomId, mentions, text }) => {
    for (const actor of actors) if (actor.isMeant(to, roomId, mentions)) actor.hears(text)
  })
  // Whoever holds the phone scans the code first, as after any start.
  gateway.scan('https://login.weixin.qq.com/l/demo')
  later(4, () => {
    gateway.login()
    for (const [index, actor] of actors.entries()) later(1 + index * 2, actor.begins)
  })

  const end = () => {
    stop()
    for (const timer of timers) clearTimeout(timer)
  }
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
}

interface Stage {
  readonly gateway: WechatyGateway
  readonly customer: Customer
  readonly room: string
  readonly later: (paces: number, act: () => void) => void
}

function createActor(part: Part, index: number, { gateway, customer, room, later }: Stage) {
  const answers = [...part.answers]
  const react = createReactions({ language: 'zh' })
  const where = part.inGroup ? room : undefined
  let lastMessage = ''
  let busy = true
  let heard = false

  function act(what: Act): void {
    if ('says' in what) lastMessage = customer.says(what.says, where)
    else if ('photo' in what) customer.sends({ name: `IMG_${index}.png`, bytes: pictureOfScreen(index) }, where)
    else if ('file' in what)
      customer.sends({ name: what.file, bytes: Buffer.from(`%PDF-1.4\n% ${what.file}\n%%EOF\n`) }, where)
    else if ('recalls' in what) customer.recalls(lastMessage, where)
    else {
      const location = { accuracy: 15, address: what.place, latitude: 39.9951, longitude: 116.3341, name: what.place }
      gateway.arrives({ talkerId: customer.id, listenerId: gateway.account, type: 8, text: '' }, { location })
    }
  }

  /** One after the other, with time to type in between; then for what was heard meanwhile. */
  function perform([first, ...rest]: readonly Act[]): void {
    if (first) {
      act(first)
      later(1, () => perform(rest))
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
    isMeant: (to: string, roomId: string | null, mentions: readonly string[]) =>
      part.inGroup ? roomId === room && mentions.includes(customer.id) : to === customer.id,
    begins: () => perform(part.opening),
    hears(text: string) {
      const reaction = react(text)
      if (reaction) {
        const { says } = reaction
        if (says !== null) later(2, () => act({ says }))
        return
      }
      heard = true
      if (!busy) answer()
    },
  }
}
