/** Names of what is cached. Everything of one ticket starts with `['ticket', id]`. */
import type { QueueQuery } from '../inbox/views.ts'

export const keys = {
  me: ['me'] as const,
  setup: ['setup'] as const,
  channels: ['channels'] as const,
  brands: ['brands'] as const,
  colleagues: (brandId: string) => ['colleagues', brandId] as const,
  accounts: ['accounts'] as const,
  users: ['users'] as const,
  apiKeys: ['keys'] as const,
  quickReplies: ['quick-replies'] as const,
  savedViews: ['saved-views'] as const,
  counts: ['counts'] as const,
  count: (queries: readonly QueueQuery[]) => ['counts', queries] as const,
  queues: ['queue'] as const,
  queue: (query: QueueQuery) => ['queue', query] as const,
  ticket: (id: string) => ['ticket', id] as const,
  detail: (id: string) => ['ticket', id, 'detail'] as const,
  messages: (id: string) => ['ticket', id, 'messages'] as const,
  others: (id: string, messageId: string) => ['ticket', id, 'others', messageId] as const,
}
