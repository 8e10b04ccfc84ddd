/** What somebody wrote themselves, apart from what the text carries of others. */
import type { InboundMessage } from '#channel/events.ts'

export interface Quoted {
  readonly author: string
  readonly text: string
}

export interface Words {
  readonly own: string
  /** Whom the text says it answers. The name may be an old one. */
  readonly answers: string | null
  /** What was reposted along with it, the nearest first. */
  readonly chain: readonly Quoted[]
}

const answering = /^回复\s*@([^\s@:：]{1,60})\s*[:：]\s*/u
const reposted = /\/\/\s?@([^\s@:：/]{1,60})\s*[:：]/gu

/** `回复@name:own words//@a:what a wrote//@b:what b wrote` */
export function readWords(plain: string): Words {
  const answers = answering.exec(plain)
  const rest = answers ? plain.slice(answers[0].length) : plain
  const marks = [...rest.matchAll(reposted)].slice(0, 50)
  const chain = marks.map((mark, index) => ({
    author: mark[1] ?? '',
    text: withoutPrefix(rest.slice(mark.index + mark[0].length, marks[index + 1]?.index ?? rest.length)),
  }))
  return { own: rest.slice(0, marks[0]?.index ?? rest.length).trim(), answers: answers?.[1] ?? null, chain }
}

export const withoutPrefix = (plain: string): string => plain.trim().replace(answering, '').trim()

/** A context is read at a glance. */
const maxContext = 2000

/** The first is what was answered or reposted; what stands behind it follows with its author. */
export function contextOf(quoted: readonly Quoted[]): InboundMessage['context'] {
  const [first, ...more] = quoted.filter(({ text }) => text !== '')
  if (!first) return null
  const lines = [first.text, ...more.map(({ author, text }) => `//@${author}: ${text}`)]
  return { author: first.author, text: lines.join('\n').slice(0, maxContext) }
}
