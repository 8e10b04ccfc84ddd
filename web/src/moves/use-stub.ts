import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { TicketDetail } from '../api/wire.ts'
import { changeDraft, draftOf } from '../composer/draft-store.ts'
import { toast } from '../ui/toast.ts'
import { relationsQuery } from './api.ts'
import { useOpenTicket } from './use-open-ticket.ts'

/** A conversation that went into another one leads there, with what was being written in it. True: it is on its way. */
export function useStub(ticket: TicketDetail): boolean {
  const { t } = useTranslation()
  const open = useOpenTicket()
  const { data, isFetching } = useQuery(relationsQuery(ticket.id))
  // What is being read again may be over: after an undo, an old answer would lead straight back.
  const into = isFetching ? null : (data?.mergedInto ?? null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each place it leads to
  useEffect(() => {
    if (!into) return
    const { reply, note } = draftOf(ticket.id)
    const there = draftOf(into.id)
    const joined = (theirs: string, ours: string) =>
      ours.trim() === '' || theirs.includes(ours) ? theirs : [theirs, ours].filter(Boolean).join('\n\n')
    if (reply.trim() !== '' || note.trim() !== '') {
      changeDraft(into.id, { reply: joined(there.reply, reply), note: joined(there.note, note) })
      changeDraft(ticket.id, { reply: '', note: '', inReplyTo: null })
    }
    toast(t('move.wentInto', { from: ticket.number, number: into.number }))
    open(into.id)
  }, [into?.id])
  return into !== null
}
