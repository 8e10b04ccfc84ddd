/** The demo's customers: each begins in turn, at a human pace, and answers what the agent answers, until it is settled. */
import { createReactions } from '#channel/demo.ts'
import { channel, forum } from './crowd/gatherings.ts'
import { type Act, type Part, people } from './crowd/people.ts'
import { commenter, inGroup, inPrivate, type Voice } from './crowd/voices.ts'
import type { LedgerEntry, Person, TelegramSimulator } from './simulator.ts'

export interface CrowdOptions {
  readonly token: string
  /** Ends it. */
  readonly signal: AbortSignal
  /** About the time between two things that happen. */
  readonly paceMs: number
}

/** Some way up the range in which Telegram gives ids to people today. */
const firstId = 5_550_000_100

type Later = (paces: number, act: () => void) => void

export function startCrowd(simulator: TelegramSimulator, { token, signal, paceMs }: CrowdOptions): void {
  const timers = new Set<NodeJS.Timeout>()
  const later: Later = (paces, act) => {
    // People are not metronomes.
    const ms = paces * paceMs * (0.6 + Math.random() * 0.8)
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, ms)
    timers.add(timer)
  }

  let lastId = firstId - 1
  const personOf = ({ name, username, language }: Part): Person => {
    lastId += 1
    return { id: lastId, first_name: name, language_code: language, ...(username ? { username } : {}) }
  }
  const actors: Actor[] = []
  const enters = (part: Part, voice: Voice, paces: number) => {
    const actor = createActor(part, voice, later)
    actors.push(actor)
    later(paces, actor.begins)
  }

  for (const [index, part] of people.entries()) {
    enters(part, inPrivate(simulator.customer(token, personOf(part))), index * 2)
  }
  gather(simulator, token, personOf, enters, later)

  const stop = simulator.onAccepted((entry) => {
    if (!entry.method.startsWith('send') || entry.method === 'sendChatAction') return
    for (const actor of actors) actor.hears(entry)
  })
  const end = () => {
    stop()
    for (const timer of timers) clearTimeout(timer)
  }
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
}

/** In between the others: a forum's topics, its general one, and the comments under a channel's posts. */
function gather(
  simulator: TelegramSimulator,
  token: string,
  personOf: (part: Part) => Person,
  enters: (part: Part, voice: Voice, paces: number) => void,
  later: Later,
): void {
  const group = simulator.group(token, forum.chat)
  let paces = 3
  const next = () => {
    paces += 3
    return paces
  }
  for (const { name, parts } of forum.topics) {
    const topic = group.opensTopic({ id: firstId - 1, first_name: '群主' }, name)
    for (const part of parts) enters(part, inGroup(group, personOf(part), topic), next())
  }
  for (const part of forum.general) enters(part, inGroup(group, personOf(part), null), next())

  const channelHere = simulator.channel(token, channel.chat, channel.discussion)
  for (const { text, parts } of channel.posts) {
    const commenting = parts.map((part) => ({ part, person: personOf(part) }))
    later(next(), () => {
      const { copy } = channelHere.posts(text)
      if (!copy) return
      for (const [index, { part, person }] of commenting.entries()) {
        enters(part, commenter(channelHere, person, copy.messageId), 2 + index * 3)
      }
    })
  }
}

interface Actor {
  begins(): void
  hears(entry: LedgerEntry): void
}

function createActor(part: Part, voice: Voice, later: Later): Actor {
  const react = createReactions(part)
  const answers = [...part.answers]
  let busy = true
  let heard = false

  /** One after the other, with time to type in between; then for what was heard meanwhile. */
  function perform([first, ...rest]: readonly Act[]): void {
    if (first) {
      voice.does(first)
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
    begins: () => perform(part.opening),
    hears(entry) {
      if (!voice.isMeant(entry)) return
      const reaction = react(entry.text ?? '')
      if (reaction) {
        const { says } = reaction
        if (says !== null) later(2, () => voice.does({ says }))
        return
      }
      heard = true
      if (!busy) answer()
    },
  }
}
