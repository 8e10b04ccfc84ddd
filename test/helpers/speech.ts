/** A house whose accounts speak by themselves: settings, due work run at a chosen time, what was said. */
import { and, asc, eq, like } from 'drizzle-orm'
import type { OpenAccount } from '../../src/accounts/connections.ts'
import { automaticHandlers } from '../../src/automatic/plan.ts'
import type { SpeakDeps } from '../../src/automatic/speak.ts'
import type { Capabilities } from '../../src/channel/capabilities.ts'
import { claimDue, finish, runAgain } from '../../src/db/due-rows.ts'
import type { DueHandler } from '../../src/db/run-due.ts'
import { automaticSettings, deliveries, dueWork, messages, tickets } from '../../src/db/schema.ts'
import { type AutomaticKind, AutomaticSettings, type Speech } from '../../src/wire-automatic.ts'
import { createHouse, message, plainCapabilities, seal } from './house.ts'

export const statusUrl = 'https://care.example.com/status'

export async function createSpeechHouse() {
  const house = await createHouse()
  const { db } = house
  let now = new Date('2026-11-25T02:00:00Z')
  const deps: SpeakDeps = {
    db,
    now: () => now,
    seal,
    config: { url: 'https://care.example.com', door: null } as SpeakDeps['config'],
    connections: house.connections,
    nudge: () => {},
    wakeSender: () => {},
  }

  /** An account that says these kinds by itself. */
  async function speaking(
    kinds: readonly AutomaticKind[],
    more: Partial<Omit<AutomaticSettings, 'kinds'>> & { speech?: Partial<Speech>; capabilities?: Capabilities } = {},
  ): Promise<OpenAccount> {
    const { speech, capabilities = plainCapabilities, ...rest } = more
    const account = await house.account({}, { capabilities })
    const settings = AutomaticSettings.parse({
      kinds: Object.fromEntries(kinds.map((kind) => [kind, { on: true, ...speech }])),
      ...rest,
    })
    await db.insert(automaticSettings).values({ accountId: account.id, settings, updatedAt: now })
    return account
  }

  const ingest = house.ingest({ now: () => now })
  let lines = 0

  return {
    ...house,
    deps,
    speaking,
    now: () => now,
    at: (time: Date | string) => {
      now = new Date(time)
    },
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms)
    },
    /** The customer of the account writes. */
    async says(account: OpenAccount, text: string, more: Parameters<typeof message>[0] = {}): Promise<void> {
      const externalId = `${account.id}-${++lines}`
      await ingest.submit(account, [message({ externalId, text, sentAt: now, ...more })])
    },
    /** All that is due by now, until nothing is. */
    async runDue(handlers: Readonly<Record<string, DueHandler>> = automaticHandlers(deps)): Promise<void> {
      const signal = new AbortController().signal
      for (;;) {
        const rows = await claimDue(db, { kinds: Object.keys(handlers), limit: 50, leaseMs: 30_000, now })
        if (rows.length === 0) return
        for (const row of rows) {
          const again = await handlers[row.kind]!(row, { signal, attempt: 1, isLast: false })
          if (again) await runAgain(db, row, again.again)
          else await finish(db, row)
        }
      }
    },
    async ticketsOf(account: OpenAccount) {
      return db.select().from(tickets).where(eq(tickets.accountId, account.id)).orderBy(asc(tickets.number))
    },
    /** What was said by itself, oldest first. */
    async said(account: OpenAccount): Promise<string[]> {
      const rows = await db
        .select({ text: messages.text })
        .from(messages)
        .where(and(eq(messages.accountId, account.id), eq(messages.automatic, true)))
        .orderBy(asc(messages.ticketVersion), asc(messages.orderedAt), asc(messages.id))
      return rows.map(({ text }) => text ?? '')
    },
    /** As if the platform had taken everything. */
    async deliver(account: OpenAccount): Promise<void> {
      for (const state of ['claimed', 'sending', 'sent'] as const) {
        const before = { claimed: 'queued', sending: 'claimed', sent: 'sending' } as const
        await db
          .update(deliveries)
          .set({ state })
          .where(and(eq(deliveries.accountId, account.id), eq(deliveries.state, before[state])))
      }
    },
    due: () => db.select().from(dueWork).where(like(dueWork.kind, 'automatic.%')).orderBy(asc(dueWork.kind)),
  }
}

export type SpeechHouse = Awaited<ReturnType<typeof createSpeechHouse>>
