import type { Tx } from '../db/client.ts'
import { appendEvents } from '../live/append.ts'
import type { TaskRow } from './lock-task.ts'

export async function tell(tx: Tx, { brandId, ticketId }: Pick<TaskRow, 'brandId' | 'ticketId'>): Promise<void> {
  await appendEvents(tx, [{ brandId, type: 'task', ticketId, version: null }])
}
