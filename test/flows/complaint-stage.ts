/** Everything a complaint's life needs: the server, every channel with its simulated platform, shipped rules on, and a clock that a test moves. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { expect, vi } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { addAccount } from '../../src/accounts/add.ts'
import { systemActor } from '../../src/auth/actor.ts'
import { createUser } from '../../src/auth/create-user.ts'
import { createKey } from '../../src/auth/keys.ts'
import type { Surface } from '../../src/channel/events.ts'
import { readConfig } from '../../src/config.ts'
import { newId } from '../../src/db/id.ts'
import { openHouse } from '../../src/db/open.ts'
import { brands } from '../../src/db/schema.ts'
import { serve } from '../../src/serve.ts'
import type { TicketDetail, Uploaded } from '../../src/wire.ts'
import { AutomaticKind } from '../../src/wire-automatic.ts'
import type { RulePut } from '../../src/wire-rules.ts'
import type { ContractCustomer, ContractSample, ContractSimulator } from '../helpers/contract-sample.ts'
import { createTestDatabase } from '../helpers/database.ts'
import { openFront } from '../helpers/front.ts'
import { until } from '../helpers/until.ts'
import { urlOf } from '../helpers/url.ts'

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

export interface Stand {
  readonly channel: string
  readonly accountId: string
  readonly simulator: ContractSimulator
}

/** A customer on one account, and what they have read so far. */
export interface Talk {
  readonly stand: Stand
  readonly customer: ContractCustomer
  /** They write, and it is a message here. Returns its ticket. */
  says(text: string): Promise<string>
  /** What they got since the last call: exactly these, each with all of its words, in this order. */
  got(...words: readonly (readonly (string | RegExp)[])[]): Promise<string[]>
}

export type ComplaintStage = Awaited<ReturnType<typeof openComplaintStage>>

export const surfacesOf = (channel: string): readonly Surface[] =>
  Object.keys(adapterOf(channel).capabilities.surfaces) as Surface[]
const adapterOf = (channel: string) => adapters.find((adapter) => adapter.channel === channel)!

export async function openComplaintStage() {
  const real = new Date()
  const database = await createTestDatabase()
  // A Monday morning. The database's own clock stays where it is, behind.
  vi.useFakeTimers({ toFake: ['Date'], now: mondayAfter(real), shouldAdvanceTime: true })
  const { sql } = database
  // Where the platform is us, an outbound line stands where the database settled it, among inbound ones by the node's clock.
  await sql`create table test_clock (ahead interval not null)`
  await sql`insert into test_clock values (${Date.now() - real.getTime()}::float8 * interval '1 millisecond')`
  await sql.unsafe(`
    create function settle_ahead() returns trigger language plpgsql as $$
    begin
      new.settled_at := new.settled_at + (select ahead from test_clock);
      return new;
    end $$;
    create trigger settle_ahead before update on deliveries for each row
      when (old.settled_at is distinct from new.settled_at and new.settled_at is not null) execute function settle_ahead()`)
  const front = await openFront()
  const data = await mkdtemp(join(tmpdir(), 'huixin-complaint-'))
  const config = readConfig({
    PORT: '0',
    HUIXIN_DATA: data,
    HUIXIN_URL: front.url,
    DATABASE_URL: urlOf(database.target),
    HUIXIN_SECRET: 'a secret for tests that is long enough',
  })
  const house = await openHouse(config, { note: () => {} })
  const channels = new Map(adapters.map((adapter) => [adapter.channel, adapter]))
  await house.database.db.insert(brands).values({ id: newId(), name: 'Aurora' })
  const stands = new Map<string, Stand>()
  const deps = { db: house.database.db, seal: house.seal, channels, now: () => new Date() }
  for (const { channel } of adapters) {
    const { sample }: { sample: ContractSample } = await import(`../../adapters/${channel}/contract.ts`)
    const simulator = await sample.simulate!()
    const input = { channel, name: channel, settings: simulator.settings, intake: 'tickets' } as const
    const { id: accountId } = await addAccount(deps, systemActor, input)
    stands.set(channel, { channel, accountId, simulator })
  }
  const now = () => new Date()
  // A clock that jumps ends every lease at once; short ones are free again soon.
  const spans = { leases: { ttlMs: 4_000, renewMs: 500, marginMs: 500 } }
  const server = await serve({ house, config, channels, log: pino({ level: 'silent' }), now, spans })
  front.to([server.url])
  const keys = {
    agent: (await createKey(house.database.db, systemActor, { name: '小李', role: 'agent' })).key,
    administrator: (await createKey(house.database.db, systemActor, { name: 'Tests', role: 'administrator' })).key,
  }
  const supervisor = await createUser(house.database.db, systemActor, {
    name: '王主管',
    email: 'lead@example.com',
    role: 'supervisor',
    password: 'seven quiet lanterns',
  })

  async function request(
    who: keyof typeof keys,
    method: string,
    path: string,
    body?: unknown,
    type = 'application/json',
  ) {
    return fetch(new URL(path, front.url), {
      method,
      headers: { authorization: `Bearer ${keys[who]}`, ...(body === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { body: type === 'application/json' ? JSON.stringify(body) : (body as string) }),
    })
  }
  async function as<T>(
    who: keyof typeof keys,
    method: string,
    path: string,
    body?: unknown,
    type?: string,
  ): Promise<T> {
    const answer = await request(who, method, path, body, type)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return (text === '' ? null : JSON.parse(text)) as T
  }
  const agent = <T>(method: string, path: string, body?: unknown) => as<T>('agent', method, path, body)
  const administrator = <T>(method: string, path: string, body?: unknown, type?: string) =>
    as<T>('administrator', method, path, body, type)

  const { rules } = await administrator<{ rules: (RulePut & { id: string })[] }>('GET', '/api/rules')
  for (const { id } of rules) await administrator('PATCH', `/api/rules/${id}`, { enabled: true })

  /** Nothing is due and nothing on its way: what is going to be said by itself has been said. */
  async function quiet(): Promise<void> {
    await until(
      async () => {
        const [row] = await sql<{ busy: number }[]>`
          select ((select count(*) from due_work where due_at <= ${new Date().toISOString()}::timestamptz and parked_at is null)
            + (select count(*) from deliveries where state in ('queued', 'claimed', 'sending') and not by_hand))::int as busy`
        return row?.busy === 0
      },
      { timeoutMs: 40_000, everyMs: 50, what: 'nothing is due and nothing on its way' },
    )
    const parked = await sql`select kind, subject, reason from due_work where parked_at is not null`
    expect([...parked]).toEqual([])
  }

  async function bring(accountId: string, said: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }) {
    const path = `/api/accounts/${accountId}/imports?name=${encodeURIComponent(said.name)}`
    const answer = await fetch(new URL(path, front.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${keys.administrator}`, 'content-type': 'text/csv' },
      body: said.bytes,
    })
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
    const uploaded = (await answer.json()) as Uploaded
    await administrator('POST', `/api/imports/${uploaded.import.id}/start`, { mapping: uploaded.preview.mapping })
  }

  async function says({ accountId, channel }: Stand, customer: ContractCustomer, text: string): Promise<string> {
    const before = await sql<
      { id: string }[]
    >`select id from messages where account_id = ${accountId} and direction = 'inbound'`
    const known = new Set(before.map(({ id }) => id))
    const said = await customer.says(text, `${front.url}/webhooks/${accountId}`)
    // Platforms that are asked in turn are asked now: by the database's clock, which stays behind, their turn is not yet.
    await sql`update poll_cursors set next_at = now() where account_id = ${accountId}`
    if (adapterOf(channel).imports) await bring(accountId, said as { name: string; bytes: Uint8Array<ArrayBuffer> })
    const ticketId = await until(
      async () => {
        const rows = await sql<{ id: string; ticketId: string | null }[]>`
          select id, ticket_id as "ticketId" from messages
          where account_id = ${accountId} and direction = 'inbound' and text like ${`%${text}%`}`
        return rows.find(({ id }) => !known.has(id))?.ticketId
      },
      { timeoutMs: 40_000, what: `“${text}” is in` },
    )
    await quiet()
    return ticketId
  }

  return {
    sql,
    front,
    stands,
    supervisor,
    agent,
    administrator,
    request,
    quiet,
    /** Everything that became due meanwhile is done. */
    async pass(ms: number): Promise<void> {
      await sql`update test_clock set ahead = ahead + ${ms}::float8 * interval '1 millisecond'`
      vi.setSystemTime(Date.now() + ms)
      await quiet()
    },
    ticket: (id: string) => agent<TicketDetail>('GET', `/api/tickets/${id}`),
    /** All that may be said by itself is on, in private; a question for news goes out after a day, silence closes after three. */
    async speak(accountId: string, onPublic = false): Promise<void> {
      const kinds = Object.fromEntries(AutomaticKind.options.map((kind) => [kind, { on: true, onPublic }]))
      const hours = { days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00', chineseHolidays: false }
      const settings = { kinds, hours, followUpAfterMs: day, closeAfterMs: 3 * day }
      await administrator('PUT', `/api/accounts/${accountId}/automatic`, { settings })
    },
    /** Every account is read from now on: who was there before is not a customer. */
    async ready(): Promise<void> {
      await until(
        async () => {
          const rows = await sql`
            select from accounts a where not exists (select from account_leases l where l.account_id = a.id)
              or a.health ->> 'state' = 'refused' or a.health is null
              or exists (select from poll_cursors c where c.account_id = a.id and c.cursor is null)`
          return rows.length === 0
        },
        { timeoutMs: 60_000, what: 'every account is read' },
      )
      await quiet()
    },
    talk(channel: string, name: string, surface: Surface): Talk {
      const stand = stands.get(channel)!
      const customer = stand.simulator.customer(name, surface)
      let read = 0
      return {
        stand,
        customer,
        says: (text) => says(stand, customer, text),
        async got(...words) {
          await quiet()
          // A program that listens hears a moment after it was sent.
          const came = () => customer.heard().length - read >= words.length
          await until(came, { timeoutMs: 10_000, what: 'it came' }).catch(() => {})
          const fresh = customer.heard().slice(read)
          read += fresh.length
          expect(fresh.length, `what came: ${JSON.stringify(fresh)}`).toBe(words.length)
          for (const [index, wanted] of words.entries()) {
            for (const word of wanted) expect(fresh[index]).toMatch(word)
          }
          return fresh
        },
      }
    },
    async close(): Promise<void> {
      await server.stop()
      for (const { simulator } of stands.values()) await simulator.close()
      await front.close()
      await house.close()
      await database.close()
      await rm(data, { recursive: true, force: true })
      vi.useRealTimers()
    },
  }
}

/** Ten in the morning in Shanghai. */
function mondayAfter(at: Date): Date {
  const monday = new Date(at.getTime() + day)
  while (monday.getUTCDay() !== 1) monday.setTime(monday.getTime() + day)
  monday.setUTCHours(2, 0, 0, 0)
  return monday
}
