/** What can be done with a mention, each with its way back. */
import type { TFunction } from 'i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { MentionTicket } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { toast } from '../ui/toast.ts'

/** What became of a mention in this window, until the list says so itself. */
export type Done =
  | { readonly kind: 'ticket'; readonly ticketId: string; readonly number: number }
  | { readonly kind: 'dismissed' }
  | { readonly kind: 'restored' }

export type Note = (ids: readonly string[], done: Done | null) => void

const refresh = () => {
  queryClient.invalidateQueries({ queryKey: keys.mentions })
  queryClient.invalidateQueries({ queryKey: keys.queues })
}

async function tried(t: TFunction, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    toast(t('mentions.failed', { reason: problemText(error, t) }), { tone: 'danger' })
  } finally {
    refresh()
  }
}

export function makeTicket(t: TFunction, id: string, note: Note): Promise<void> {
  return tried(t, async () => {
    const made = await request<MentionTicket>(`/api/mentions/${id}/ticket`, { method: 'POST', body: {} })
    const { ticketId, number, created } = made
    note([id], { kind: 'ticket', ticketId, number })
    const undo = () =>
      void tried(t, async () => {
        await request(`/api/mentions/${id}/ticket`, { method: 'DELETE' })
        note([id], null)
        toast(t('mentions.ticketUndone'))
      })
    toast(
      t(created ? 'mentions.ticketMade' : 'mentions.ticketJoined', { number }),
      created ? { action: { label: t('mentions.undo'), run: undo } } : {},
    )
  })
}

export function mark(t: TFunction, ids: readonly string[], dismissed: boolean, note: Note): Promise<void> {
  return tried(t, async () => {
    const send = (body: { ids: readonly string[]; dismissed: boolean }) =>
      request<{ changed: number }>('/api/mentions/marks', { method: 'POST', body })
    const { changed: count } = await send({ ids, dismissed })
    note(ids, { kind: dismissed ? 'dismissed' : 'restored' })
    if (count === 0) return
    const undo = () =>
      void tried(t, async () => {
        await send({ ids, dismissed: !dismissed })
        note(ids, null)
      })
    toast(t(dismissed ? 'mentions.dismissed' : 'mentions.restored', { count }), {
      action: { label: t('mentions.undo'), run: undo },
    })
  })
}
