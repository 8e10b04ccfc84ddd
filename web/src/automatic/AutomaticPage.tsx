import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { accountsQuery } from '../api/queries.ts'
import { SettingsPage } from '../settings/SettingsPage.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { AutomaticForm } from './AutomaticForm.tsx'
import { automaticQuery } from './api.ts'

/** What speaks by itself, account by account. */
export function AutomaticPage() {
  const { t } = useTranslation()
  const { data: accounts, error, refetch } = useQuery(accountsQuery)
  const [chosen, setChosen] = useState<string | null>(null)
  const accountId = chosen ?? accounts?.[0]?.id ?? null
  return (
    <SettingsPage title={t('settings.automatic')} intro={t('automatic.intro')}>
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!accounts && !error && <Spinner label={t('common.loading')} />}
      {accounts?.length === 0 && (
        <Empty icon="plug" title={t('accounts.none')}>
          {t('accounts.noneHelp')}
        </Empty>
      )}
      {accounts && accountId && (
        <>
          <Field label={t('automatic.account')}>
            {({ id }) => (
              <Select
                id={id}
                value={accountId}
                onChange={setChosen}
                choices={accounts.map(({ id: value, name: label }) => ({ value, label }))}
              />
            )}
          </Field>
          <OneAccount key={accountId} accountId={accountId} />
        </>
      )}
    </SettingsPage>
  )
}

function OneAccount({ accountId }: { readonly accountId: string }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(automaticQuery(accountId))
  if (error) return <ErrorNote error={error} onRetry={refetch} />
  if (!data) return <Spinner label={t('common.loading')} />
  return <AutomaticForm accountId={accountId} account={data} />
}
