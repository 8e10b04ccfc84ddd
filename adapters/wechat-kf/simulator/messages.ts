/** `kf/send_msg` and its kin: what WeCom lets through, and counts. Numbers of its own, from WeCom's pages. */
import { type Clock, type Company, type Conversation, conversationOf, newMsgId } from './company.ts'
import type { Ledger, LedgerEntry } from './ledger.ts'
import { refusals } from './refusal.ts'

type Body = Readonly<Record<string, unknown>>

const hour = 3_600_000
const days3 = 72 * hour

export interface Sending {
  readonly company: Company
  readonly clock: Clock
  readonly ledger: Ledger
  /** Tells of it, to whoever reads the service account. */
  readonly tell: (openKfId: string, event: Body) => void
}

export function conversationIn(company: Company, body: Body, customer: unknown): Conversation {
  const openKfId = String(body.open_kfid)
  const account = company.accounts.get(openKfId)
  if (!account) throw refusals.kfId
  if (!account.managed) throw refusals.forbidden
  if (typeof customer !== 'string' || !company.customers.has(customer)) throw refusals.customer
  return conversationOf(company, openKfId, customer)
}

export function acceptMessage({ company, clock, ledger, tell }: Sending, body: Body): object {
  const conversation = conversationIn(company, body, body.touser)
  const shown = contentOf(company, clock, body)
  const msgid = msgIdIn(body)
  const key = `${conversation.openKfId} ${conversation.customer} ${msgid}`
  // Assumed, and written in the README: the same id again is the same message.
  if (company.taken.has(key)) return { errcode: 0, errmsg: 'ok', msgid }
  if (conversation.state !== 0 && conversation.state !== 1) throw refusals.state
  const now = clock.now()
  if (conversation.wroteAt === null || now >= conversation.wroteAt + 48 * hour) throw refusals.time
  if (conversation.since >= 5) throw refusals.count
  conversation.since += 1
  company.taken.set(key, msgid)
  const { openKfId, customer } = conversation
  if (company.customers.get(customer)?.refuses) {
    tell(openKfId, { event_type: 'msg_send_fail', external_userid: customer, fail_msgid: msgid, fail_type: 10 })
  } else {
    ledger.accept({ openKfId, customer, msgid, ...shown })
  }
  return { errcode: 0, errmsg: 'ok', msgid }
}

export function acceptWelcome({ company, clock, ledger }: Sending, body: Body): object {
  const code = String(body.code)
  const welcome = company.welcomes.get(code)
  if (!welcome || clock.now() > welcome.at + 20_000) throw refusals.parameter
  const shown = contentOf(company, clock, body)
  if (shown.type !== 'text') throw refusals.messageType
  const msgid = msgIdIn(body)
  company.welcomes.delete(code)
  const { openKfId, customer } = welcome.conversation
  welcome.conversation.welcomedAt = clock.now()
  ledger.accept({ openKfId, customer, msgid, ...shown })
  return { errcode: 0, errmsg: 'ok', msgid }
}

function msgIdIn({ msgid }: Body): string {
  if (msgid === undefined || msgid === '') return newMsgId()
  if (typeof msgid !== 'string' || !/^[0-9a-zA-Z_-]{1,32}$/u.test(msgid)) throw refusals.parameter
  return msgid
}

const withMedia = new Set(['image', 'voice', 'video', 'file'])

function contentOf(company: Company, clock: Clock, body: Body): Pick<LedgerEntry, 'type' | 'text' | 'file'> {
  const type = String(body.msgtype)
  const content = body[type] as Body | undefined
  if (type === 'text') {
    const text = content?.content
    if (typeof text !== 'string' || text === '') throw refusals.emptyText
    if (Buffer.byteLength(text, 'utf8') > 2048) throw refusals.textSize
    return { type, text, file: null }
  }
  if (!withMedia.has(type)) throw refusals.messageType
  const media = company.media.get(String(content?.media_id))
  if (!media || media.type !== type || clock.now() > media.storedAt + days3) throw refusals.mediaId
  return { type, text: null, file: { mediaId: media.mediaId, bytes: media.bytes.length } }
}

const mebibyte = 1024 * 1024
const limits: Readonly<Record<string, { bytes: number; endings: RegExp }>> = {
  image: { bytes: 10 * mebibyte, endings: /\.(?:png|jpe?g)$/iu },
  voice: { bytes: 2 * mebibyte, endings: /\.amr$/iu },
  video: { bytes: 10 * mebibyte, endings: /\.mp4$/iu },
  file: { bytes: 20 * mebibyte, endings: /./u },
}

/** "All files have more than 5 bytes." */
export function assertFile(type: string | null, name: string, bytes: Buffer): asserts type is string {
  const limit = limits[type ?? '']
  if (!limit?.endings.test(name)) throw refusals.mediaType
  if (bytes.length <= 5 || bytes.length > limit.bytes) throw refusals.mediaSize
}
