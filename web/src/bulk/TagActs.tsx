import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TicketActs } from '../api/wire.ts'
import { createComposition } from '../keyboard/composition.ts'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Popover } from '../ui/Popover.tsx'
import { TextField } from '../ui/TextField.tsx'
import styles from './Bulk.module.css'

/** A tag put on all that is chosen, or taken away from it. */
export function TagActs({ onPick }: { readonly onPick: (acts: TicketActs, words: string) => void }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const [composition] = useState(() => createComposition())
  const tag = text.trim().slice(0, 50)
  const pick = (isAdded: boolean) => {
    if (tag === '') return
    setOpen(false)
    setText('')
    onPick(isAdded ? { addTags: [tag] } : { removeTags: [tag] }, isAdded ? `+ ${tag}` : `− ${tag}`)
  }
  return (
    <Popover
      label={t('ticket.tags')}
      open={open}
      onOpenChange={setOpen}
      trigger={<IconButton icon="tag" label={t('ticket.tags')} />}
    >
      <form
        className={styles.tags}
        onSubmit={(event) => {
          event.preventDefault()
          pick(true)
        }}
      >
        <TextField
          label={t('ticket.tagName')}
          value={text}
          onChange={setText}
          maxLength={50}
          onCompositionStart={() => composition.start()}
          onCompositionEnd={() => composition.end()}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && composition.owns(event.nativeEvent)) event.preventDefault()
          }}
        />
        <div className={styles.line}>
          <Button small look="primary" type="submit" disabled={tag === ''}>
            {t('ticket.addTag')}
          </Button>
          <Button small disabled={tag === ''} onClick={() => pick(false)}>
            {t('bulk.removeTag')}
          </Button>
        </div>
      </form>
    </Popover>
  )
}
