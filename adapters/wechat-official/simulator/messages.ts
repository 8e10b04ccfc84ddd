/** `message/custom/send` and `/typing`: what WeChat lets through, and counts. Numbers of its own, from WeChat's pages. */
import type { LedgerEntry } from './ledger.ts'
import { refusals } from './refusal.ts'
import type { Clock, Person, SimulatedAccount } from './state.ts'

type Body = Readonly<Record<string, unknown>>
const minute = 60_000

/** What the customer sees. */
export function acceptMessage(account: SimulatedAccount, clock: Clock, body: Body): Omit<LedgerEntry, 'seq' | 'at'> {
  if (!account.certified) throw refusals.unauthorized
  const shown = contentOf(account, clock, body)
  const person = recipient(account, body)
  if (person.refuses) throw refusals.refusedByUser
  count(person, clock.now())
  person.typingUntil = 0
  person.heardAt = clock.now()
  return { openId: person.openId, ...shown }
}

function recipient(account: SimulatedAccount, { touser }: Body): Person {
  const person = typeof touser === 'string' ? account.people.get(touser) : undefined
  if (!person) throw refusals.openId
  if (!person.follows) throw refusals.window
  return person
}

/** The longer window first. A message of the person begins it anew; nothing is saved up. */
function count(person: Person, now: number): void {
  const writes = person.wroteAt !== null && now < person.wroteAt + 48 * 60 * minute
  const opened = person.openedAt !== null && now < person.openedAt + minute
  if (!writes && !opened) throw refusals.window
  if (writes && person.sinceWrote < 5) person.sinceWrote += 1
  else if (opened && person.sinceOpened < 3) person.sinceOpened += 1
  else throw refusals.count
}

const fields: Readonly<Record<string, string>> = { image: 'image', voice: 'voice', video: 'video' }

function contentOf(account: SimulatedAccount, clock: Clock, body: Body): Pick<LedgerEntry, 'type' | 'text' | 'file'> {
  const type = String(body.msgtype)
  const content = body[type] as Body | undefined
  if (type === 'text') {
    const text = content?.content
    if (typeof text !== 'string' || text === '') throw refusals.emptyText
    if (Buffer.byteLength(text, 'utf8') > 2048) throw refusals.textSize
    return { type, text, file: null }
  }
  if (!Object.hasOwn(fields, type)) throw refusals.messageType
  const media = account.media.get(String(content?.media_id))
  if (!media || media.type !== type || clock.now() > media.storedAt + 3 * 86_400_000) throw refusals.mediaId
  return { type, text: null, file: { mediaId: media.mediaId, bytes: media.bytes.length } }
}

export function showTyping(account: SimulatedAccount, clock: Clock, body: Body): void {
  if (!account.certified) throw refusals.unauthorized
  const person = recipient(account, body)
  const now = clock.now()
  if (body.command === 'CancelTyping') {
    person.typingUntil = 0
    return
  }
  if (body.command !== 'Typing') throw refusals.command
  const last = Math.max(person.wroteAt ?? 0, person.heardAt ?? 0)
  if (now - last > 30_000) throw refusals.typingTooLate
  if (person.typingUntil > now) throw refusals.typingAlready
  person.typingUntil = now + 15_000
}
