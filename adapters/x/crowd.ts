/** The demo's customers: each begins in turn, at a human pace, and answers what the agent answers, where it was answered. */
import { type CrowdOptions, createCustomer, createPace, type Later, whenOver } from '#channel/demo-crowd.ts'
import { type Act, type Answer, announcement, type Part, people } from './crowd/people.ts'
import { type Customer, drawPicture, type LedgerEntry, type XSimulator } from './simulator.ts'

/** Some way up the range in which X gives ids to people today. */
const firstId = 1_850_000_000_000_000_100n

export function startCrowd(simulator: XSimulator, options: CrowdOptions): void {
  const later = createPace(options)

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
  whenOver(options.signal, stop)
  for (const [index, actor] of actors.entries()) later(index * 2, actor.begins)
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
  let lastPost = ''
  let last: LedgerEntry | null = null

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

  /** Where the answer came. */
  function says({ says: text, photo }: Answer): void {
    const picture = photo ? drawPicture(seed + 40) : undefined
    if (last?.surface === 'direct') customer.writes(text, picture)
    else if (last) lastPost = customer.posts(text, { replyTo: last.id, photos: picture ? [picture] : [] }).id
  }

  const { begins, hears } = createCustomer<Act | Answer>({
    opening,
    answers: answers.map((answer) => [answer]),
    manner: { language: /\p{Script=Han}/u.test(JSON.stringify(opening)) ? 'zh' : 'en' },
    later,
    does: (what) => ('says' in what && !('joins' in what) ? says(what) : act(what)),
    says: (text) => customer.writes(text),
  })
  return {
    personId: customer.person.id,
    begins,
    hears(entry: LedgerEntry) {
      if (hears(entry.text ?? '')) last = entry
    },
  }
}
