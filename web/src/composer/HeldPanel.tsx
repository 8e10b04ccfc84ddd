import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemText } from '../i18n/problem-text.ts'
import { reporter } from '../presence/page.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { toast } from '../ui/toast.ts'
import { focusComposer } from './focus.ts'
import styles from './Panels.module.css'
import type { ComposerState } from './use-composer.ts'

/** A colleague is answering the same customer: nothing is sent over them, unless it is taken over. */
export function HeldPanel({ composer }: { readonly composer: ComposerState }) {
  const { t } = useTranslation()
  const [isAsking, setIsAsking] = useState(false)
  const { heldBy, ticket, text } = composer
  if (!heldBy) return null
  const take = () => {
    setIsAsking(true)
    reporter
      .takeOver(ticket.id)
      .then(focusComposer, (error: unknown) =>
        toast(t('presence.takeOverFailed', { reason: problemText(error, t) }), { tone: 'danger' }),
      )
      .finally(() => setIsAsking(false))
  }
  return (
    <div className={styles.panel} data-tone="doubt">
      <p className={styles.title} role="status">
        <Icon name="edit" size={16} />
        <bdi>{t('presence.held', { name: heldBy.name })}</bdi>
      </p>
      <p>
        {t('presence.heldHelp')} {text !== '' && t('presence.heldKept')}
      </p>
      <div className={styles.actions}>
        <Button small busy={isAsking} onClick={take}>
          {t('presence.takeOver')}
        </Button>
      </div>
    </div>
  )
}
