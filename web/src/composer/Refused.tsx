import { useTranslation } from 'react-i18next'
import type { Refusal } from '#channel/refuse.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import styles from './Composer.module.css'
import { refusalText } from './refusal-text.ts'

interface RefusedProps {
  readonly refusal: Refusal
  readonly language: string
  readonly text: string
  readonly onNote: () => void
}

/** Nothing can be sent: said before anything is written, with the way that remains. What was written stays readable. */
export function Refused({ refusal, language, text, onNote }: RefusedProps) {
  const { t } = useTranslation()
  return (
    <div className={styles.refused}>
      <p className={styles.refusedTitle} role="status">
        <Icon name="lock" />
        <span>
          <strong>{t('composer.disabled')}</strong> {refusalText(refusal, t, language)}
        </span>
      </p>
      {text !== '' && (
        <textarea className={styles.field} readOnly value={text} rows={2} aria-label={t('composer.draftKept')} />
      )}
      <p>
        {t('composer.otherWays')}{' '}
        <Button small icon="note" onClick={onNote}>
          {t('composer.note')}
        </Button>
      </p>
    </div>
  )
}
