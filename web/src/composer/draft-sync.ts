/**
 * Keeps the reply somebody is writing on the server too, so that another computer, or tomorrow, has it. A revision keeps
 * two windows from overwriting each other: whoever comes second is shown the other draft, and chooses.
 */
import { ApiError } from '../api/problem.ts'
import { request } from '../api/request.ts'
import type { ServerDraft } from '../api/wire.ts'

/** What is kept: the reply alone. A note is a moment's work, and its text must not stand where replies are taken from. */
export interface KeptDraft {
  readonly text: string
  readonly mediaIds: readonly string[]
  readonly inReplyTo?: string | undefined
}

export interface DraftSyncOptions {
  readonly ticketId: string
  /** What is written here now. */
  readonly local: () => KeptDraft
  /** Takes up what was written elsewhere; only asked for when nothing is written here. */
  readonly adopt: (draft: ServerDraft) => void
  /** Both are written, and they differ. Null: not any more. */
  readonly onElsewhere: (draft: ServerDraft | null) => void
  /** A composition is under way: its letters are not words yet. */
  readonly isComposing: () => boolean
}

export interface DraftSync {
  changed(): void
  /** The other draft was looked at, and this one is to stay. */
  keep(): void
  /** Writes what is unsaved at once, by a request that outlives the page. */
  flush(): void
  /** Resolves when what is written here is saved, or cannot be. */
  settle(): Promise<void>
  /** Something else wrote into the stored draft: it is taken up where nothing else was written here. */
  reload(): Promise<void>
  stop(): void
}

const patienceMs = 500

export function createDraftSync(options: DraftSyncOptions): DraftSync {
  const { ticketId, local, adopt, onElsewhere, isComposing } = options
  const path = `/api/tickets/${ticketId}/draft`
  let revision: number | null = null
  let saved: KeptDraft = { text: '', mediaIds: [] }
  let timer: ReturnType<typeof setTimeout> | null = null
  let isSaving = false
  /** Two drafts differ, and nobody has chosen yet: nothing is overwritten meanwhile. */
  let isAsking = false
  let isStopped = false

  const isSaved = () => same(local(), saved)
  const isBlank = ({ text, mediaIds }: KeptDraft) => text.trim() === '' && mediaIds.length === 0

  /** Another window's draft has become the newest. Ours stays in the field; saving it again means that it was chosen. */
  function meet(draft: ServerDraft | null) {
    revision = draft?.revision ?? 0
    saved = draft ?? { text: '', mediaIds: [] }
    if (!draft || isSaved()) return
    if (isBlank(local())) return adopt(draft)
    isAsking = true
    onElsewhere(draft)
  }

  function answer() {
    isAsking = false
    onElsewhere(null)
  }

  function schedule() {
    if (isStopped || isAsking || timer !== null) return
    timer = setTimeout(() => {
      timer = null
      if (isComposing()) schedule()
      else save()
    }, patienceMs)
  }

  async function save(keepalive = false): Promise<void> {
    if (revision === null || isSaving || isAsking || isSaved()) return
    const draft = local()
    isSaving = true
    try {
      if (isBlank(draft)) {
        await request(`${path}?revision=${revision}`, { method: 'DELETE', keepalive })
        revision = 0
      } else {
        const answer = await request<{ draft: ServerDraft }>(path, {
          method: 'PUT',
          body: { ...draft, revision },
          keepalive,
        })
        revision = answer.draft.revision
      }
      saved = draft
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.code === 'draft_conflict') meet((error.details.draft as ServerDraft | null) ?? null)
      // Anything else: it is kept in this browser, and the next key tries again.
      else return
    } finally {
      isSaving = false
    }
    if (!isSaved()) schedule()
  }

  request<{ draft: ServerDraft | null }>(path).then(
    ({ draft }) => {
      if (isStopped) return
      meet(draft)
      if (!isSaved()) schedule()
    },
    // Without an answer this window does not save: it cannot know what it would overwrite.
    () => {},
  )

  return {
    changed() {
      // Chosen by taking it over: what is written here is what stands there.
      if (isAsking && isSaved()) answer()
      if (revision !== null && !isSaved()) schedule()
    },
    keep() {
      answer()
      schedule()
    },
    flush() {
      if (timer !== null) clearTimeout(timer)
      timer = null
      save(true)
    },
    settle: () => save(),
    async reload() {
      const wasSaved = isSaved()
      const { draft } = await request<{ draft: ServerDraft | null }>(path)
      if (isStopped || !draft) return
      if (!wasSaved || !isSaved()) return meet(draft)
      revision = draft.revision
      saved = draft
      adopt(draft)
    },
    stop() {
      isStopped = true
      this.flush()
    },
  }
}

function same(one: KeptDraft, other: KeptDraft): boolean {
  return (
    one.text === other.text &&
    one.inReplyTo === other.inReplyTo &&
    one.mediaIds.length === other.mediaIds.length &&
    one.mediaIds.every((id, index) => id === other.mediaIds[index])
  )
}
