import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Ticket } from '../api/wire.ts'
import { useCommands } from '../keyboard/commands.ts'
import { createComposition } from '../keyboard/composition.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Popover } from '../ui/Popover.tsx'
import { TextField } from '../ui/TextField.tsx'
import { patchTicket } from './patch.ts'
import styles from './TicketHeader.module.css'

export function Tags({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const [composition] = useState(() => createComposition())
  useCommands({ label: () => setOpen(true) })
  const set = (tags: string[]) => patchTicket({ ticketId: ticket.id, patch: { tags } })
  const add = () => {
    const tag = text.trim().slice(0, 50)
    if (tag !== '' && !ticket.tags.includes(tag)) set([...ticket.tags, tag])
    setText('')
    setOpen(false)
  }
  return (
    <div className={styles.tags}>
      {ticket.tags.map((tag) => (
        <span key={tag} className={styles.tag}>
          <bdi>{tag}</bdi>
          <button
            type="button"
            aria-label={t('ticket.removeTag', { tag })}
            onClick={() => set(ticket.tags.filter((other) => other !== tag))}
          >
            <Icon name="close" size={13} />
          </button>
        </span>
      ))}
      {ticket.tags.length < 30 && (
        <Popover
          label={t('ticket.addTag')}
          open={open}
          onOpenChange={setOpen}
          trigger={
            <Button small look="quiet" icon="tag">
              {t('ticket.tags')}
            </Button>
          }
        >
          <form
            className={styles.addTag}
            onSubmit={(event) => {
              event.preventDefault()
              add()
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
                // A form is sent by Enter; the one that picks a candidate is not meant for it.
                if (event.key === 'Enter' && composition.owns(event.nativeEvent)) event.preventDefault()
              }}
            />
            <Button small look="primary" type="submit" disabled={text.trim() === ''}>
              {t('ticket.addTag')}
            </Button>
          </form>
        </Popover>
      )}
    </div>
  )
}
