import { sql } from 'drizzle-orm'
import type { Author, Surface } from '../channel/events.ts'
import { cleanText } from '../channel/text.ts'
import type { Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { updateRows } from '../db/insert-rows.ts'
import { identities } from '../db/schema.ts'
import type { Incoming } from './take-keys.ts'

export interface Identity {
  readonly id: string
  readonly contactId: string
  readonly accountId: string
  readonly externalId: string
  name: string
  reachable: boolean
  /** Where they cannot be reached; null: nowhere. */
  unreachableOn: Surface | null
  reachabilityAt: Date | null
  /** What they write is kept, and opens no ticket. */
  blocked: boolean
  /** Made by this batch. */
  isNew?: true
}

/** With what is compared to see whether the person changed their name. */
export interface KnownIdentity extends Identity {
  readonly handle: string | null
  readonly avatarUrl: string | null
}

export type ByExternalId<T> = Map<string, T>
/** Maps are keyed by account and external id together. */
export const at = (accountId: string, externalId: string) => `${accountId}\n${externalId}`

/** The person behind each event, made where new; names and handles follow the platform. */
export async function identify(
  tx: Tx,
  fresh: readonly Incoming[],
  found: ByExternalId<KnownIdentity>,
): Promise<ByExternalId<Identity>> {
  const wanted = peopleOf(fresh)
  const missing = wanted.filter((one) => !found.has(at(one.accountId, one.author.externalId)))
  if (missing.length > 0) for (const [key, row] of await create(tx, missing)) found.set(key, row)
  const changed = []
  const renamed = []
  for (const { accountId, author, known } of wanted) {
    const row = found.get(at(accountId, author.externalId))
    if (!row || !known) continue
    const { avatarUrl, ...next } = columns(author)
    // Some payloads leave the picture out: that takes none away.
    const picture = avatarUrl ?? row.avatarUrl
    if (row.name === next.name && row.handle === next.handle && row.avatarUrl === picture) continue
    changed.push({ id: row.id, ...next, avatarUrl: picture })
    if (row.name !== next.name) renamed.push({ id: row.contactId, was: row.name, name: next.name })
    row.name = next.name
  }
  await updateRows(tx, identities, changed)
  await renameContacts(tx, renamed)
  return found
}

/** A contact is called as the platform calls the person, until somebody at the desk knows better. */
async function renameContacts(tx: Tx, renamed: readonly { id: string; was: string; name: string }[]): Promise<void> {
  if (renamed.length === 0) return
  await tx.execute(sql`
    update contacts c set name = r.name
    from json_to_recordset(${JSON.stringify(renamed)}::json) as r(id uuid, was text, name text)
    where c.id = r.id and c.name = r.was`)
}

type Wanted = { accountId: string; brandId: string; author: Author; known: boolean }

/** Each person once, in one order, so that two nodes wait for each other instead of deadlocking. */
function peopleOf(incoming: readonly Incoming[]): Wanted[] {
  const people = new Map<string, Wanted>()
  for (const { account, event } of incoming) {
    const author = authorOf(event)
    if (!author) continue
    const key = at(account.id, author.externalId)
    // A message tells the name; a follow or a block only the id. The newest message wins.
    if (!people.has(key) || author.known) {
      people.set(key, { accountId: account.id, brandId: account.brandId, author, known: author.known })
    }
  }
  return [...people].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, person]) => person)
}

/** `known`: the event tells who it is, not only their id. Null: nobody is made for it. */
export function authorOf(event: Incoming['event']): (Author & { known: boolean }) | null {
  switch (event.type) {
    case 'message':
    case 'edited':
      return { ...event.message.author, known: event.message.author.isNamed !== false }
    case 'opened':
    case 'reachability':
      return {
        externalId: event.identity,
        name: event.identity,
        handle: null,
        avatarUrl: null,
        followers: null,
        known: false,
      }
    default:
      return null
  }
}

const columns = (author: Author) => ({
  name: cleanText(author.name || author.handle || author.externalId).slice(0, 200),
  handle: author.handle === null ? null : cleanText(author.handle),
  avatarUrl: author.avatarUrl,
  followers: author.followers,
})

/** New people, each with a contact of their own. Another node may have been first with some: theirs stand. */
async function create(tx: Tx, missing: readonly Wanted[]): Promise<ByExternalId<KnownIdentity>> {
  const rows = missing.map(({ accountId, brandId, author }) => {
    const own = {
      id: newId(),
      contactId: newId(),
      reachable: true,
      unreachableOn: null,
      reachabilityAt: null,
      blocked: false,
      isNew: true,
    } as const
    return { ...own, accountId, brandId, externalId: author.externalId, ...columns(author) }
  })
  const taken = await tx.execute<{ id: string }>(sql`
    with r as materialized (
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as r(id uuid, "contactId" uuid, "accountId" uuid,
        "brandId" uuid, "externalId" text, name text, handle text, "avatarUrl" text, followers int)
    ), person as (
      insert into identities (id, account_id, external_id, contact_id, name, handle, avatar_url, followers)
      select id, "accountId", "externalId", "contactId", name, handle, "avatarUrl", followers from r
      on conflict (account_id, external_id) do nothing
      returning id, contact_id
    ), contact as (
      insert into contacts (id, brand_id, name)
      select "contactId", "brandId", name from r where "contactId" = any(array(select contact_id from person))
    )
    select id from person`)
  const made = new Set(taken.map(({ id }) => id))
  const ours = rows.filter(({ id }) => made.has(id))
  const theirs = await read(
    tx,
    rows.filter(({ id }) => !made.has(id)),
  )
  return new Map([...ours.map((row): [string, KnownIdentity] => [at(row.accountId, row.externalId), row]), ...theirs])
}

async function read(
  tx: Tx,
  wanted: readonly Pick<KnownIdentity, 'accountId' | 'externalId'>[],
): Promise<ByExternalId<KnownIdentity>> {
  if (wanted.length === 0) return new Map()
  const pairs = JSON.stringify(wanted.map(({ accountId, externalId }) => ({ a: accountId, e: externalId })))
  const rows = await tx
    .select({
      id: identities.id,
      contactId: identities.contactId,
      accountId: identities.accountId,
      externalId: identities.externalId,
      name: identities.name,
      handle: identities.handle,
      avatarUrl: identities.avatarUrl,
      reachable: identities.reachable,
      unreachableOn: identities.unreachableOn,
      reachabilityAt: identities.reachabilityAt,
      blocked: sql<boolean>`exists (select from contact_blocks b where b.contact_id = ${identities.contactId})`,
    })
    .from(identities)
    .innerJoin(
      sql`json_to_recordset(${pairs}::json) as w(a uuid, e text)`,
      sql`${identities.accountId} = w.a and ${identities.externalId} = w.e`,
    )
  return new Map(rows.map((row) => [at(row.accountId, row.externalId), row]))
}
