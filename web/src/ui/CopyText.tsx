import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './Button.tsx'
import styles from './CopyText.module.css'

/** Something to be carried elsewhere: shown whole, selected by a click, copied by a button. */
export function CopyText({ text, label }: { readonly text: string; readonly label: string }) {
  const { t } = useTranslation()
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  // The clipboard exists in secure contexts only; elsewhere the text can still be selected.
  const copy = () =>
    (navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject(new Error('no clipboard'))).then(
      () => setState('copied'),
      () => setState('failed'),
    )
  return (
    <div className={styles.copy}>
      <input
        className={styles.text}
        value={text}
        readOnly
        aria-label={label}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button small icon={state === 'copied' ? 'done' : 'copy'} onClick={copy}>
        {t(state === 'copied' ? 'common.copied' : 'common.copy')}
      </Button>
      <span role="status" className={styles.status}>
        {state === 'failed' ? t('common.copyByHand') : ''}
      </span>
    </div>
  )
}
