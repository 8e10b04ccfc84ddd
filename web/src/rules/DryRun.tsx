import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { request } from '../api/request.ts'
import type { Rule, RuleDryRun } from '../api/wire.ts'
import { categoryName } from '../ticket/category-name.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import styles from './Rules.module.css'
import { useKnown } from './use-known.ts'
import { ruleName } from './words.ts'

/** What the rules that are on would have made of the last tickets. */
export function DryRun({ rules }: { readonly rules: readonly Rule[] }) {
  const { t, i18n } = useTranslation()
  const { categories } = useKnown()
  const running = useMutation({
    mutationFn: () => request<RuleDryRun>('/api/rules/dry-run', { method: 'POST', timeoutMs: 60_000 }),
  })
  const shown = (one: RuleDryRun['tickets'][number]['now']) =>
    `${one.category === null ? t('category.none') : categoryName(categories, one.category, i18n.language)} · ${t(`priority.${one.priority}`)}`
  return (
    <section className={styles.panel} aria-label={t('rules.dry.title')}>
      <h2 className={styles.heading}>{t('rules.dry.title')}</h2>
      <p className={styles.line}>{t('rules.dry.help')}</p>
      <div>
        <Button icon="search" busy={running.isPending} onClick={() => running.mutate()}>
          {t('rules.dry.run')}
        </Button>
      </div>
      {running.isError && <ErrorNote error={running.error} />}
      {running.data && (
        <>
          <p role="status">
            {t('rules.dry.sum', {
              hit: running.data.tickets.filter(({ hits }) => hits.length > 0).length,
              count: running.data.tickets.length,
            })}
          </p>
          {running.data.tickets.length > 0 && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
            <section className={styles.scroll} tabIndex={0} aria-label={t('rules.dry.table')}>
              <table className={styles.table}>
                <thead>
                  <tr>
                    <th scope="col">{t('rules.dry.ticket')}</th>
                    <th scope="col">{t('rules.dry.now')}</th>
                    <th scope="col">{t('rules.dry.would')}</th>
                    <th scope="col">{t('settings.rules')}</th>
                  </tr>
                </thead>
                <tbody>
                  {running.data.tickets.map((ticket) => (
                    <tr key={ticket.id}>
                      <td>
                        <Link to="/inbox/$view/$ticketId" params={{ view: 'all', ticketId: ticket.id }} search={{}}>
                          #{ticket.number}
                        </Link>{' '}
                        <bdi>{ticket.preview.slice(0, 60)}</bdi>
                      </td>
                      <td>{shown(ticket.now)}</td>
                      <td>{shown(ticket.would)}</td>
                      <td>
                        {ticket.hits
                          .map((id) => rules.find((rule) => rule.id === id))
                          .map((rule) => (rule ? ruleName(rule, i18n.language) : '…'))
                          .join(i18n.language === 'en' ? ', ' : '、')}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          )}
        </>
      )}
    </section>
  )
}
