import { useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { enterMeans } from '../keyboard/send-key.ts'
import { usePreferences } from '../preferences/preferences.ts'
import { reporter } from '../presence/page.ts'
import { optionId, QuickList, quickListId } from '../quick/QuickList.tsx'
import { useQuick } from '../quick/use-quick.ts'
import styles from './Composer.module.css'
import { changeDraft } from './draft-store.ts'
import { composerFieldId, composition } from './focus.ts'
import { tellTyping } from './typing.ts'
import type { ComposerState } from './use-composer.ts'

/** To measure the text lays out the whole page, for each letter. */
const growsByStyle = CSS.supports('field-sizing', 'content')

interface ComposerFieldProps {
  readonly composer: ComposerState
  readonly name: string
  readonly onFiles: (files: Iterable<File>) => void
}

export function ComposerField({ composer, name, onFiles }: ComposerFieldProps) {
  const { t } = useTranslation()
  const { sendKey } = usePreferences()
  const { text, isNote, isSending, ticket, target, heldBy } = composer
  const field = useRef<HTMLTextAreaElement>(null)

  // As tall as its text, up to a limit set by the style.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text decides the height
  useLayoutEffect(() => {
    const element = field.current
    if (!element || growsByStyle) return
    element.style.blockSize = 'auto'
    element.style.blockSize = `${element.scrollHeight + 2}px`
  }, [text, isNote])

  const placeholder = isNote
    ? t('composer.notePlaceholder')
    : target?.surface?.byHand
      ? t('task.planPlaceholder', { name })
      : t(target?.standing.surface === 'public' ? 'composer.publicPlaceholder' : 'composer.replyPlaceholder', { name })
  const change = (value: string) => {
    changeDraft(ticket.id, isNote ? { note: value } : { reply: value })
    if (value.trim() === '') reporter.ends(ticket.id)
    else reporter.writes(ticket.id, isNote ? 'note' : 'reply')
    if (!isNote && target?.surface?.typing && value.trim() !== '') tellTyping(ticket.id)
  }
  const quick = useQuick(composer, field, change)
  const marked = quick.slash ? quick.found[quick.marked] : undefined
  // In the middle of a composition its letters are no words yet: nothing is looked for.
  const look = () => !composition.active && quick.look()
  return (
    <>
      {quick.slash && <QuickList quick={quick} />}
      <textarea
        ref={field}
        id={composerFieldId}
        className={styles.field}
        rows={2}
        dir="auto"
        aria-label={isNote ? t('composer.noteText') : t('composer.replyText', { name })}
        aria-describedby="composer-facts"
        aria-autocomplete="list"
        {...(marked ? { 'aria-controls': quickListId, 'aria-activedescendant': optionId(marked.id) } : {})}
        placeholder={placeholder}
        value={text}
        // Never in the middle of a composition: its letters would be lost.
        readOnly={isSending || (heldBy !== null && !isNote && !composition.active)}
        onChange={(event) => {
          change(event.target.value)
          look()
        }}
        onCompositionStart={() => composition.start()}
        onCompositionEnd={() => {
          composition.end()
          look()
        }}
        onSelect={look}
        onKeyDown={(event) => {
          // The press that picks a candidate belongs to the input method, Esc as well as Enter.
          if (composition.owns(event.nativeEvent)) return
          if (quick.onKey(event)) return
          if (enterMeans(event, sendKey) === 'send') {
            event.preventDefault()
            composer.send()
          } else if (event.key === 'Escape') event.currentTarget.blur()
        }}
        onPaste={(event) => {
          const files = [...event.clipboardData.files]
          // Copied cells bring a picture of themselves along: text is meant where there is text.
          if (files.length === 0 || event.clipboardData.types.includes('text/plain')) return
          event.preventDefault()
          onFiles(files)
        }}
      />
    </>
  )
}
