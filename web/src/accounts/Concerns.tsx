import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { AccountGlance } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { isAdministrator, useMe } from '../shell/use-me.ts'
import { Icon } from '../ui/Icon.tsx'
import { useNow } from '../ui/use-now.ts'
import styles from './Accounts.module.css'
import { concernsOf } from './standing.ts'

/** What is not as it should be, and what to do about it. How its health is, is said elsewhere. */
export function Concerns({ glance }: { readonly glance: AccountGlance }) {
  const { t, i18n } = useTranslation()
  const now = useNow(60_000)
  const administrator = isAdministrator(useMe())
  const { id, channel, credentials, inDoubt, failed, unread } = glance
  const concerns = concernsOf(glance, now).filter((concern) => concern !== 'health' && concern !== 'quota')
  if (concerns.length === 0) return null
  const until = credentials ? fullTime(new Date(credentials.until), i18n.language) : ''
  return (
    <ul className={styles.concerns}>
      {concerns.map((concern) => (
        <li key={concern} data-tone={concern === 'ended' || concern === 'unserved' ? 'danger' : 'doubt'}>
          <Icon name="warning" size={14} />
          <span>
            {concern === 'unserved' && t('glance.concern.unserved')}
            {concern === 'ended' && t('glance.concern.ended', { time: until })}
            {concern === 'ends' && t('glance.concern.ends', { time: until })}
            {concern === 'slow' && t('glance.concern.slow')}
            {concern === 'doubt' && t('glance.concern.doubt', { count: inDoubt })}
            {concern === 'failed' && t('glance.concern.failed', { count: failed })}
            {concern === 'unread' && t('accounts.unread', { count: unread })}
          </span>
          {(concern === 'doubt' || concern === 'failed') && (
            <Link
              to="/inbox/$view"
              params={{ view: concern === 'doubt' ? 'unknown' : 'failed' }}
              search={{ channel }}
              className={styles.link}
            >
              {t('glance.show')}
            </Link>
          )}
          {concern === 'slow' && (
            <Link to="/settings/accounts/$accountId/log" params={{ accountId: id }} search={{}} className={styles.link}>
              {t('log.open')}
            </Link>
          )}
          {concern === 'unread' && administrator && (
            <Link to="/settings/accounts/$accountId/unread" params={{ accountId: id }} className={styles.link}>
              {t('unread.open')}
            </Link>
          )}
        </li>
      ))}
    </ul>
  )
}
