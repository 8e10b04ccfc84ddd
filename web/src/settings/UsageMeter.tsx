import { useTranslation } from 'react-i18next'
import type { Usage } from '../api/wire.ts'
import { figure, money } from '../i18n/format.ts'
import styles from './Usage.module.css'
import { spentOn, type UsageLine, usageLines } from './usage-lines.ts'

/** What the account used this month in a sentence; the table behind it says what each kind cost. */
export function UsageMeter({ usage, name }: { readonly usage: Usage; readonly name: string }) {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  const lines = usageLines(usage, t, language)
  if (lines.length === 0) return null
  const { currency } = usage
  const spent = currency && money(spentOn(lines), currency, language)
  const list = [...lines.map(({ words }) => words), spent].filter(Boolean).join(' · ')
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' })
  const row = ({ name: kind, count, cost }: UsageLine) => (
    <tr key={kind}>
      <td>{kind}</td>
      <td className={styles.figure}>{figure(count, language)}</td>
      {currency && <td className={styles.figure}>{money(cost ?? 0, currency, language)}</td>}
    </tr>
  )
  return (
    <details className={styles.usage}>
      <summary>{t('accounts.usage.month', { list })}</summary>
      <table className={styles.table}>
        <caption className="aside">
          {t('accounts.usage.caption', { name, date: day.format(new Date(usage.since)) })}
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('accounts.usage.kind')}</th>
            <th scope="col" className={styles.figure}>
              {t('accounts.usage.count')}
            </th>
            {currency && (
              <th scope="col" className={styles.figure}>
                {t('accounts.usage.cost')}
              </th>
            )}
          </tr>
        </thead>
        <tbody>{lines.filter(({ isInDoubt }) => !isInDoubt).map(row)}</tbody>
        <tfoot>
          {spent && (
            <tr className={styles.total}>
              <td colSpan={2}>{t('accounts.usage.total')}</td>
              <td className={styles.figure}>{spent}</td>
            </tr>
          )}
          {lines.filter(({ isInDoubt }) => isInDoubt).map(row)}
        </tfoot>
      </table>
    </details>
  )
}
