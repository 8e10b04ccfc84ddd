/** The demo's customers: each begins in turn, at a human pace, and answers what the account answers, until it is settled. */
import { type CrowdOptions, createCustomer, createPace, type Later, whenOver } from '#channel/demo-crowd.ts'
import { type Act, ourPosts, type Part, people } from './crowd/people.ts'
import type { Accepted, Customer, SimulatedAccount, WeiboSimulator } from './simulator.ts'

/** Some way up the range in which Weibo gives uids today. */
const firstUid = 6_610_000_100

export function startCrowd(simulator: WeiboSimulator, account: SimulatedAccount, options: CrowdOptions): void {
  const later = createPace(options)

  const posts = ourPosts.map((text) => account.posts(text))
  const actors = new Map(
    people.map((part, index) => {
      const uid = String(firstUid + index)
      const { name, followers } = part
      return [uid, createActor(part, account.customer({ uid, name, followers }), { account, posts, later })]
    }),
  )
  const stop = simulator.onAccepted((entry) => actors.get(entry.to)?.hears(entry))
  whenOver(options.signal, stop)
  for (const [index, actor] of [...actors.values()].entries()) later(index * 2, actor.begins)
}

interface Stage {
  readonly account: SimulatedAccount
  readonly posts: readonly string[]
  readonly later: Later
}

function createActor(part: Part, customer: Customer, { account, posts, later }: Stage) {
  let last: Accepted | null = null

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

  const { begins, hears } = createCustomer<Act>({
    ...part,
    manner: { language: 'zh' },
    later,
    does: act,
    says: (text) => customer.writes(text),
  })
  return {
    begins,
    hears(entry: Accepted) {
      if (hears(entry.text)) last = entry
    },
  }
}
