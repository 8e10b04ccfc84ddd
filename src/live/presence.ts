/**
 * Who is in which ticket, for the streams of one node. It is read as a whole, since it is small: a row for each open page.
 * Every ticket keeps the number of the look that last found it changed, so that a stream is told only what it has not seen.
 */
import { sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/client.ts'
import type { Presence } from '../wire.ts'

export interface PresenceBoard {
  /** Reads it anew. True: something changed. */
  look(): Promise<boolean>
  /**
   * What a stream of these brands (null: all) that has seen `seen` (null: nothing) has to be told; null: nothing. Its text
   * may be empty: what changed is of other brands.
   */
  since(
    seen: number | null,
    brandIds: readonly string[] | null,
  ): { readonly text: string; readonly seen: number } | null
  /** Nobody listens: what is known would only grow old. */
  forget(): void
}

interface Known {
  readonly brandId: string
  /** As JSON; compared as such, and written as such. */
  readonly people: string
  readonly look: number
}

/** Tickets that were left are remembered, for streams that do not know it yet, up to this many. */
const mostLeft = 2_000
const nobody = '[]'

export function createPresenceBoard(db: Db): PresenceBoard {
  let looks = 0
  /** Streams that have seen less than this are told everything. */
  let floor = 0
  let known = new Map<string, Known>()

  return {
    async look() {
      const found = await readPresence(db)
      const next = new Map<string, Known>()
      const number = looks + 1
      let changed = false
      for (const [ticketId, { brandId, people }] of found) {
        const text = JSON.stringify(people)
        const old = known.get(ticketId)
        const same = old?.people === text
        changed ||= !same
        next.set(ticketId, same ? old : { brandId, people: text, look: number })
      }
      for (const [ticketId, old] of known) {
        if (next.has(ticketId)) continue
        changed ||= old.people !== nobody
        next.set(ticketId, old.people === nobody ? old : { ...old, people: nobody, look: number })
      }
      // The first look is news even when nobody is there: a stream may have heard otherwise before.
      if (!changed && looks > 0) return false
      looks = number
      known = next
      if (next.size - found.size > mostLeft) {
        for (const [ticketId, { people }] of next) if (people === nobody) next.delete(ticketId)
        floor = number
      }
      return true
    },
    since(seen, brandIds) {
      if (looks === 0 || seen === looks) return null
      const all = seen === null || seen < floor
      const told = [...known].filter(
        ([, { brandId, people, look }]) =>
          (all ? people !== nobody : look > seen) && (brandIds === null || brandIds.includes(brandId)),
      )
      // A stream that begins believes that nobody is anywhere.
      const nothingNew = told.length === 0 && (!all || seen === null)
      return { text: nothingNew ? '' : frame(all, told), seen: looks }
    },
    forget() {
      looks = 0
      floor = 0
      known = new Map()
    },
  }
}

/** No id: the browser goes on after the last event that has one. */
function frame(all: boolean, told: readonly (readonly [string, Known])[]): string {
  const tickets = told.map(([ticketId, { people }]) => `{"ticketId":"${ticketId}","people":${people}}`).join(',')
  return `event: presence\ndata: {"type":"presence","all":${all},"tickets":[${tickets}]}\n\n`
}

interface Row {
  [column: string]: unknown
  ticket_id: string
  brand_id: string
  user_id: string
  name: string
  typing: boolean
  holds: boolean
}

interface InTicket {
  readonly brandId: string
  readonly people: Presence[]
}

/** By ticket; of one ticket, or of all. A person with several pages is one. */
export async function readPresence(db: Db | Tx, ticketId?: string): Promise<Map<string, InTicket>> {
  const rows = await db.execute<Row>(sql`
    select p.ticket_id, p.brand_id, p.user_id, u.name, bool_or(p.typing) as typing,
      max(p.claimed_at) is not null and row_number() over (
        partition by p.ticket_id order by max(p.claimed_at) desc nulls last, p.user_id
      ) = 1 as holds
    from presence p join auth_user u on u.id = p.user_id
    where p.expires_at > now() and ${ticketId === undefined ? sql`p.ticket_id is not null` : sql`p.ticket_id = ${ticketId}`}
    group by p.ticket_id, p.brand_id, p.user_id, u.name order by p.ticket_id, p.user_id`)
  const tickets = new Map<string, InTicket>()
  for (const { ticket_id, brand_id, user_id, name, typing, holds } of rows) {
    const ticket = tickets.get(ticket_id) ?? { brandId: brand_id, people: [] }
    ticket.people.push({ user: { id: user_id, name }, typing, holds })
    tickets.set(ticket_id, ticket)
  }
  return tickets
}
