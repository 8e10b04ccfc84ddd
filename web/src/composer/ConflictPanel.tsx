import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../api/wire.ts'
import { clockTime } from '../i18n/format.ts'
import { MessageText } from '../thread/MessageText.tsx'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import styles from './Panels.module.css'

interface ConflictPanelProps {
  readonly messages: readonly Message[]
  readonly onSend: () => void
  readonly onEdit: () => void
}

/** Somebody wrote while the agent was writing: what it was, and the question whether the reply still fits. */
export function ConflictPanel({ messages, onSend, onEdit }: ConflictPanelProps) {
  const { t, i18n } = useTranslation()
  const panel = useRef<HTMLDivElement>(null)
  // Another press of Enter must not send: the focus leaves the field, and no button has it.
  useEffect(() => panel.current?.focus(), [])
  return (
    <div
      ref={panel}
      tabIndex={-1}
      className={styles.panel}
      data-tone="doubt"
      role="alertdialog"
      aria-modal="false"
      aria-label={t('composer.conflictTitle')}
    >
      <p className={styles.title}>
        <Icon name="warning" size={16} />
        {t('composer.conflictTitle')}
      </p>
      <ul className={styles.news}>
        {messages.map((message) => (
          <li key={message.id} data-note={message.direction === 'note' || undefined}>
            <p className={styles.meta}>
              <bdi>{message.author.name}</bdi> {message.direction === 'note' && t('thread.note')}{' '}
              {clockTime(new Date(message.sentAt), i18n.language)}
            </p>
            <MessageText text={message.text || t('thread.noText')} />
          </li>
        ))}
      </ul>
      <div className={styles.actions}>
        <Button small icon="edit" onClick={onEdit}>
          {t('composer.conflictEdit')}
        </Button>
        <Button small look="primary" icon="send" onClick={onSend}>
          {t('composer.conflictSend')}
        </Button>
      </div>
    </div>
  )
}
