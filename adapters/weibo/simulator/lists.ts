/** The lists, with the quirks of their pages. */
import { postOf, remarkOf, userOf } from './objects.ts'
import { Refusal } from './refusal.ts'
import type { AccountState, Post, Remark, World } from './state.ts'

export interface Asked {
  readonly world: World
  readonly account: AccountState
  readonly params: URLSearchParams
  readonly root: string
}

export const reading: Readonly<Record<string, (asked: Asked) => unknown>> = {
  'account/get_uid': ({ account }) => ({ uid: Number(account.self.uid) }),
  'users/show': ({ world, params, root }) => {
    const person = world.people.get(params.get('uid') ?? '')
    if (!person) throw new Refusal(20003)
    return userOf(person, root)
  },
  'eps/user/info': ({ world, params, root }) => {
    const person = world.people.get(params.get('uid') ?? '')
    if (!person) throw new Refusal(20003)
    return {
      subscribe: 1,
      uid: Number(person.uid),
      nickname: person.name,
      sex: 0,
      headimgurl: `${root}/avatar/${person.uid}.png`,
      follow: 1,
    }
  },
  'statuses/mentions': (asked) => page(asked, 'statuses', asked.account.mentions, 20, 100, postOf),
  'comments/to_me': (asked) => page(asked, 'comments', asked.account.received, 50, 200, remarkOf),
  'comments/mentions': (asked) => page(asked, 'comments', asked.account.mentioned, 50, 200, remarkOf),
  'comments/by_me': (asked) => page(asked, 'comments', asked.account.written, 50, 200, remarkOf),
}

/**
 * Newest first. `since_id` excludes, `max_id` includes. What was deleted is taken out after a page was counted, so that a page
 * may be short, or empty, while more follows on the next.
 */
function page<T extends Post | Remark>(
  { world, params, root }: Asked,
  name: string,
  all: readonly T[],
  usual: number,
  most: number,
  show: (item: T, root: string) => object,
): object {
  const number = (field: string, otherwise: number) => {
    const given = params.get(field)
    if (given === null || given === '') return otherwise
    if (!/^\d+$/u.test(given)) throw new Refusal(10017)
    return Number(given)
  }
  const bound = (field: string) => BigInt(params.get(field) || '0')
  const [since, max] = [bound('since_id'), bound('max_id')]
  const count = Math.min(most, Math.max(1, number('count', usual)))
  const from = (Math.max(1, number('page', 1)) - 1) * count
  const visible = all.filter((item) => !('visibleAt' in item) || item.visibleAt <= world.now())
  const asked = visible
    .filter(({ id }) => BigInt(id) > since && (max === 0n || BigInt(id) <= max))
    .sort((a, b) => (BigInt(a.id) > BigInt(b.id) ? -1 : 1))
  const shown = asked.slice(from, from + count).filter((item) => !item.deleted)
  return {
    [name]: shown.map((item) => show(item, root)),
    hasvisible: false,
    previous_cursor: 0,
    next_cursor: 0,
    total_number: visible.length,
  }
}
