/** Files that come by picker, by paste or by drop anywhere on the page. */
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fileSize } from '../i18n/format.ts'
import { toast } from '../ui/toast.ts'
import { acceptOf, refuseFile } from './files.ts'
import { startUpload } from './uploads.ts'
import type { ComposerState } from './use-composer.ts'

export function useFiles({ ticket, draft, target, isNote, refusal, files, uploads, language }: ComposerState) {
  const { t } = useTranslation()
  const [isOver, setIsOver] = useState(false)
  const surface = isNote ? null : (target?.surface ?? null)
  const isClosed = !isNote && (refusal !== null || !surface)

  const add = (list: Iterable<File>) => {
    if (isClosed) return
    let already = files.length + uploads.length
    for (const file of list) {
      const refused = refuseFile(surface, file.size, already)
      if (refused?.reason === 'too_many') return toast(t('composer.tooMany'), { tone: 'danger' })
      const reason =
        refused?.reason === 'size'
          ? t('refusal.media_size', { kind: t('media.kind.document'), max: fileSize(refused.max, language) })
          : refused && t('refusal.media_kind', { kind: t('media.kind.document') })
      if (reason) toast(t('composer.uploadFailed', { name: file.name, reason }), { tone: 'danger' })
      else {
        startUpload(ticket.id, draft.mode, file)
        already += 1
      }
    }
  }

  const latest = useRef(add)
  useEffect(() => {
    latest.current = add
  })
  useEffect(() => {
    // On the whole page: a file dropped beside the field would otherwise replace the desk with itself.
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const over = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      setIsOver(true)
    }
    const leave = (event: DragEvent) => event.relatedTarget === null && setIsOver(false)
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      setIsOver(false)
      latest.current(event.dataTransfer?.files ?? [])
    }
    window.addEventListener('dragover', over)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [])

  return { add, isOver: isOver && !isClosed, accept: acceptOf(surface) }
}
