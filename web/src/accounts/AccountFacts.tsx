import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccountGlance } from '../api/wire.ts'
import { figure, fullTime, money, roughSpan } from '../i18n/format.ts'
import { useNow } from '../ui/use-now.ts'
import styles from './Accounts.module.css'
import { nearlyUsed } from './standing.ts'
import { quotaName } from './words.ts'

/** What an account does, in figures: when it was last heard of, what waits, what it used. */
export function AccountFacts({ glance }: { readonly glance: AccountGlance }) {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  const { queued, inDoubt, failed, credentials, quotas, spent, lastPollAt } = glance
  return (
    <dl className={styles.facts}>
      <Fact name={t('glance.lastIn')}>
        <Ago at={glance.lastInAt} />
      </Fact>
      <Fact name={t('glance.lastOut')}>
        <Ago at={glance.lastOutAt} />
      </Fact>
      {lastPollAt && (
        <Fact name={t('glance.lastPoll')}>
          <Ago at={lastPollAt} />
        </Fact>
      )}
      <Fact name={t('glance.queued')}>
        {figure(queued.count, language)}
        {queued.oldest && (
          <small>
            {t('glance.since')} <Ago at={queued.oldest} />
          </small>
        )}
      </Fact>
      {inDoubt > 0 && (
        <Fact name={t('glance.inDoubt')} tone="doubt">
          {figure(inDoubt, language)}
        </Fact>
      )}
      {failed > 0 && (
        <Fact name={t('glance.failed')} tone="danger">
          {figure(failed, language)}
        </Fact>
      )}
      {credentials && (
        <Fact name={t('glance.credentials')}>
          <time dateTime={credentials.until}>{fullTime(new Date(credentials.until), language)}</time>
          {credentials.renews && <small>{t('glance.renews')}</small>}
        </Fact>
      )}
      {quotas.map(({ kind, used, max, since }) => (
        <Fact key={kind} name={quotaName(kind, t)} {...(used >= max * nearlyUsed ? { tone: 'doubt' as const } : {})}>
          {t('glance.quota', { used: figure(used, language), max: figure(max, language) })}
          <small>{t('glance.quotaSince', { time: fullTime(new Date(since), language) })}</small>
        </Fact>
      ))}
      {spent && <Fact name={t('glance.spent')}>{money(spent.amount, spent.currency, language)}</Fact>}
    </dl>
  )
}

function Fact({
  name,
  tone,
  children,
}: {
  readonly name: string
  readonly tone?: 'doubt' | 'danger'
  readonly children: ReactNode
}) {
  return (
    <div className={styles.fact} data-tone={tone}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** `3 min ago`; the whole time is in its title. */
export function Ago({ at }: { readonly at: string | null }) {
  const { t, i18n } = useTranslation()
  const now = useNow(15_000)
  if (at === null) return <>{t('glance.never')}</>
  const span = roughSpan(now - Date.parse(at), i18n.language)
  return (
    <time dateTime={at} title={fullTime(new Date(at), i18n.language)}>
      {span ? t('glance.ago', { span }) : t('common.justNow')}
    </time>
  )
}
