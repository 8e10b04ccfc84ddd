import { useTranslation } from 'react-i18next'
import { problemText } from '../i18n/problem-text.ts'
import { Button } from './Button.tsx'
import styles from './ErrorNote.module.css'
import { Icon } from './Icon.tsx'

/** Something could not be read or done: in words, with another try where one makes sense. */
export function ErrorNote({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { t } = useTranslation()
  return (
    <div className={styles.note} role="alert">
      <Icon name="warning" />
      <p className={styles.words}>{problemText(error, t)}</p>
      {onRetry && (
        <Button small onClick={onRetry}>
          {t('common.retry')}
        </Button>
      )}
    </div>
  )
}
