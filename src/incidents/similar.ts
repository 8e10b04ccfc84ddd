/**
 * Tickets that say the same, by their words. Bounded whatever the house holds: of the brand's last days at most the 2,000
 * newest tickets are compared, found by the queue's own index, each by its first messages, found by theirs. Words are the
 * tokens that search keeps (pairs of Han characters, three letters of others); one that many of these tickets have says
 * little, so each weighs by how rare it is among them.
 */
import { sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import type { Db } from '../db/client.ts'
import type { AlikeTicket } from '../wire-incidents.ts'
import { ticketRefs, uuids } from './refs.ts'

const compared = 2_000
const days = 14
/** Of a ticket: what a customer says first is what it is about. */
const messagesEach = 2
const tokensEach = 300
/** Tickets without the word that are thought to be there: among a few, what two of them share is not common for that. */
const assumed = 100
/** Dice's coefficient of the weighed words, in percent. */
const alikeFrom = 32
/** With the same category, or about the same model. */
const alikeWith = 18

interface Found {
  [column: string]: unknown
  id: string
  likeness: number
  same_category: boolean
  same_model: boolean
}

/**
 * The likest first. `seeds`: tickets of one brand; what a third of them share is what they are about. None of the seeds'
 * own people, so that a repeat is not taken for another person's: `others`.
 */
export async function alikeTickets(
  db: Db,
  actor: Actor,
  brandId: string,
  seeds: readonly string[],
  options: { readonly now: Date; readonly others: boolean; readonly limit: number },
): Promise<AlikeTicket[]> {
  if (seeds.length === 0) return []
  const rows = await db.execute<Found>(alikeQuery(actor, brandId, seeds, options))
  const refs = await ticketRefs(
    db,
    actor,
    rows.map(({ id }) => id),
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  return refs.map((ref) => {
    const row = byId.get(ref.id)!
    return { ...ref, likeness: row.likeness, sameCategory: row.same_category, sameModel: row.same_model }
  })
}

/** Exported for the test that asks the database how it would run it. */
export function alikeQuery(
  actor: Actor,
  brandId: string,
  seeds: readonly string[],
  { now, others, limit }: { now: Date; others: boolean; limit: number },
) {
  const since = new Date(now.getTime() - days * 86_400_000).toISOString()
  const need = Math.max(1, Math.ceil(seeds.length / 3))
  const model = (id: string) => sql`(select lower(f.model) from ticket_facts f where f.ticket_id = ${sql.raw(id)})`
  const wordsOf = (id: string) => sql`
    select distinct ${sql.raw(id)} as id, word from (
      select m.search from messages m
      where m.ticket_id = ${sql.raw(id)} and m.direction = 'inbound' and m.deleted_at is null
      order by m.ordered_at, coalesce(m.sequence, ''), m.id limit ${messagesEach}
    ) first cross join lateral unnest((tsvector_to_array(first.search))[1:${tokensEach}]) as word
    where char_length(word) > 1`
  return sql`
    with seed as materialized (
      select t.id, t.contact_id, t.category, ${model('t.id')} as model from tickets t
      where t.id = any(${uuids(seeds)}) and t.brand_id = ${brandId} and ${inScope(actor, sql`t.brand_id`)}
    ), wanted as materialized (
      select word from seed cross join lateral (${wordsOf('seed.id')}) w group by word having count(*) >= ${need}
    ), recent as materialized (
      select t.id, t.category, ${model('t.id')} as model from tickets t
      where t.brand_id = ${brandId} and ${inScope(actor, sql`t.brand_id`)} and t.last_message_at >= ${since}::timestamptz
        and t.id <> all(${uuids(seeds)})
        ${others ? sql`and t.contact_id not in (select contact_id from seed)` : sql``}
      order by t.last_message_at desc, t.id desc limit ${compared}
    ), words as materialized (
      select w.id, w.word from recent cross join lateral (${wordsOf('recent.id')}) w
    ), weights as materialized (
      select word, ln((select count(*) + ${assumed} from recent)::float8 / (count(id) + 1)) as weight
      from (select id, word from words union all select null, word from wanted) all_words group by word
    ), sums as (
      select w.id, sum(k.weight) as all_of_it, sum(k.weight) filter (where s.word is not null) as common
      from words w join weights k on k.word = w.word left join wanted s on s.word = w.word group by w.id
    ), scored as (
      select r.id, coalesce(round(200 * sums.common / nullif(sums.all_of_it + (
          select sum(weight) from weights where word in (select word from wanted)), 0)), 0)::int as likeness,
        coalesce(r.category in (select category from seed), false) as same_category,
        coalesce(r.model in (select model from seed), false) as same_model
      from recent r left join sums on sums.id = r.id
    )
    select id, likeness, same_category, same_model from scored
    where likeness >= ${alikeFrom} or (likeness >= ${alikeWith} and (same_category or same_model))
    order by likeness desc, id desc limit ${limit}`
}
