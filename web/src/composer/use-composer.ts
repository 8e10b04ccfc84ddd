/** Everything the parts of the composer have in common: the draft, its target, what stands in the way, and sending. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { refuseDraft } from '#channel/refuse.ts'
import { keys } from '../api/keys.ts'
import { ApiError } from '../api/problem.ts'
import { channelsQuery } from '../api/queries.ts'
import type { Message, NewReply, TicketDetail } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { useOthers } from '../presence/Colleagues.tsx'
import { reporter } from '../presence/page.ts'
import { queryClient } from '../query-client.ts'
import { openVariables } from '../quick/fill.ts'
import { markSeen, seenVersion } from '../thread/seen.ts'
import { useMessages } from '../thread/use-messages.ts'
import { putMessage } from '../ticket/ticket-cache.ts'
import { toast } from '../ui/toast.ts'
import { useNow } from '../ui/use-now.ts'
import { useDraft } from './draft-store.ts'
import { submitNote, submitReply } from './submit.ts'
import { chooseTarget, refusalOf } from './target.ts'
import { useUploads } from './uploads.ts'

export type ComposerState = ReturnType<typeof useComposer>

export function useComposer(ticket: TicketDetail) {
  const { t, i18n } = useTranslation()
  const draft = useDraft(ticket.id)
  const { messages } = useMessages(ticket.id)
  const { data: channels = [] } = useQuery(channelsQuery)
  const uploads = useUploads(ticket.id, draft.mode)
  const now = useNow(1_000)
  const [isSending, setIsSending] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [conflict, setConflict] = useState<readonly Message[] | null>(null)

  const isNote = draft.mode === 'note'
  const text = isNote ? draft.note : draft.reply
  const files = isNote ? draft.noteFiles : draft.files
  const target = chooseTarget(ticket, messages, draft.inReplyTo, channels)
  const refusal = target ? refusalOf(target, now) : null
  const media = files.map(({ kind, mimeType, bytes }) => ({ kind, mimeType: mimeType ?? '', size: bytes ?? 0 }))
  const draftRefusal = !isNote && target?.surface ? refuseDraft(target.surface, { text, media }) : null
  const isUploading = uploads.some((upload) => upload.error === null)
  const heldBy = useOthers(ticket.id).find(({ holds }) => holds)?.user ?? null
  /** Of a template, and nobody knew what stands for them. */
  const unfilled = isNote ? [] : openVariables(text)
  const isEmpty = text.trim() === '' && (isNote || files.length === 0)
  const canSend =
    !isEmpty &&
    !isUploading &&
    !isSending &&
    (isNote || (target !== null && !refusal && !draftRefusal && !heldBy && unfilled.length === 0))

  async function send(more: Partial<NewReply> = {}) {
    setIsSending(true)
    setError(null)
    setConflict(null)
    try {
      const mediaIds = files.map(({ id }) => id)
      if (isNote) putMessage(ticket.id, await submitNote(ticket.id, { text, mediaIds }))
      else {
        const newest = messages.reduce((version, message) => Math.max(version, message.version), 0)
        const sent = await submitReply(ticket.id, {
          text,
          mediaIds,
          seenVersion: seenVersion(ticket.id) ?? newest,
          ...(target?.message ? { inReplyTo: target.message.id } : {}),
          ...(draft.sendAt ? { sendAt: draft.sendAt } : {}),
          ...more,
        })
        if (sent.waitsForApproval) {
          toast(t('approval.asked'))
          queryClient.invalidateQueries({ queryKey: keys.approvals })
        } else if (sent.scheduledAt)
          toast(t('composer.scheduledDone', { time: fullTime(new Date(sent.scheduledAt), i18n.language) }))
        else putMessage(ticket.id, sent)
      }
      reporter.ends(ticket.id)
      queryClient.invalidateQueries({ queryKey: keys.detail(ticket.id) })
    } catch (failure) {
      const unseen = failure instanceof ApiError && failure.code === 'seen_conflict' ? failure.details.messages : null
      if (Array.isArray(unseen)) {
        setConflict(unseen as Message[])
        queryClient.invalidateQueries({ queryKey: keys.messages(ticket.id) })
      } else setError(failure)
    } finally {
      setIsSending(false)
    }
  }

  return {
    ticket,
    draft,
    text,
    files,
    uploads,
    target,
    refusal,
    draftRefusal,
    unfilled,
    heldBy,
    isNote,
    isEmpty,
    isUploading,
    isSending,
    canSend,
    now,
    error,
    conflict,
    language: i18n.language,
    send: () => (canSend ? send() : undefined),
    sendAnyway: () => {
      if (heldBy) return
      const version = Math.max(...(conflict ?? []).map((message) => message.version))
      markSeen(ticket.id, version)
      return send({ seenVersion: version })
    },
    dropConflict: () => setConflict(null),
    dropError: () => setError(null),
  }
}
