/** Fifty thousand conversations in a few seconds: one statement a table. */
import type { Sql } from '../src/db/client.ts'

export async function seedTickets(
  sql: Sql,
  given: { brandId: string; accountId: string; tickets: number },
): Promise<void> {
  const { brandId, accountId, tickets } = given
  const words = `(array['手机无法开机，充电也没有反应','屏幕一直闪','耗电太快，半天就没电','信号很差，总是断网','系统更新后很卡',
    'The screen flickers since the update','Battery drains within two hours','后盖裂了，能免费换吗'])`
  // Newest last, so that the ids are in the order of time: one conversation every twenty seconds.
  const at = `now() - (${tickets} - n) * interval '20 seconds'`
  await sql.begin(async (tx) => {
    // For requests it is ten seconds or so; three hundred thousand rows take longer on a busy machine.
    await tx.unsafe(`set local statement_timeout = '120s'`)
    await tx.unsafe(`set local synchronous_commit = off`)
    await tx.unsafe(`
      create temporary table seed on commit drop as
      select n, uuidv7(${at} - now()) as contact, uuidv7(${at} - now()) as identity, uuidv7(${at} - now()) as thread,
        uuidv7(${at} - now()) as ticket, ${at} as at, '客户' || n as name, ${words}[1 + n % 8] as text
      from generate_series(1, ${tickets}) n`)
    await tx.unsafe(
      `insert into contacts (id, brand_id, name, created_at) select contact, '${brandId}', name, at from seed`,
    )
    await tx.unsafe(`
      insert into identities (id, account_id, external_id, contact_id, name, handle, created_at)
      select identity, '${accountId}', 'seed-' || n, contact, name, 'seed' || n, at from seed`)
    await tx.unsafe(`
      insert into tickets (id, brand_id, account_id, contact_id, status, priority, surface, preview, last_message_at, unanswered_since, created_at)
      select ticket, '${brandId}', '${accountId}', contact, (array['new','open','waiting_customer','open'])[1 + n % 4],
        (array['normal','normal','high','urgent'])[1 + n % 4], 'direct', text, at, case when n % 4 <> 2 then at end, at
      from seed order by n`)
    await tx.unsafe(`
      insert into threads (id, account_id, external_id, surface, identity_id, current_ticket_id, last_inbound_at, created_at)
      select thread, '${accountId}', 'seed-' || n, 'direct', identity, ticket, at, at from seed`)
    await tx.unsafe(`
      insert into messages (id, ticket_id, thread_id, account_id, direction, external_id, surface, identity_id, author_name, text,
        sent_at, received_at, ordered_at, ticket_version)
      select uuidv7(at - now()), ticket, thread, '${accountId}', 'inbound', 'seed-' || n || '-' || k, 'direct', identity, name,
        text || ' ' || k, at - (3 - k) * interval '1 minute', at, at - (3 - k) * interval '1 minute', 1
      from seed, generate_series(1, 3) k`)
  })
  // One table after the other: each well within a statement's time.
  for (const table of ['contacts', 'identities', 'threads', 'tickets', 'messages']) await sql.unsafe(`analyze ${table}`)
}
