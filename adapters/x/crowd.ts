/** The demo's customers: each begins in turn, at a human pace, and answers what the agent answers, where it was answered. */
import { type Act, announcement, type Part, people } from './crowd/people.ts'
import { type Customer, drawPicture, type LedgerEntry, type XSimulator } from './simulator.ts'

export interface CrowdOptions {
  /** Ends it. */
  readonly signal: AbortSignal
  /** About the time between two things that happen. */
  readonly paceMs: number
}

type Later = (paces: number, act: () => void) => void

/** Some way up the range in which X gives ids to people today. */
const firstId = 1_850_000_000_000_000_100n

export function startCrowd(simulator: XSimulator, { signal, paceMs }: CrowdOptions): void {
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

  const announced = simulator.ownerPosts(announcement).id
  const firstPosts = new Map<string, string>()
  const actors = people.map((part, index) => {
    const { username, name } = part
    const customer = simulator.customer({
      id: String(firstId + BigInt(index)),
      username,
      name,
      followers: 40 + index * 317,
    })
    return createActor(part, customer, { later, announced, firstPosts, seed: index })
  })
  const byPerson = new Map(actors.map((actor) => [actor.personId, actor]))
  const stop = simulator.onAccepted((entry) => byPerson.get(entry.to)?.hears(entry))
  for (const [index, actor] of actors.entries()) later(index * 2, actor.begins)

  const end = () => {
    stop()
    for (const timer of timers) clearTimeout(timer)
  }
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
}

interface Stage {
  readonly later: Later
  readonly announced: string
  /** By name: what others can join. */
  readonly firstPosts: Map<string, string>
  readonly seed: number
}

function createActor(
  { username, opening, answers }: Part,
  customer: Customer,
  { later, announced, firstPosts, seed }: Stage,
) {
  const left = [...answers]
  let lastPost = ''
  let busy = true
  let heard: LedgerEntry | null = null

  function act(what: Act): void {
    if ('writes' in what) return void customer.writes(what.writes, what.photo ? drawPicture(seed) : undefined)
    if ('posts' in what) {
      const photos = Array.from({ length: what.photos ?? 0 }, (_, index) => drawPicture(seed + index))
      lastPost = customer.posts(what.posts, { photos }).id
    } else if ('edits' in what) lastPost = customer.edits(lastPost, what.edits).id
    else if ('quotes' in what) lastPost = customer.posts(what.quotes, { quotes: announced }).id
    else {
      const joined = firstPosts.get(what.joins)
      if (joined) lastPost = customer.posts(what.says, { replyTo: joined }).id
    }
    if (!firstPosts.has(username)) firstPosts.set(username, lastPost)
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
    const next = left.shift()
    if (!next) return
    busy = true
    later(2, () => {
      // An answer in several parts is one answer; the last part is answered.
      const to = heard
      heard = null
      const picture = next.photo ? drawPicture(seed + 40) : undefined
      if (to?.surface === 'direct') customer.writes(next.says, picture)
      else if (to) lastPost = customer.posts(next.says, { replyTo: to.id, photos: picture ? [picture] : [] }).id
      perform([])
    })
  }

  return {
    personId: customer.person.id,
    begins: () => perform(opening),
    hears(entry: LedgerEntry) {
      heard = entry
      if (!busy) answer()
    },
  }
}
