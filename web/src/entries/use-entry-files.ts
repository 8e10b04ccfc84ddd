/** Files that are handed in with an entry: uploaded at once, gone with the page. */
import { useEffect, useRef, useState } from 'react'
import { uploadMedia } from '../api/upload.ts'
import type { EntryForm, Media } from '../api/wire.ts'

export interface EntryFile {
  readonly id: number
  readonly name: string
  /** 0 to 1. */
  readonly share: number
  readonly media: Media | null
  readonly error: unknown
}

export function useEntryFiles(accountId: string, limits: EntryForm['files']) {
  const [files, setFiles] = useState<readonly EntryFile[]>([])
  const [tooMany, setTooMany] = useState(false)
  const nextId = useRef(1)
  const over = useRef<AbortController>(null)
  useEffect(() => {
    const page = new AbortController()
    over.current = page
    return () => page.abort()
  }, [])
  const change = (id: number, patch: Partial<EntryFile>) =>
    setFiles((list) => list.map((file) => (file.id === id ? { ...file, ...patch } : file)))

  function add(picked: readonly File[]) {
    const room = (limits?.max ?? 0) - files.length
    setTooMany(picked.length > room)
    for (const file of picked.slice(0, Math.max(0, room))) {
      const id = nextId.current++
      setFiles((list) => [...list, { id, name: file.name, share: 0, media: null, error: null }])
      const { signal } = over.current ?? new AbortController()
      uploadMedia(file, { accountId }, { signal, onProgress: (share) => change(id, { share }) }).then(
        (media) => change(id, { media, share: 1 }),
        (error: unknown) => change(id, { error }),
      )
    }
  }

  return {
    files,
    tooMany,
    limits,
    done: files.flatMap(({ media }) => media ?? []),
    isUploading: files.some(({ media, error }) => media === null && error === null),
    add,
    remove: (id: number) => setFiles((list) => list.filter((file) => file.id !== id)),
  }
}
