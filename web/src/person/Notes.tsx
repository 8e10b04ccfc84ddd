import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { request } from '../api/request.ts'
import type { ContactNote, PersonDetail } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { toast } from '../ui/toast.ts'
import { attempt } from './api.ts'
import styles from './Person.module.css'

/** What colleagues should know of the person; never shown to them. */
export function Notes({ person }: { readonly person: PersonDetail }) {
  const { t, i18n } = useTranslation()
  const [text, setText] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const path = `/api/contacts/${person.id}/notes`
  const add = async (words: string) => {
    setIsBusy(true)
    const done = await attempt(() => request(path, { method: 'POST', body: { text: words } }))
    setIsBusy(false)
    return done
  }
  const remove = (note: ContactNote) =>
    attempt(async () => {
      await request(`${path}/${note.id}`, { method: 'DELETE' })
      toast(t('person.noteDeleted'), { action: { label: t('ticket.undo'), run: () => void add(note.text) } })
    })
  return (
    <section className={styles.section} aria-label={t('person.notes')}>
      <h3>{t('person.notes')}</h3>
      <ul className={styles.list}>
        {person.notes.map((note) => (
          <li key={note.id} className={styles.note}>
            <bdi className={styles.words}>{note.text}</bdi>
            <span className={styles.noteFoot}>
              <small>{`${note.by.name} · ${fullTime(new Date(note.createdAt), i18n.language)}`}</small>
              {note.mine && (
                <IconButton small icon="trash" label={t('person.deleteNote')} onClick={() => void remove(note)} />
              )}
            </span>
          </li>
        ))}
      </ul>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (text.trim() !== '') void add(text.trim()).then((done) => done && setText(''))
        }}
      >
        <TextArea label={t('person.newNote')} value={text} onChange={setText} maxLength={4000} rows={2} />
        {text.trim() !== '' && (
          <Button small look="note" type="submit" busy={isBusy}>
            {t('person.addNote')}
          </Button>
        )}
      </form>
    </section>
  )
}
