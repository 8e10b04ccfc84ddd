/**
 * What an agent is writing, per ticket. It outlives everything but the tab: another ticket, a failed send, a reload. It
 * belongs to the person who wrote it, and goes when they sign out.
 */
import { useSyncExternalStore } from 'react'
import type { Media } from '../api/wire.ts'
import type { Attempt } from './attempt.ts'

/** A file that was uploaded and waits to be sent. */
export type DraftFile = Pick<Media, 'id' | 'kind' | 'name' | 'mimeType' | 'bytes'>

export interface NoteBody {
  readonly text: string
  readonly mediaIds: readonly string[]
}

export interface Draft {
  /** The two texts are apart: what was written for colleagues can never slip into a reply. */
  readonly reply: string
  readonly note: string
  readonly mode: 'reply' | 'note'
  readonly files: readonly DraftFile[]
  /** Apart for the same reason. */
  readonly noteFiles: readonly DraftFile[]
  /** The message chosen to be answered; null: the newest that may be. */
  readonly inReplyTo: string | null
  /** As an ISO time; null: at once. */
  readonly sendAt: string | null
  /** Handed in, and no answer came: the next try has to be the same request. */
  readonly attempt: Attempt | null
  readonly noteAttempt: Attempt<NoteBody> | null
}

export const emptyDraft: Draft = {
  reply: '',
  note: '',
  mode: 'reply',
  files: [],
  noteFiles: [],
  inReplyTo: null,
  sendAt: null,
  attempt: null,
  noteAttempt: null,
}

const place = 'huixin.drafts'
let person: string | null = null
let drafts = new Map<string, Draft>()
const listeners = new Set<() => void>()

/** Takes up the drafts of this person from the tab's storage; those of anybody else are forgotten. */
export function keepDraftsOf(id: string): void {
  if (person === id) return
  person = id
  const stored = readStored(sessionStorage.getItem(place))
  drafts = stored?.person === id ? new Map(Object.entries(stored.drafts)) : new Map()
  write()
}

export function forgetDrafts(): void {
  person = null
  drafts = new Map()
  sessionStorage.removeItem(place)
}

export function draftOf(ticketId: string): Draft {
  return drafts.get(ticketId) ?? emptyDraft
}

export function changeDraft(ticketId: string, change: Partial<Draft>): void {
  const draft = { ...draftOf(ticketId), ...change }
  if (isEmpty(draft) && draft.mode === 'reply') drafts.delete(ticketId)
  else drafts.set(ticketId, draft)
  write()
  for (const listener of listeners) listener()
}

export function isEmpty({ reply, note, files, noteFiles, inReplyTo, sendAt }: Draft): boolean {
  return `${reply}${note}` === '' && files.length + noteFiles.length === 0 && inReplyTo === null && sendAt === null
}

export function useDraft(ticketId: string): Draft {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => draftOf(ticketId),
  )
}

function write() {
  try {
    if (drafts.size === 0) sessionStorage.removeItem(place)
    else sessionStorage.setItem(place, JSON.stringify({ person, drafts: Object.fromEntries(drafts) }))
  } catch {
    // The storage is full or forbidden: the draft lives on in memory.
  }
}

/** Drafts as an earlier page wrote them; whatever does not look like one is left away. */
export function readStored(text: string | null): { person: string; drafts: Record<string, Draft> } | null {
  try {
    const stored = JSON.parse(text ?? 'null') as { person?: unknown; drafts?: unknown } | null
    if (typeof stored?.person !== 'string' || typeof stored.drafts !== 'object' || stored.drafts === null) return null
    const read: Record<string, Draft> = {}
    for (const [id, value] of Object.entries(stored.drafts as Record<string, Partial<Draft> | null>)) {
      if (typeof value?.reply !== 'string' || typeof value.note !== 'string') continue
      read[id] = {
        reply: value.reply,
        note: value.note,
        mode: value.mode === 'note' ? 'note' : 'reply',
        files: readFiles(value.files),
        noteFiles: readFiles(value.noteFiles),
        inReplyTo: typeof value.inReplyTo === 'string' ? value.inReplyTo : null,
        sendAt: typeof value.sendAt === 'string' ? value.sendAt : null,
        attempt: readAttempt(value.attempt),
        noteAttempt: readAttempt(value.noteAttempt),
      }
    }
    return { person: stored.person, drafts: read }
  } catch {
    return null
  }
}

function readFiles(files: unknown): DraftFile[] {
  return Array.isArray(files) ? files.filter((file: Partial<DraftFile> | null) => typeof file?.id === 'string') : []
}

function readAttempt<Body>(attempt: Attempt<Body> | null | undefined): Attempt<Body> | null {
  return typeof attempt?.key === 'string' && typeof attempt.body === 'object' ? attempt : null
}
