/** Files on their way to the server. They go on when the agent looks at another conversation. */
import { useSyncExternalStore } from 'react'
import { uploadMedia } from '../api/upload.ts'
import { changeDraft, type Draft, type DraftFile, draftOf } from './draft-store.ts'

export interface Upload {
  readonly id: number
  readonly ticketId: string
  readonly mode: Draft['mode']
  readonly name: string
  /** 0 to 1. */
  readonly share: number
  readonly error: unknown
  readonly stop: () => void
}

let uploads: readonly Upload[] = []
let nextId = 1
const previews = new Map<string, string>()
const listeners = new Set<() => void>()

function set(next: readonly Upload[]) {
  uploads = next
  for (const listener of listeners) listener()
}

function change(id: number, patch: Partial<Upload>) {
  set(uploads.map((upload) => (upload.id === id ? { ...upload, ...patch } : upload)))
}

export function startUpload(ticketId: string, mode: Draft['mode'], file: File): void {
  const id = nextId++
  const over = new AbortController()
  const stop = () => {
    over.abort()
    set(uploads.filter((upload) => upload.id !== id))
  }
  set([...uploads, { id, ticketId, mode, name: file.name, share: 0, error: null, stop }])
  uploadMedia(file, { ticketId }, { signal: over.signal, onProgress: (share) => change(id, { share }) }).then(
    (media) => {
      if (over.signal.aborted) return
      if (file.type.startsWith('image/')) previews.set(media.id, URL.createObjectURL(file))
      const name = mode === 'note' ? 'noteFiles' : 'files'
      changeDraft(ticketId, { [name]: [...draftOf(ticketId)[name], media] })
      set(uploads.filter((upload) => upload.id !== id))
    },
    (error: unknown) => change(id, { error, share: 0 }),
  )
}

export function removeFile(ticketId: string, mode: Draft['mode'], file: DraftFile): void {
  const name = mode === 'note' ? 'noteFiles' : 'files'
  changeDraft(ticketId, { [name]: draftOf(ticketId)[name].filter(({ id }) => id !== file.id) })
  const preview = previews.get(file.id)
  if (preview) URL.revokeObjectURL(preview)
  previews.delete(file.id)
}

/** The picture as it was picked, while this page lives. */
export function previewOf(mediaId: string): string | undefined {
  return previews.get(mediaId)
}

export function useUploads(ticketId: string, mode: Draft['mode']): readonly Upload[] {
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => uploads,
  )
  return all.filter((upload) => upload.ticketId === ticketId && upload.mode === mode)
}
