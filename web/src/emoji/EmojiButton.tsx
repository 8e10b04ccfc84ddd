import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { composerFieldId } from '../composer/focus.ts'
import { IconButton } from '../ui/IconButton.tsx'

const EmojiPicker = lazy(load)
async function load() {
  return { default: (await import('./EmojiPicker.tsx')).EmojiPicker }
}

/** As if it were typed where the caret stands, so that undo knows it. */
function insert(emoji: string): void {
  // The popover gives the focus back first.
  requestAnimationFrame(() => {
    const field = document.getElementById(composerFieldId)
    if (!(field instanceof HTMLTextAreaElement) || field.readOnly) return
    field.focus()
    document.execCommand('insertText', false, emoji)
  })
}

export function EmojiButton() {
  const { t } = useTranslation()
  const [isAsked, setIsAsked] = useState(false)
  const button = (
    <IconButton icon="smile" label={t('emoji.open')} onPointerEnter={load} onClick={() => setIsAsked(true)} />
  )
  return isAsked ? (
    <Suspense fallback={button}>
      <EmojiPicker onPick={insert} />
    </Suspense>
  ) : (
    button
  )
}
