/**
 * The talk as evidence: plain text with the ticket's number, times with their zone, and a checksum that only this server can
 * make. It is checked against the text alone, so a record stays good after the ticket went on, or was erased.
 */
import { timingSafeEqual } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { shortMac } from '../automatic/code.ts'
import type { Language } from '../automatic/texts.ts'
import type { Surface } from '../channel/events.ts'
import type { Deps } from '../deps.ts'
import type { Seal } from '../seal.ts'
import { type ShownTicket, timeText } from './ticket.ts'
import { words } from './words.ts'

/** The newest; a record says when there are more. */
const MOST = 1_000

interface Line {
  [column: string]: unknown
  direction: 'inbound' | 'outbound'
  surface: Surface
  author: string
  automatic: boolean
  text: string
  deleted: boolean
  at: string
  media: { kind: keyof (typeof words)['zh']['recordMedia']; name: string | null }[]
}

/** What the person and we said to each other. Of ours what reached them; of a shared ticket their own part. */
export async function recordOf(
  { db, seal, now }: Pick<Deps, 'db' | 'seal' | 'now'>,
  ticket: ShownTicket,
  language: Language,
): Promise<string> {
  const t = words[language]
  const lines = await db.execute<Line>(sql`
    select m.direction, m.surface, m.author_name as author, m.automatic, m.deleted_at is not null as deleted, m.sent_at as at,
      coalesce((select r.text from message_revisions r where r.message_id = m.id order by r.edited_at desc, r.id desc limit 1),
        m.text, '') as text,
      coalesce((select json_agg(json_build_object('kind', f.kind, 'name', f.name) order by f.position, f.id)
        from media f where f.message_id = m.id), '[]') as media
    from messages m
    join threads h on h.id = m.thread_id
    join identities i on i.id = h.identity_id
    join tickets k on k.id = m.ticket_id
    where m.ticket_id = ${ticket.id} and m.direction in ('inbound', 'outbound') and i.contact_id = k.contact_id
      and (m.direction = 'inbound' or not exists (select from deliveries d where d.message_id = m.id)
        or exists (select from deliveries d where d.message_id = m.id and d.state in ('sent', 'delivered', 'read')))
    order by m.ordered_at desc, coalesce(m.sequence, '') desc, m.id desc limit ${MOST + 1}`)
  const shown = lines.slice(0, MOST).reverse()
  const time = (at: Date) => timeText(at, ticket.timeZone, true)
  const state = { new: t.received, open: t.worked, waiting_customer: t.waitingYou, waiting_other: t.waitingOther }
  const { status } = ticket
  const body = [
    t.recordTitle,
    `${t.recordBrand}: ${oneLine(ticket.brand)}`,
    `${t.recordTicket}: #${ticket.number}`,
    `${t.recordState}: ${status === 'resolved' ? t.done : status === 'closed' ? t.closed : state[status]}`,
    `${t.recordIssued}: ${time(now())}`,
    '',
    ...(lines.length > MOST ? [t.recordEarlier(await earlier(db, ticket.id, MOST)), ''] : []),
    ...shown.flatMap((line) => [
      `[${time(new Date(line.at))}] ${whoOf(line, ticket, language)}`,
      ...textOf(line, language),
      '',
    ]),
    t.recordNote,
  ].join('\n')
  return `${body}\n${t.recordSum}: ${sumOf(seal, body)}\n`
}

async function earlier(db: Deps['db'], ticketId: string, shown: number): Promise<number> {
  const [row] = await db.execute<{ count: number }>(sql`
    select count(*)::int as count from messages where ticket_id = ${ticketId} and direction in ('inbound', 'outbound')`)
  return Math.max(1, (row?.count ?? 0) - shown)
}

function whoOf({ direction, automatic, author, surface }: Line, ticket: ShownTicket, language: Language): string {
  const t = words[language]
  const who =
    direction === 'inbound'
      ? `${t.recordCustomer} ${oneLine(author)}`
      : `${oneLine(ticket.brand)} ${automatic ? t.recordAutomatic : t.recordAgent}`
  return surface === 'public' ? `${who} (${t.recordPublic})` : who
}

/** Each line with a mark before it: nobody's words can look like a line of the record. */
function textOf({ text, deleted, media }: Line, language: Language): string[] {
  const t = words[language]
  if (deleted) return [`| ${t.recordDeleted}`]
  const files = media.map(({ kind, name }) => `| [${t.recordMedia[kind] ?? kind}${name ? ` ${oneLine(name)}` : ''}]`)
  const said = text.trim() === '' ? [] : text.split(/\r\n|[\n\r\u2028\u2029]/u).map((line) => `| ${line}`)
  return said.length + files.length === 0 ? [`| ${t.recordEmpty}`] : [...said, ...files]
}

const oneLine = (text: string) => text.replace(/\s+/gu, ' ')

/** Over what stays the same when a text is copied from a page or a print: no space at the ends, none doubled, no empty lines. */
function sumOf(seal: Pick<Seal, 'hash'>, body: string): string {
  const plain = body
    .normalize('NFC')
    .split(/\r\n|[\n\r\u2028\u2029]/u)
    .map((line) => oneLine(line).trim())
    .filter(Boolean)
    .join('\n')
  return shortMac(seal, `record:${plain}`, 20).replace(/.{5}(?=.)/gu, '$&-')
}

/** Is the whole text, with its checksum in the last line, one that this server issued? In constant time. */
export function isGenuine(seal: Pick<Seal, 'hash'>, text: string): boolean {
  const [, body, sum] = /^(?<body>[\s\S]*\n)[^\n]*?(?<sum>(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5})\s*$/u.exec(text.trim()) ?? []
  if (body === undefined || sum === undefined) return false
  return timingSafeEqual(Buffer.from(sumOf(seal, body)), Buffer.from(sum))
}
