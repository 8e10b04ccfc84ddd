import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import styles from './Message.module.css'
import { MessageText } from './MessageText.tsx'

/** What the message said before it was edited. */
export function Revisions({ revisions }: { readonly revisions: Message['revisions'] }) {
  const { t, i18n } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <div className={styles.revisions}>
      <span className={styles.faint}>{t('thread.edited')}</span>
      <button type="button" className={styles.linkButton} aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? t('thread.hideRevisions') : t('thread.showRevisions', { count: revisions.length })}
      </button>
      {open && (
        <ol>
          {revisions.map(({ text, at }) => (
            <li key={`${at} ${text}`} className={styles.revision}>
              <span className={styles.faint}>
                {t('thread.revisionAt', { time: fullTime(new Date(at), i18n.language) })}
              </span>
              <MessageText text={text} />
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}
