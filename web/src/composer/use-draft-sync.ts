import { useEffect, useRef, useState } from 'react'
import type { ServerDraft } from '../api/wire.ts'
import { changeDraft, draftOf, useDraft } from './draft-store.ts'
import { createDraftSync, type DraftSync, type KeptDraft } from './draft-sync.ts'
import { composition } from './focus.ts'
import { registerDraft } from './open-drafts.ts'

/** Keeps the ticket's reply on the server while it is open. Gives the other draft where two windows differ. */
export function useDraftSync(ticketId: string) {
  const { reply, files, inReplyTo } = useDraft(ticketId)
  const [elsewhere, setElsewhere] = useState<ServerDraft | null>(null)
  const sync = useRef<DraftSync>(null)

  useEffect(() => {
    const opened = createDraftSync({
      ticketId,
      local: () => keptOf(ticketId),
      adopt: (draft) => take(ticketId, draft),
      onElsewhere: setElsewhere,
      isComposing: () => composition.active,
    })
    sync.current = opened
    const close = registerDraft(ticketId, opened)
    const flush = () => opened.flush()
    window.addEventListener('pagehide', flush)
    return () => {
      window.removeEventListener('pagehide', flush)
      close()
      opened.stop()
    }
  }, [ticketId])

  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what is kept
  useEffect(() => sync.current?.changed(), [reply, files, inReplyTo])

  return {
    elsewhere,
    use: () => elsewhere && take(ticketId, elsewhere),
    keep: () => sync.current?.keep(),
  }
}

function keptOf(ticketId: string): KeptDraft {
  const { reply, files, inReplyTo } = draftOf(ticketId)
  return { text: reply, mediaIds: files.map(({ id }) => id), ...(inReplyTo ? { inReplyTo } : {}) }
}

/** Of files the server tells ids alone: those known here stay, the others have to be attached again. */
function take(ticketId: string, { text, mediaIds, inReplyTo }: ServerDraft): void {
  const { files } = draftOf(ticketId)
  changeDraft(ticketId, {
    reply: text,
    files: files.filter(({ id }) => mediaIds.includes(id)),
    inReplyTo: inReplyTo ?? null,
  })
}
