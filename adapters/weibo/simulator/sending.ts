/** What an account writes, with the limits that Weibo keeps — counted here by rules of their own. */

import type { Ledger } from './ledger.ts'
import type { Asked } from './lists.ts'
import { big, remarkOf } from './objects.ts'
import { Refusal } from './refusal.ts'
import type { AccountState, Post, Remark } from './state.ts'

export interface Writing extends Asked {
  readonly ledger: Ledger
  /** Lists show it that much later. */
  readonly showAfterMs: number
}

export const writing: Readonly<Record<string, (asked: Writing) => unknown>> = {
  'comments/create': (asked) => comment(asked, null),
  'comments/reply': (asked) => {
    const answered = asked.world.remarks.get(asked.params.get('cid') ?? '')
    if (!answered || answered.deleted) throw new Refusal(20201)
    return comment(asked, answered)
  },
  'messages/reply': message,
}

/** Two for whatever is beyond Latin-1, one for the rest; two of them are a 汉字. */
const width = (text: string): number => {
  let total = 0
  for (let at = 0; at < text.length; at += 1) total += text.charCodeAt(at) > 0xff ? 2 : 1
  return total
}

function comment({ world, account, params, root, ledger, showAfterMs }: Writing, answers: Remark | null): unknown {
  const post = world.posts.get(params.get('id') ?? '')
  if (!params.get('id')) throw new Refusal(10017)
  if (!post || post.deleted) throw new Refusal(20101)
  const said = params.get('comment') ?? ''
  if (said.trim() === '') throw new Refusal(20008)
  const named = answers !== null && params.get('without_mention') !== '1'
  const text = named ? `回复@${answers.author.name}:${said}` : said
  if (width(text) > 280) throw new Refusal(20012)
  allow(account, post, world.now())
  const same = (remark: Remark) => remark.under === post && remark.answers === answers && remark.text === text
  if (account.written.some(same)) throw new Refusal(20019)
  const remark: Remark = {
    id: world.nextId(),
    author: account.self,
    text,
    at: new Date(world.now()),
    under: post,
    answers,
    picture: null,
    deleted: false,
    visibleAt: world.now() + showAfterMs,
  }
  world.remarks.set(remark.id, remark)
  account.written.push(remark)
  account.posted.push(world.now())
  const to = answers?.author.uid ?? post.author.uid
  ledger.accept({ surface: 'public', text: said, to, status: post.id, comment: answers?.id ?? null, id: remark.id })
  return remarkOf(remark, root)
}

function allow(account: AccountState, post: Post, now: number): void {
  if (post.policy === 'none') throw new Refusal(20207)
  if (post.policy === 'followed' && post.author !== account.self) throw new Refusal(20206)
  if (account.posted.filter((at) => at > now - 3_600_000).length >= account.postsPerHour) throw new Refusal(20016)
}

function message({ world, account, params, ledger }: Writing): unknown {
  const to = params.get('receiver_id') ?? ''
  if (params.get('type') !== 'text' || !/^\d+$/u.test(to)) throw new Refusal(10017)
  let text: unknown
  try {
    text = (JSON.parse(params.get('data') ?? '') as { text?: unknown }).text
  } catch {
    throw new Refusal(10017)
  }
  if (typeof text !== 'string' || text === '') throw new Refusal(20008)
  if (width(text) > 600) throw new Refusal(20013)
  const window = account.windows.get(to)
  const now = world.now()
  if (!window || window.unfollowed) throw new Refusal(26403)
  if (window.openUntil <= now) {
    if (window.mentionUntil <= now) throw new Refusal(26403)
    window.mentionUntil = 0 // One answer to a mention.
  }
  ledger.accept({ surface: 'direct', text, to, status: null, comment: null, id: null })
  return {
    result: true,
    receiver_id: big(to),
    sender_id: big(account.self.uid),
    type: 'text',
    data: params.get('data'),
  }
}
