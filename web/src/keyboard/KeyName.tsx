import { useTranslation } from 'react-i18next'
import styles from './KeyName.module.css'

/** A binding as it stands on the keyboard: `E`, `Shift+E`, or one key after another. */
export function KeyName({ binding }: { readonly binding: string }) {
  const { t } = useTranslation()
  if (binding === '') return <span className={styles.none}>{t('keymap.none')}</span>
  return (
    <span className={styles.keys}>
      {binding.split(' ').map((key, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two of the same key may follow each other
        <kbd key={index} className={styles.key}>
          {key.replace(/^shift\+/u, 'Shift+')}
        </kbd>
      ))}
    </span>
  )
}
