/** What people do: post, comment, write, follow. */
import { createHash } from 'node:crypto'
import { drawPicture, hum } from './files.ts'
import { big, toJson, weiboTime } from './objects.ts'
import type { Pusher } from './push.ts'
import type { AccountState, Person, Post, Remark, World } from './state.ts'
import { mentionsOf } from './state.ts'

export interface PostMore {
  readonly pictures?: number
  readonly reposts?: string
  readonly links?: Post['links']
  readonly longText?: string
  readonly policy?: Post['policy']
}

export interface Customer {
  readonly person: Person
  /** A post of theirs; in the account's mentions when it names it. Its id. */
  posts(text: string, more?: PostMore): string
  /** A comment under a post. Its id. */
  comments(status: string, text: string, more?: { readonly picture?: boolean }): string
  /** A comment that answers one. `as`: the name Weibo writes before it, when it is an old one. */
  replies(comment: string, text: string, more?: { readonly as?: string }): string
  /** Resolves when the fan service has been through with it. */
  writes(text: string): Promise<void>
  sends(kind: 'image' | 'voice'): Promise<void>
  isAt(latitude: string, longitude: string): Promise<void>
  does(subtype: string, text?: string): Promise<void>
  /** Mentions the account, as the fan service tells it. */
  tellsOfMention(status: string): Promise<void>
}

const windowMs = 48 * 3_600_000

export function writePost(world: World, author: Person, text: string, more: PostMore = {}): Post {
  const id = world.nextId()
  const pictures = Array.from({ length: more.pictures ?? 0 }, (_, index) => {
    const name = `${createHash('sha1').update(`${id}/${index}`).digest('hex').slice(0, 20)}.png`
    world.files.set(name, { bytes: drawPicture(Number(BigInt(id) % 97n) + index), type: 'image/png' })
    return name
  })
  const post: Post = {
    id,
    author,
    text,
    at: new Date(world.now()),
    pictures,
    reposted: more.reposts ? (world.posts.get(more.reposts) ?? null) : null,
    links: more.links ?? [],
    longText: more.longText ?? null,
    deleted: false,
    policy: more.policy ?? 'all',
  }
  world.posts.set(id, post)
  for (const { self, mentions } of new Set(world.accounts.values())) if (mentionsOf(text, self)) mentions.push(post)
  return post
}

export function customerOf(world: World, account: AccountState, pusher: Pusher, person: Person): Customer {
  world.people.set(person.uid, person)
  let serial = 0

  function remark(under: Post, text: string, answers: Remark | null, picture: string | null): string {
    const made: Remark = {
      id: world.nextId(),
      author: person,
      text,
      at: new Date(world.now()),
      under,
      answers,
      picture,
      deleted: false,
      visibleAt: world.now(),
    }
    world.remarks.set(made.id, made)
    for (const one of new Set(world.accounts.values())) {
      if (under.author === one.self || answers?.author === one.self) one.received.push(made)
      if (mentionsOf(text, one.self)) one.mentioned.push(made)
    }
    return made.id
  }

  function push(type: string, text: string, data: object): Promise<void> {
    const window = account.windows.get(person.uid) ?? { openUntil: 0, mentionUntil: 0, unfollowed: false }
    account.windows.set(person.uid, window)
    const subtype = 'subtype' in data ? String(data.subtype) : null
    if (type === 'mention') window.mentionUntil = world.now() + windowMs
    else if (subtype === 'unfollow') window.unfollowed = true
    else if (subtype === null || /^(follow|scan|scan_follow|click|view)$/u.test(subtype)) {
      window.openUntil = world.now() + windowMs
      window.unfollowed = false
    }
    if (!account.webhook) return Promise.resolve()
    const body = toJson({
      type,
      receiver_id: big(account.self.uid),
      sender_id: big(person.uid),
      created_at: weiboTime(new Date(world.now())),
      text,
      data,
    })
    return pusher.push(account.webhook, account.appSecret, body)
  }

  return {
    person,
    posts: (text, more) => writePost(world, person, text, more).id,
    comments(status, text, more = {}) {
      const under = world.posts.get(status)
      if (!under) throw new Error('there is no such post')
      const picture = more.picture ? `${person.uid}c${++serial}.png` : null
      if (picture) world.files.set(picture, { bytes: drawPicture(serial), type: 'image/png' })
      return remark(under, text, null, picture)
    },
    replies(comment, text, more = {}) {
      const answered = world.remarks.get(comment)
      if (!answered) throw new Error('there is no such comment')
      return remark(answered.under, `回复@${more.as ?? answered.author.name}:${text}`, answered, null)
    },
    writes: (text) => push('text', text, {}),
    sends(kind) {
      const fid = `${person.uid}${String(++serial).padStart(4, '0')}`
      world.files.set(fid, kind === 'image' ? png(serial) : { bytes: hum(), type: 'audio/wav' })
      const text = kind === 'image' ? '发了一张图片' : '发了一个语音消息'
      return push(kind, text, { vfid: big(`${fid}1`), tovfid: big(fid) })
    },
    isAt: (latitude, longitude) => push('position', '我在这里: http://t.cn/zQgLLYO', { longitude, latitude }),
    does: (subtype, text = '') => push('event', text, { subtype, key: 'key', ticket: 'gQH_simulated' }),
    tellsOfMention: (status) => push('mention', `@${account.self.name}`, { subtype: 'mention_text', key: big(status) }),
  }
}

const png = (seed: number) => ({ bytes: drawPicture(seed), type: 'image/png' })
