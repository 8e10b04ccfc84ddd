/** What the list and the counts of mentions may ask for, as SQL over a mention `n` and its message `m`. */
import { type SQL, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { cleanText } from '../channel/text.ts'
import { searchFor } from '../tickets/search.ts'
import { shownText } from '../tickets/shown-text.ts'
import type { MentionQuery } from '../wire-mentions.ts'

export type MentionFilter = Omit<MentionQuery, 'limit' | 'after'>

/** The brands that are asked for, of those the actor sees: a subquery with the column `id`. */
export function brandsOf(actor: Actor, brand: readonly string[] | undefined): SQL {
  const seen =
    actor.brandIds === null
      ? sql`select id from brands`
      : sql`select id from unnest(${`{${actor.brandIds.join(',')}}`}::uuid[]) as seen(id)`
  return brand?.length ? sql`select id from (${seen}) as seen where id in ${brand}` : seen
}

const states: Record<MentionFilter['state'], SQL> = {
  open: sql`n.dismissed_at is null and n.ticket_id is null`,
  dismissed: sql`n.dismissed_at is not null and n.ticket_id is null`,
  ticket: sql`n.ticket_id is not null`,
}

/** Everything but the brand and the words. */
export function filtersOf(filter: MentionFilter): SQL {
  const parts: (SQL | false | undefined)[] = [
    states[filter.state],
    filter.account && sql`n.account_id in ${filter.account}`,
    filter.channel &&
      sql`n.account_id = any(array(select id from accounts where channel in ${filter.channel.map(cleanText)}))`,
    filter.language && sql`n.language in ${filter.language}`,
    filter.surface && sql`n.surface = ${filter.surface}`,
    filter.from !== undefined && sql`n.at >= ${filter.from}::timestamptz`,
    filter.to !== undefined && sql`n.at < ${filter.to}::timestamptz`,
  ]
  return sql.join(
    parts.filter((part) => part !== false && part !== undefined),
    sql` and `,
  )
}

export interface Words {
  /** Messages that may be meant: a subquery with the column `id`. */
  readonly candidates: SQL
  /** Is it really? Asked of one after the other, until the page is full. */
  readonly holds: SQL
}

/** In the text as it is shown, or in the author's name or handle. Null: nothing to look for. */
export function wordsOf(q: string | undefined): Words | null {
  const search = q === undefined ? null : searchFor(q)
  if (!search || q === undefined) return null
  const handle = searchFor(q.trim().replace(/^@/u, '')) ?? search
  const people = sql`
    select i.id from identities i where ${handle.isName(sql`(i.name || ' ' || coalesce(i.handle, ''))`)}
    union select i.id from contacts c join identities i on i.contact_id = c.id where ${search.isName(sql`c.name`)}`
  return {
    candidates: sql`
      select m.id from messages m where ${search.matches(sql`m.search`)}
      union select m.id from messages m where m.identity_id in (${people}) and exists (
        select from mentions n where n.message_id = m.id)`,
    holds: sql`(${search.contains(shownText)} or m.identity_id in (${people}))`,
  }
}
