/** The drafts that are open now, so that something else that writes into one can have it saved before and read after. */
import type { DraftSync } from './draft-sync.ts'

const open = new Map<string, DraftSync>()

export function registerDraft(ticketId: string, sync: DraftSync): () => void {
  open.set(ticketId, sync)
  return () => {
    if (open.get(ticketId) === sync) open.delete(ticketId)
  }
}

/** What is written here is on the server when it resolves. */
export async function flushDraft(ticketId: string): Promise<void> {
  await open.get(ticketId)?.settle()
}

/** Takes up what was written there meanwhile. */
export async function reloadDraft(ticketId: string): Promise<void> {
  await open.get(ticketId)?.reload()
}
