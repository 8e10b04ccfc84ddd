/** A month behind the demo, so that its figures have something to tell. Written once, in one transaction, before the first post. */
import { sql } from 'drizzle-orm'
import type { Db } from './db/client.ts'
import { newId } from './db/id.ts'
import { insertRows } from './db/insert-rows.ts'
import {
  authUser,
  contacts,
  identities,
  installation,
  messages,
  type TicketStatus,
  threads,
  ticketChanges,
  tickets,
} from './db/schema.ts'
import { searchVector } from './tickets/search.ts'

const count = 360
const dayMs = 86_400_000
const minute = 60_000

const agents = ['小林', '小陈', 'Mia'] as const
const troubles: readonly (readonly [category: string | null, question: string, answer: string])[] = [
  ['product.battery', '充电特别慢，一晚上才充到一半', '请先换原装充电器试试；还是慢的话，我们帮您预约检测。'],
  ['product.screen', '屏幕右边有一条绿线', '抱歉给您添麻烦了。保修期内可以免费换屏，请告诉我们购买日期。'],
  ['product.network', '地铁里经常没信号，别人的手机都有', '请在设置里更新运营商配置，再重启一次。'],
  ['service', '寄修两周了还没有消息', '已经帮您催办，维修中心今天会给您回电。'],
  ['price', '刚买三天就降价了，能退差价吗', '七天内可以价保，请把订单号发给我们。'],
  [
    'usage',
    'How do I move my photos from the old phone?',
    'Use the mover in Settings; it takes photos, contacts and messages along.',
  ],
  [null, 'The camera makes a blue tint in daylight', 'Please send us one of the photos; we will look at it at once.'],
]

/** Deterministic: the same month in every demo. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Of these accounts. Does nothing where a demo has had its month already. */
export async function writeDemoHistory(
  db: Db,
  accounts: readonly { readonly id: string; readonly brandId: string }[],
  now: Date,
): Promise<void> {
  if (accounts.length === 0) return
  await db.transaction(async (tx) => {
    const [first] = await tx
      .insert(installation)
      .values({ key: 'demo_history', value: now.toISOString() })
      .onConflictDoNothing()
      .returning()
    if (!first) return
    const people = agents.map((name, index) => {
      return { id: newId(), name, email: `agent${index + 1}@example.com`, role: 'agent' as const, banned: true }
    })
    // They are names in the figures: nobody can sign in as one of them.
    await tx.insert(authUser).values(people).onConflictDoNothing()
    const month = monthOf(accounts, people, now)
    await insertRows(tx, contacts, month.contacts)
    await insertRows(tx, identities, month.identities)
    await insertRows(tx, threads, month.threads)
    await insertRows(tx, tickets, month.tickets)
    await insertRows(tx, messages, month.messages)
    await insertRows(tx, ticketChanges, month.changes)
    // Of the tickets' birth; what happened to them is told above.
    await tx.execute(sql`delete from ticket_changes where from_assignee_id is null and from_status = 'new' and at = any(
      array(select created_at from tickets where ticket_changes.ticket_id = tickets.id))`)
  })
}

function monthOf(
  accounts: readonly { readonly id: string; readonly brandId: string }[],
  people: readonly { readonly id: string; readonly name: string }[],
  now: Date,
) {
  const random = chance(20_261_125)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const all = Array.from({ length: count }, (_, index) => {
    const { id: accountId, brandId } = pick(accounts)
    const [category, question, answer] = pick(troubles)
    const agent = pick(people)
    // Fewer at night than in the day, more of late than a month ago.
    const day = 30 * (1 - random() ** 1.3)
    const hour = 8 + ((random() + random() + random()) / 3) * 14
    const created = Math.floor((now.getTime() - day * dayMs) / dayMs) * dayMs + (hour - 8) * 3_600_000
    const createdAt = new Date(Math.min(created, now.getTime() - 13 * 3_600_000))
    const answeredAt = new Date(createdAt.getTime() + (3 + random() ** 4 * 480) * minute)
    const resolvedAt = new Date(answeredAt.getTime() + (20 + random() ** 3 * 170) * minute)
    const ids = { contactId: newId(), identityId: newId(), threadId: newId(), ticketId: newId() }
    const reopened = random() < 0.06
    return {
      index,
      accountId,
      brandId,
      category,
      question,
      answer,
      agent,
      createdAt,
      answeredAt,
      resolvedAt,
      reopened,
      ...ids,
    }
  }).sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
  const name = (index: number) => `往期客户 ${index + 1}`
  const line = { surface: 'direct' as const, replyable: false, ticketVersion: 1 }
  const times = (at: Date) => ({ sentAt: at, receivedAt: at, orderedAt: at })
  return {
    contacts: all.map((one) => ({
      id: one.contactId,
      brandId: one.brandId,
      name: name(one.index),
      createdAt: one.createdAt,
    })),
    identities: all.map((one) => ({
      id: one.identityId,
      accountId: one.accountId,
      externalId: `demo-history-${one.index}`,
      contactId: one.contactId,
      name: name(one.index),
      reachable: false,
    })),
    threads: all.map((one) => ({
      id: one.threadId,
      accountId: one.accountId,
      externalId: `demo-history-${one.index}`,
      surface: 'direct' as const,
      identityId: one.identityId,
      currentTicketId: one.ticketId,
      lastInboundAt: one.createdAt,
    })),
    tickets: all.map((one) => ({
      id: one.ticketId,
      brandId: one.brandId,
      accountId: one.accountId,
      contactId: one.contactId,
      surface: 'direct' as const,
      status: 'closed' as const,
      tags: [],
      category: one.category,
      assigneeId: one.agent.id,
      preview: one.question,
      resolvedAt: one.resolvedAt,
      createdAt: one.createdAt,
      lastMessageAt: one.answeredAt,
    })),
    messages: all.flatMap((one) => {
      const base = { ...line, ticketId: one.ticketId, threadId: one.threadId, accountId: one.accountId }
      const asked = { direction: 'inbound' as const, identityId: one.identityId, authorName: name(one.index) }
      const told = { direction: 'outbound' as const, authorName: one.agent.name }
      return [
        {
          id: newId(),
          ...base,
          ...asked,
          userId: null,
          text: one.question,
          search: searchVector(one.question),
          ...times(one.createdAt),
        },
        {
          id: newId(),
          ...base,
          ...told,
          identityId: null,
          userId: one.agent.id,
          text: one.answer,
          search: searchVector(one.answer),
          ...times(one.answeredAt),
        },
      ]
    }),
    changes: all.flatMap((one) => {
      const move = (at: Date, fromStatus: TicketStatus, status: TicketStatus) => ({
        ticketId: one.ticketId,
        brandId: one.brandId,
        at,
        version: 1,
        fields: ['status' as const],
        fromStatus,
        status,
        fromPriority: 'normal' as const,
        priority: 'normal' as const,
        category: one.category,
        fromAssigneeId: one.agent.id,
        assigneeId: one.agent.id,
      })
      const answered = move(one.answeredAt, 'new', 'waiting_customer')
      if (!one.reopened) return [answered, move(one.resolvedAt, 'waiting_customer', 'closed')]
      const between = (share: number) =>
        new Date(one.answeredAt.getTime() + (one.resolvedAt.getTime() - one.answeredAt.getTime()) * share)
      return [
        answered,
        move(between(0.4), 'waiting_customer', 'resolved'),
        move(between(0.6), 'resolved', 'open'),
        move(one.resolvedAt, 'open', 'closed'),
      ]
    }),
  }
}
