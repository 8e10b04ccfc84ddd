import { useTranslation } from 'react-i18next'
import type { Account } from '../api/wire.ts'
import { Pill } from '../ui/Pill.tsx'
import styles from './Settings.module.css'

const looks = {
  ok: { tone: 'good', icon: 'done' },
  warning: { tone: 'doubt', icon: 'warning' },
  refused: { tone: 'danger', icon: 'warning' },
} as const

/** How an account is doing: a word, then a sentence. */
export function HealthLine({ health }: { readonly health: Account['health'] }) {
  const { t, i18n } = useTranslation()
  const { state, name, text } = health
  const sentence = text
    ? i18n.language === 'en'
      ? text.en
      : text.zh
    : state === 'ok'
      ? name
        ? t('accounts.okAs', { name })
        : t('accounts.ok')
      : ''
  return (
    <p className={styles.health} role="status">
      <Pill {...looks[state]}>{t(`accounts.health.${state}`)}</Pill>
      <span>
        {sentence}
        {state === 'refused' && ` ${t('accounts.refusedHelp')}`}
      </span>
    </p>
  )
}
