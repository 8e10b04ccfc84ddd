/** The demo's customers: each begins in turn, at a human pace, and answers what the agent answers, until it is settled. */
import { type Act, type Part, people } from './crowd/people.ts'
import type { Customer, TelegramSimulator } from './simulator.ts'

export interface CrowdOptions {
  readonly token: string
  /** Ends it. */
  readonly signal: AbortSignal
  /** About the time between two things that happen. */
  readonly paceMs: number
}

/** Some way up the range in which Telegram gives ids to people today. */
const firstId = 5_550_000_100

export function startCrowd(simulator: TelegramSimulator, { token, signal, paceMs }: CrowdOptions): void {
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

  const actors = people.map((part, index) => {
    const person = { id: firstId + index, first_name: part.name, language_code: part.language }
    const named = part.username ? { ...person, username: part.username } : person
    return createActor(part, simulator.customer(token, named), later)
  })
  const byChat = new Map(actors.map((actor) => [actor.chatId, actor]))
  const stop = simulator.onAccepted(({ method, chatId }) => {
    if (method.startsWith('send') && method !== 'sendChatAction') byChat.get(chatId ?? '')?.hears()
  })
  for (const [index, actor] of actors.entries()) later(index * 2, actor.begins)

  const end = () => {
    stop()
    for (const timer of timers) clearTimeout(timer)
  }
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
}

function createActor(part: Part, customer: Customer, later: (paces: number, act: () => void) => void) {
  const answers = [...part.answers]
  let lastMessage = 0
  let busy = true
  let heard = false

  function act(what: Act): void {
    if ('says' in what) lastMessage = customer.says(what.says).messageId
    else if ('photo' in what) lastMessage = customer.sendsPhoto(undefined, what.photo).messageId
    else if ('edits' in what) customer.edits(lastMessage, what.edits)
    else if ('blocks' in what) customer.blocks()
    else customer.sendsAlbum(what.album.map((caption) => (caption === null ? {} : { caption })))
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
    chatId: String(customer.chat.id),
    begins: () => perform(part.opening),
    hears() {
      heard = true
      if (!busy) answer()
    },
  }
}
