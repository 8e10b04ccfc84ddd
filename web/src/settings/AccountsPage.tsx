import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { accountsQuery, channelsQuery } from '../api/queries.ts'
import type { Account } from '../api/wire.ts'
import { isAdministrator, useMe } from '../shell/use-me.ts'
import { Button } from '../ui/Button.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { AccountCard } from './AccountCard.tsx'
import { AccountDialog } from './AccountDialog.tsx'
import styles from './Settings.module.css'
import { SettingsPage } from './SettingsPage.tsx'

export function AccountsPage() {
  const { t } = useTranslation()
  const administrator = isAdministrator(useMe())
  const { data: accounts, error, refetch } = useQuery(accountsQuery)
  const { data: channels = [] } = useQuery(channelsQuery)
  const [editing, setEditing] = useState<Account | 'new' | null>(null)
  const connect = administrator && (
    <Button look="primary" icon="plus" onClick={() => setEditing('new')}>
      {t('accounts.connect')}
    </Button>
  )
  return (
    <SettingsPage
      title={t('settings.accounts')}
      intro={t('accounts.intro')}
      action={accounts?.length ? connect : undefined}
    >
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!accounts && !error && <Spinner label={t('common.loading')} />}
      {accounts?.length === 0 && (
        <Empty icon="plug" title={t('accounts.none')} action={connect}>
          {t('accounts.noneHelp')}
        </Empty>
      )}
      <ul className={styles.cards}>
        {accounts?.map((account) => (
          <li key={account.id}>
            <AccountCard
              account={account}
              channel={channels.find((one) => one.channel === account.channel) ?? null}
              isEditable={administrator}
              onEdit={() => setEditing(account)}
            />
          </li>
        ))}
      </ul>
      {editing && (
        <AccountDialog
          account={editing === 'new' ? null : editing}
          channels={channels}
          onClose={() => setEditing(null)}
        />
      )}
    </SettingsPage>
  )
}
