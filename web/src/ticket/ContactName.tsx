import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { TicketDetail } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { createComposition } from '../keyboard/composition.ts'
import { queryClient } from '../query-client.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { toast } from '../ui/toast.ts'
import styles from './ContactName.module.css'
import { putContactName } from './ticket-cache.ts'

/** Whom the conversation is with; a press away from another name, where the platform tells none or an odd one. */
export function ContactName({ ticket }: { readonly ticket: TicketDetail }) {
  const { t } = useTranslation()
  const { id, name } = ticket.contact
  const [isEditing, setIsEditing] = useState(false)
  const edit = useRef<HTMLButtonElement>(null)
  const wasEditing = useRef(false)
  const renaming = useMutation({
    mutationFn: (next: string) => request(`/api/contacts/${id}`, { method: 'PATCH', body: { name: next } }),
    onSuccess: (_, next) => {
      putContactName(id, next)
      queryClient.invalidateQueries({ queryKey: keys.ticket(ticket.id) })
    },
    onError: (error) => toast(t('ticket.renameFailed', { reason: problemText(error, t) }), { tone: 'danger' }),
  })
  // Back to where it began, not to the top of the page.
  useEffect(() => {
    if (!isEditing && wasEditing.current) edit.current?.focus()
    wasEditing.current = isEditing
  }, [isEditing])
  const save = (next: string) => {
    setIsEditing(false)
    if (next !== '' && next !== name) renaming.mutate(next)
  }
  if (isEditing) return <NameField name={name} onSave={save} onCancel={() => setIsEditing(false)} />
  return (
    <div className={styles.line}>
      <h2 className={styles.name}>
        <bdi>{renaming.isPending ? renaming.variables : name}</bdi>
      </h2>
      <IconButton
        ref={edit}
        small
        icon="edit"
        label={t('ticket.rename', { name })}
        onClick={() => setIsEditing(true)}
      />
    </div>
  )
}

interface NameFieldProps {
  readonly name: string
  readonly onSave: (name: string) => void
  readonly onCancel: () => void
}

function NameField({ name, onSave, onCancel }: NameFieldProps) {
  const { t } = useTranslation()
  const [text, setText] = useState(name)
  const [composition] = useState(() => createComposition())
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.select(), [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSave(text.trim())
  }
  return (
    <form className={styles.line} onSubmit={submit}>
      <input
        ref={field}
        className={styles.field}
        aria-label={t('ticket.contactName')}
        dir="auto"
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onCompositionStart={() => composition.start()}
        onCompositionEnd={() => composition.end()}
        onKeyDown={(event) => {
          // What picks or drops a candidate belongs to the input method.
          if (composition.owns(event.nativeEvent)) {
            if (event.key === 'Enter') event.preventDefault()
          } else if (event.key === 'Escape') {
            event.stopPropagation()
            onCancel()
          }
        }}
      />
      <IconButton small type="submit" icon="done" label={t('common.save')} aria-disabled={text.trim() === ''} />
      <IconButton small icon="close" label={t('common.cancel')} onClick={onCancel} />
    </form>
  )
}
