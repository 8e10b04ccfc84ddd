/** The demo's customers: each begins in turn, at a human pace, and answers what the agent answers, until it is settled. */
import { type CrowdOptions, createCustomer, createPace, type Later, whenOver } from '#channel/demo-crowd.ts'
import { channel, forum } from './crowd/gatherings.ts'
import { type Act, type Part, people } from './crowd/people.ts'
import { commenter, inGroup, inPrivate, type Voice } from './crowd/voices.ts'
import type { LedgerEntry, Person, TelegramSimulator } from './simulator.ts'

export interface TelegramCrowdOptions extends CrowdOptions {
  readonly token: string
}

/** Some way up the range in which Telegram gives ids to people today. */
const firstId = 5_550_000_100

export function startCrowd(simulator: TelegramSimulator, { token, ...options }: TelegramCrowdOptions): void {
  const later = createPace(options)

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
  whenOver(options.signal, stop)
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
  const customer = createCustomer<Act>({
    ...part,
    manner: part,
    later,
    does: (act) => voice.does(act),
    says: (says) => voice.does({ says }),
  })
  return {
    begins: customer.begins,
    hears(entry) {
      if (voice.isMeant(entry)) customer.hears(entry.text ?? '')
    },
  }
}
