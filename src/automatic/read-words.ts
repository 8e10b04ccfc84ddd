/** A short text that is nothing but an answer or a keyword. Pure, and cheap: it is asked of every message that comes in. */
import type { QuestionKind } from '../db/schema.ts'

const yes = ['1', '是', '是的', '解决了', '已解决', '已经解决', '已经解决了', '好了', 'yes', 'y', 'solved', 'resolved']
const no = [
  '2',
  '否',
  '不是',
  '没',
  '没有',
  '没解决',
  '没有解决',
  '未解决',
  '还没',
  '还没有',
  '还没解决',
  '没好',
  'no',
  'n',
  'not solved',
  'not yet',
]
const mine = [
  '我的工单',
  '查询进度',
  '查进度',
  '工单进度',
  '进度查询',
  '查询工单',
  'my ticket',
  'my tickets',
  'ticket status',
]
const numerals = '一二三四五'

export interface Words {
  /** What it answers, were that question open. */
  readonly answers: Readonly<Partial<Record<QuestionKind, number>>>
  readonly asksForTicket: boolean
}

const solved = new Map([...yes.map((word) => [word, 1] as const), ...no.map((word) => [word, 0] as const)])
const keywords = new Set(mine)

/** Null: an ordinary message. */
export function readWords(text: string): Words | null {
  if (text.length === 0 || text.length > 300) return null
  // Where one has to name the account to be heard, the name goes before the words.
  const words = text.replace(/^(?:@\S+\s+){1,3}/u, '')
  if (words.length > 30) return null
  const plain = words
    .normalize('NFKC')
    .trim()
    .toLowerCase()
    .replace(/^\/+|[\s.。!,，、~]+$/gu, '')
    .replace(/\s+/gu, ' ')
  const isSolved = solved.get(plain)
  const score = scoreOf(plain)
  const asksForTicket = keywords.has(plain)
  if (isSolved === undefined && score === null && !asksForTicket) return null
  return {
    answers: {
      ...(isSolved === undefined ? {} : { solved: isSolved }),
      ...(score === null ? {} : { satisfaction: score }),
    },
    asksForTicket,
  }
}

/** `4`, `4分`, `四分`, `4 stars`, `★★★★`. */
function scoreOf(plain: string): number | null {
  const [, digit] = /^([1-5一二三四五]) ?(?:分|星|stars?|points?)?$/u.exec(plain) ?? []
  if (digit) return numerals.includes(digit) ? numerals.indexOf(digit) + 1 : Number(digit)
  const stars = /^(?:[★⭐]\ufe0f?){1,5}$/u.test(plain) ? (plain.match(/[★⭐]/gu)?.length ?? 0) : 0
  return stars > 0 ? stars : null
}
