/** The demo's customers: each begins in turn, at a human pace, and answers what the account answers, until it is settled. */
import { createReactions } from '#channel/demo.ts'
import { type Act, ourPosts, type Part, people } from './crowd/people.ts'
import type { Accepted, Customer, SimulatedAccount, WeiboSimulator } from './simulator.ts'

export interface CrowdOptions {
  /** Ends it. */
  readonly signal: AbortSignal
  /** About the time between two things that happen. */
  readonly paceMs: number
}

/** Some way up the range in which Weibo gives uids today. */
const firstUid = 6_610_000_100

export function startCrowd(simulator: WeiboSimulator, account: SimulatedAccount, options: CrowdOptions): void {
  const { signal, paceMs } = options
  const timers = new Set<NodeJS.Timeout>()
  const later = (paces: number, act: () => void) => {
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

  const posts = ourPosts.map((text) => account.posts(text))
  const actors = new Map(
    people.map((part, index) => {
      const uid = String(firstUid + index)
      const { name, followers } = part
      return [uid, createActor(part, account.customer({ uid, name, followers }), { account, posts, later })]
    }),
  )
  const stop = simulator.onAccepted((entry) => actors.get(entry.to)?.hears(entry))
  for (const [index, actor] of [...actors.values()].entries()) later(index * 2, actor.begins)

  const end = () => {
    stop()
    for (const timer of timers) clearTimeout(timer)
  }
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
}

interface Stage {
  readonly account: SimulatedAccount
  readonly posts: readonly string[]
  readonly later: (paces: number, act: () => void) => void
}

function createActor(part: Part, customer: Customer, { account, posts, later }: Stage) {
  const answers = [...part.answers]
  const react = createReactions({ language: 'zh' })
  let last: Accepted | null = null
  let busy = true
  let heard = false

  function act(what: Act): void {
    const said = (text: string) => text.replaceAll('@us', `@${account.name}`)
    if ('posts' in what) {
      const { pictures = 0, reposts, link, longText } = what
      customer.posts(said(what.posts), {
        pictures,
        ...(reposts ? { reposts: posts[0]! } : {}),
        ...(link ? { links: [{ short: link[0], long: link[1] }] } : {}),
        ...(longText ? { longText: said(longText) } : {}),
      })
    } else if ('comments' in what) {
      customer.comments(posts[what.under ?? 0]!, said(what.comments), { picture: what.picture ?? false })
    } else if ('writes' in what) void customer.writes(what.writes)
    else if ('sends' in what) void customer.sends(what.sends)
    else if ('isAt' in what) void customer.isAt(...what.isAt)
    else if ('does' in what) void customer.does(what.does)
    else if (last?.surface === 'public' && last.id !== null) customer.replies(last.id, what.says)
    else void customer.writes(what.says)
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
    begins: () => perform(part.opening),
    hears(entry: Accepted) {
      const reaction = react(entry.text)
      if (reaction) {
        const { says } = reaction
        if (says !== null) later(2, () => void customer.writes(says))
        return
      }
      last = entry
      heard = true
      if (!busy) answer()
    },
  }
}
