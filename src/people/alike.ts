/**
 * Who may be the same person: the same number, address or handle on another account of the brand, or the same name and
 * serial number. A suggestion and no more: people share phones, and handles are taken again.
 */
import { sql } from 'drizzle-orm'
import type { Db } from '../db/client.ts'
import type { PersonDetail } from '../wire-people.ts'
import { type Person, uuids } from './alias.ts'

const MOST = 10

type Why = PersonDetail['alike'][number]['why']

export async function alikeOf(db: Db, { contact, ids }: Person): Promise<PersonDetail['alike']> {
  const own = uuids(ids)
  const brand = sql`(select id from accounts where brand_id = ${contact.brandId})`
  // A handle or an id of the platform that is a number or an address is that person's wherever it stands.
  const rows = await db.execute<{ id: string; why: Why }>(sql`
    with mine as (
      select lower(trim(leading '@' from i.handle)) as handle, i.external_id, i.account_id from identities i
      where i.contact_id = any(${own})
    ), words as (
      select handle as word from mine where handle is not null
      union select lower(external_id) from mine where external_id ~ '^\\+[0-9]{7,15}$' or external_id like '%_@_%._%'
    ), hits as (
      select i.contact_id as id, w.word from words w join identities i on lower(i.handle) in (w.word, '@' || w.word)
      where i.account_id in ${brand} and length(w.word) > 2
      union
      select i.contact_id, w.word from words w
      join (select id from accounts where brand_id = ${contact.brandId}) a on true
      join identities i on i.account_id = a.id and i.external_id = w.word
      where w.word ~ '^\\+[0-9]{7,15}$' or w.word like '%_@_%._%'
    ), found as (
      select id, case when word ~ '^\\+[0-9]{7,15}$' then 'phone' when word like '%_@_%._%' then 'email' else 'handle' end as why
      from hits
      union
      select v.contact_id, 'serial' from contact_values o
      join contact_fields f on f.id = o.field_id and f.key = 'serial'
      join contact_values v on v.field_id = o.field_id and v.value = o.value
      join contacts c on c.id = v.contact_id
      where o.contact_id = any(${own}) and o.value <> '' and c.brand_id = ${contact.brandId} and lower(c.name) = lower(${contact.name})
    )
    select distinct on (f.id) f.id, f.why from found f
    join contacts c on c.id = f.id and c.brand_id = ${contact.brandId}
    where not f.id = any(${own})
      and not exists (select from contact_merges m where m.from_id = f.id and m.undone_at is null)
      and not exists (select from contacts_apart p where (p.a_id = f.id and p.b_id = any(${own})) or (p.b_id = f.id and p.a_id = any(${own})))
    order by f.id, array_position(array['phone','email','serial','handle'], f.why) limit ${MOST}`)
  if (rows.length === 0) return []
  const people = await db.execute<Omit<PersonDetail['alike'][number], 'why'>>(sql`
    select c.id, c.name, (select count(*)::int from tickets t where t.contact_id = c.id) as tickets,
      coalesce((
        select json_agg(json_build_object('channel', a.channel, 'name', i.name, 'handle', i.handle) order by i.created_at, i.id)
        from identities i join accounts a on a.id = i.account_id where i.contact_id = c.id
      ), '[]') as identities
    from contacts c where c.id = any(${uuids(rows.map(({ id }) => id))})`)
  const byId = new Map(people.map((person) => [person.id, person]))
  return rows.flatMap(({ id, why }) => {
    const person = byId.get(id)
    return person ? [{ ...person, why }] : []
  })
}
