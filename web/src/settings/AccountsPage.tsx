import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AccountFilters } from '../accounts/AccountFilters.tsx'
import { glanceQuery } from '../accounts/queries.ts'
import { readAccountsSearch } from '../accounts/search.ts'
import { standsAs } from '../accounts/standing.ts'
import { accountsQuery, brandsQuery, channelsQuery } from '../api/queries.ts'
import type { Account } from '../api/wire.ts'
import { isAdministrator, useMe } from '../shell/use-me.ts'
import { Button } from '../ui/Button.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { useNow } from '../ui/use-now.ts'
import { AccountCard } from './AccountCard.tsx'
import { AccountDialog } from './AccountDialog.tsx'
import styles from './Settings.module.css'
import { SettingsPage } from './SettingsPage.tsx'

export function AccountsPage() {
  const { t } = useTranslation()
  const administrator = isAdministrator(useMe())
  const { data: accounts, error, refetch } = useQuery(accountsQuery)
  const { data: channels = [] } = useQuery(channelsQuery)
  const { data: brands = [] } = useQuery(brandsQuery)
  const search = readAccountsSearch(useSearch({ strict: false }))
  const seesFigures = useMe().role !== 'agent'
  const glances = useQuery({ ...glanceQuery, enabled: seesFigures })
  const now = useNow(60_000)
  const glanceOf = (id: string) => glances.data?.find((one) => one.id === id) ?? null
  const shown = accounts?.filter((account) => {
    const glance = glanceOf(account.id)
    if (search.brand && account.brandId !== search.brand) return false
    return search.state === undefined || glance === null || standsAs(glance, search.state, now)
  })
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
      {glances.error && <ErrorNote error={glances.error} onRetry={glances.refetch} />}
      {glances.data && glances.data.length > 0 && (
        <AccountFilters search={search} glances={glances.data} brands={brands} />
      )}
      {shown?.length === 0 && accounts?.length !== 0 && (
        <Empty icon="search" title={t('glance.noneFound')}>
          {t('glance.noneFoundHelp')}
        </Empty>
      )}
      <ul className={styles.cards}>
        {shown?.map((account) => (
          <li key={account.id}>
            <AccountCard
              account={account}
              glance={glanceOf(account.id)}
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
