import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AccountFacts } from '../accounts/AccountFacts.tsx'
import own from '../accounts/Accounts.module.css'
import { Concerns } from '../accounts/Concerns.tsx'
import { HoldDialog, HoldLine } from '../accounts/Hold.tsx'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { Account, AccountGlance, Channel } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import buttons from '../ui/Button.module.css'
import { Button } from '../ui/Button.tsx'
import { ChannelIcon } from '../ui/ChannelIcon.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { CopyText } from '../ui/CopyText.tsx'
import { Icon } from '../ui/Icon.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Pill } from '../ui/Pill.tsx'
import { toast } from '../ui/toast.ts'
import { HealthLine } from './HealthLine.tsx'
import { QrCode } from './QrCode.tsx'
import styles from './Settings.module.css'
import { UsageMeter } from './UsageMeter.tsx'

interface AccountCardProps {
  readonly account: Account
  /** How it is doing, in figures; null: not read, or not for this reader. */
  readonly glance: AccountGlance | null
  readonly channel: Channel | null
  readonly isEditable: boolean
  readonly onEdit: () => void
}

export function AccountCard({ account, glance, channel, isEditable, onEdit }: AccountCardProps) {
  const { t, i18n } = useTranslation()
  const [asks, setAsks] = useState(false)
  const [holds, setHolds] = useState(false)
  const refresh = () => queryClient.invalidateQueries({ queryKey: keys.accounts })
  const fail = (error: unknown) => toast(problemText(error, t), { tone: 'danger' })
  const checking = useMutation({
    // The platform may take its time: the server gives it ten seconds.
    mutationFn: () => request(`/api/accounts/${account.id}/check`, { method: 'POST', body: {}, timeoutMs: 30_000 }),
    onError: fail,
    onSettled: refresh,
  })
  const deleting = useMutation({
    mutationFn: () => request(`/api/accounts/${account.id}`, { method: 'DELETE' }),
    onSuccess: () => toast(t('accounts.deleted', { name: account.name })),
    onError: fail,
    onSettled: refresh,
  })
  const title = channel && (i18n.language === 'en' ? channel.title.en : channel.title.zh)
  return (
    <article className={styles.card} aria-label={account.name}>
      <div className={styles.cardTop}>
        <h2 className={styles.cardName}>
          {channel && <ChannelIcon path={channel.icon.path} size={20} />}
          <span>
            <bdi>{account.name}</bdi>{' '}
            <small>{[title ?? account.channel, account.platform].filter(Boolean).join(' · ')}</small>
          </span>
        </h2>
        {account.intake === 'watch' && <Pill icon="ear">{t('accounts.watched')}</Pill>}
        {channel?.imports && (
          <Link
            to="/imports"
            search={{ account: account.id }}
            className={`${buttons.button} ${buttons.plain} ${buttons.small}`}
          >
            <Icon name="upload" size={16} />
            {t('imports.open')}
          </Link>
        )}
        {isEditable && (
          <>
            <Button small busy={checking.isPending} onClick={() => checking.mutate()}>
              {t(checking.isPending ? 'accounts.checking' : 'accounts.check')}
            </Button>
            <IconButton small icon="edit" label={t('accounts.editTitle', { name: account.name })} onClick={onEdit} />
            <IconButton
              small
              icon="trash"
              label={t('accounts.deleteTitle', { name: account.name })}
              onClick={() => setAsks(true)}
            />
          </>
        )}
      </div>
      <HealthLine health={account.health} />
      {account.health.scan && <QrCode text={account.health.scan} name={account.name} />}
      {account.pausedUntil && (
        <p className={styles.faint}>
          {t('accounts.paused', { time: fullTime(new Date(account.pausedUntil), i18n.language) })}
        </p>
      )}
      {glance && (
        <>
          <HoldLine account={glance} />
          <Concerns glance={glance} />
          <AccountFacts glance={glance} />
        </>
      )}
      <UsageMeter usage={account.usage} name={account.name} />
      {!glance && account.unread > 0 && (
        <p className={styles.health}>{t('accounts.unread', { count: account.unread })}</p>
      )}
      {glance && (
        <div className={own.actions}>
          {!glance.hold && (
            <Button small icon="hourglass" onClick={() => setHolds(true)}>
              {t('hold.open')}
            </Button>
          )}
          <Link
            to="/settings/accounts/$accountId/log"
            params={{ accountId: account.id }}
            search={{}}
            className={`${buttons.button} ${buttons.plain} ${buttons.small}`}
          >
            <Icon name="all" size={16} />
            {t('log.open')}
          </Link>
          {isEditable && (
            <Link
              to="/settings/accounts/$accountId/unread"
              params={{ accountId: account.id }}
              className={`${buttons.button} ${buttons.plain} ${buttons.small}`}
            >
              <Icon name="question" size={16} />
              {t('unread.open')}
            </Link>
          )}
        </div>
      )}
      {holds && <HoldDialog account={account} onClose={() => setHolds(false)} />}
      {account.webhookUrl && (
        <div>
          <p className={styles.label}>{t('accounts.webhook')}</p>
          <CopyText text={account.webhookUrl} label={t('accounts.webhook')} />
        </div>
      )}
      <Confirm
        open={asks}
        onClose={() => setAsks(false)}
        title={t('accounts.deleteTitle', { name: account.name })}
        action={t('accounts.deleteConfirm')}
        danger
        onConfirm={() => deleting.mutate()}
      >
        {t('accounts.deleteBody')}
      </Confirm>
    </article>
  )
}
