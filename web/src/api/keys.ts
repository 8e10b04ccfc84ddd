/** Names of what is cached. Everything of one ticket starts with `['ticket', id]`. */
import type { QueueQuery } from '../inbox/views.ts'
import type { MentionSearch } from '../mentions/search.ts'
import type { TaskListQuery } from '../tasks/views.ts'

export const keys = {
  me: ['me'] as const,
  setup: ['setup'] as const,
  channels: ['channels'] as const,
  brands: ['brands'] as const,
  colleagues: (brandId: string) => ['colleagues', brandId] as const,
  accounts: ['accounts'] as const,
  users: ['users'] as const,
  apiKeys: ['keys'] as const,
  mentions: ['mentions'] as const,
  mentionList: (query: MentionSearch) => ['mentions', 'list', query] as const,
  mentionCounts: (query: MentionSearch) => ['mentions', 'counts', query] as const,
  imports: (accountId: string) => ['imports', accountId] as const,
  import: (id: string) => ['import', id] as const,
  quickReplies: ['quick-replies'] as const,
  savedViews: ['saved-views'] as const,
  bulks: ['bulk'] as const,
  matching: (query: QueueQuery) => ['matching', query] as const,
  macros: ['macros'] as const,
  contactFields: ['contact-fields'] as const,
  /** Everything of one person starts with it. */
  contact: (id: string) => ['contact', id] as const,
  counts: ['counts'] as const,
  count: (queries: readonly QueueQuery[]) => ['counts', queries] as const,
  queues: ['queue'] as const,
  queue: (query: QueueQuery) => ['queue', query] as const,
  tasks: ['tasks'] as const,
  taskList: (query: TaskListQuery) => ['tasks', query] as const,
  ticket: (id: string) => ['ticket', id] as const,
  detail: (id: string) => ['ticket', id, 'detail'] as const,
  acts: (id: string) => ['ticket', id, 'acts'] as const,
  relations: (id: string) => ['ticket', id, 'relations'] as const,
  messages: (id: string) => ['ticket', id, 'messages'] as const,
  others: (id: string, messageId: string) => ['ticket', id, 'others', messageId] as const,
}
