import { useTranslation } from 'react-i18next'
import type { ServerDraft } from '../api/wire.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import styles from './Panels.module.css'

interface ElsewherePanelProps {
  readonly draft: ServerDraft
  readonly onUse: () => void
  readonly onKeep: () => void
}

/** The same person wrote something else in another window: both are shown, one is chosen. */
export function ElsewherePanel({ draft, onUse, onKeep }: ElsewherePanelProps) {
  const { t } = useTranslation()
  return (
    <div className={styles.panel} role="status">
      <p className={styles.title}>
        <Icon name="edit" size={16} />
        {t('composer.draftElsewhere')}
      </p>
      <p className={styles.words} dir="auto">
        {draft.text}
      </p>
      <div className={styles.actions}>
        <Button small onClick={onUse}>
          {t('composer.draftUse')}
        </Button>
        <Button small onClick={onKeep}>
          {t('composer.draftIgnore')}
        </Button>
      </div>
    </div>
  )
}
