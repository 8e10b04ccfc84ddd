/** Customers on the simulated server: each has a trouble, and goes on when somebody answers. */
import { setTimeout as pause } from 'node:timers/promises'
import { createReactions } from '#channel/demo.ts'
import type { Draft } from './simulator/people.ts'
import { crackedScreen } from './simulator/picture.ts'
import type { SimPerson, SimPost } from './simulator/world.ts'
import type { Simulator } from './simulator.ts'

interface Customer {
  readonly username: string
  readonly domain: string | null
  readonly name: string
  readonly first: Draft
  /** What follows, one for each answer. */
  readonly later: readonly string[]
}

const customers: readonly Customer[] = [
  {
    username: 'lin_wei',
    domain: 'elsewhere.example',
    name: '林薇',
    first: { text: '@acme_care 昨晚更新后手机开不了机了，一直停在标志画面。' },
    later: ['按住电源键三十秒也没反应。', '好的，我明天送去门店，谢谢！'],
  },
  {
    username: 'maya',
    domain: 'photos.example',
    name: 'Maya :blobcat:',
    first: {
      text: '@acme_care Dropped it once and the screen looks like this. Is that covered by the warranty?',
      warning: 'broken glass',
      files: [{ type: 'image', mimeType: 'image/png', bytes: crackedScreen(), description: 'A cracked phone screen' }],
    },
    later: ['Bought in March, I have the receipt.', 'Great, thank you.'],
  },
  {
    username: 'zhao',
    domain: null,
    name: '赵一鸣',
    first: { text: '@acme_care 订单号 20261122-042，维修三周了还没有消息。', visibility: 'direct' },
    later: ['电话尾号 7788，麻烦查一下。', '收到，谢谢。'],
  },
  {
    username: 'tomasz',
    domain: 'elsewhere.example',
    name: 'Tomasz',
    first: {
      text: '@acme_care Battery drops from 40 % to 5 % within minutes since the last update.',
      visibility: 'unlisted',
    },
    later: ['Battery health says 91 %.', 'It is better after the restart, thanks!'],
  },
  {
    username: 'chen',
    domain: 'photos.example',
    name: '小陈',
    first: {
      text: '@acme_care 大家的信号也这么差吗？',
      poll: { multiple: false, options: ['经常断网', '偶尔断网', '没问题'] },
    },
    later: ['在室内 5G 总是掉到 4G。'],
  },
]

export interface CrowdOptions {
  readonly signal: AbortSignal
  /** Between two first posts, and before an answer; milliseconds. */
  readonly everyMs: number
}

/** Begins when the account is being polled: what is written earlier was there before, and becomes no ticket. */
export async function gather(simulator: Simulator, { signal, everyMs }: CrowdOptions): Promise<void> {
  const known = new Map<
    string,
    { readonly person: SimPerson; readonly left: string[]; readonly react: ReturnType<typeof createReactions> }
  >()
  simulator.onAnswer((post, named) => {
    for (const id of named) void goOn(post, id)
  })

  /** Who is not named does not see an answer, and stays silent. */
  async function goOn(post: SimPost, id: string): Promise<void> {
    const customer = known.get(id)
    const reaction = customer?.react(post.text)
    const text = reaction ? reaction.says : customer?.left.shift()
    if (!customer || !text || !(await waits(everyMs))) return
    const { visibility, warning } = post
    simulator.write(customer.person, { text: `@acme_care ${text}`, replyTo: post.id, visibility, warning })
  }

  const waits = (ms: number) =>
    pause(ms, true, { signal }).catch(() => {
      // Only the signal ends a pause.
      return false
    })

  while (!simulator.isRead()) {
    if (!(await waits(Math.min(everyMs, 500)))) return
  }
  for (const { username, domain, name, first, later } of customers) {
    if (!(await waits(everyMs))) return
    const person = simulator.meet({ username, domain, name })
    known.set(person.id, { person, left: [...later], react: createReactions({ language: 'zh' }) })
    simulator.write(person, first)
  }
}
