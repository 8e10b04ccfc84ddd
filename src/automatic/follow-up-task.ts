/** The follow-up as something a person does: opened once, on any node. */
import { systemActor } from '../auth/actor.ts'
import type { Tx } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { automaticMessages, tasks } from '../db/schema.ts'
import { appendEvents } from '../live/append.ts'
import type { TicketRow } from '../tickets/lock-ticket.ts'
import type { Language } from './texts.ts'

const words: Readonly<Record<Language, (number: number) => string>> = {
  zh: (number) => `回访：工单 #${number} 处理完已有几天，问问客户用得怎么样。`,
  en: (number) => `Follow up: ticket #${number} was finished some days ago. Ask how it goes.`,
}

export async function openFollowUp(
  tx: Tx,
  ticket: TicketRow,
  { key, language, now }: { readonly key: string; readonly language: Language; readonly now: Date },
): Promise<void> {
  const { id: ticketId, brandId, assigneeId } = ticket
  const decided = { id: newId(), key, kind: 'follow_up', ticketId, skipped: 'as_task', yields: true, createdAt: now }
  const [first] = await tx.insert(automaticMessages).values(decided).onConflictDoNothing().returning()
  if (!first) return
  const by = { createdBy: systemActor.id, createdName: systemActor.name }
  const text = words[language](ticket.number)
  await tx
    .insert(tasks)
    .values({ id: newId(), kind: 'reply', brandId, ticketId, text, dueAt: now, assigneeId, ...by, createdAt: now })
  await appendEvents(tx, [{ brandId, type: 'task', ticketId, version: null }])
}
