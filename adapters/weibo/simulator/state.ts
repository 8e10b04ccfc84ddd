/** What the simulated Weibo knows. Written from Weibo's pages, not from the adapter. */

export interface Person {
  readonly uid: string
  name: string
  readonly followers?: number
  readonly avatar?: string
}

export interface Post {
  readonly id: string
  readonly author: Person
  readonly text: string
  readonly at: Date
  readonly pictures: readonly string[]
  readonly reposted: Post | null
  readonly links: readonly { readonly short: string; readonly long: string }[]
  readonly longText: string | null
  deleted: boolean
  /** Who may comment. */
  policy: 'all' | 'followed' | 'none'
}

export interface Remark {
  readonly id: string
  readonly author: Person
  /** As the lists show it: with `回复@name:` before it, where it answers a comment. */
  readonly text: string
  readonly at: Date
  readonly under: Post
  readonly answers: Remark | null
  readonly picture: string | null
  /** Gone from the lists, but still counted when they are cut into pages. */
  deleted: boolean
  /** Lists show it from then on. */
  visibleAt: number
}

/** One authorised account of one app. */
export interface AccountState {
  readonly token: string
  readonly pushToken: string
  readonly self: Person
  readonly appSecret: string
  readonly dailyCalls: number
  readonly postsPerHour: number
  used: number
  /** The code its token is refused with; null: it is good. */
  refusal: number | null
  readonly mentions: Post[]
  readonly received: Remark[]
  readonly mentioned: Remark[]
  readonly written: Remark[]
  readonly posted: number[]
  /** When each person last did what. */
  readonly windows: Map<string, { openUntil: number; mentionUntil: number; unfollowed: boolean }>
  webhook: string | null
}

export interface World {
  readonly people: Map<string, Person>
  readonly posts: Map<string, Post>
  readonly remarks: Map<string, Remark>
  readonly accounts: Map<string, AccountState>
  /** Files by name: pictures of posts, and what private messages carry. */
  readonly files: Map<string, { readonly bytes: Buffer; readonly type: string }>
  readonly now: () => number
  nextId(): string
}

/** Seconds since then stand above the 22nd bit of an id. */
const epoch = 515_483_463

/** `shift`: 22 is today's; one more makes ids that JavaScript's numbers round. */
export function createWorld(now: () => number, shift = 22n): World {
  let last = 0n
  return {
    people: new Map(),
    posts: new Map(),
    remarks: new Map(),
    accounts: new Map(),
    files: new Map(),
    now,
    nextId() {
      const fresh = BigInt(Math.floor(now() / 1000) - epoch) << shift
      last = fresh > last ? fresh + 1n : last + 1n
      return String(last)
    },
  }
}

export const mentionsOf = (text: string, { name }: Person): boolean => text.includes(`@${name}`)
