import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { accountsQuery } from '../api/queries.ts'
import type { Uploaded } from '../api/wire.ts'
import settings from '../settings/Settings.module.css'
import { DrawerButton } from '../shell/Drawer.tsx'
import { Empty } from '../ui/Empty.tsx'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { useTitle } from '../ui/use-title.ts'
import { ChooseFile } from './ChooseFile.tsx'
import { type FileAccount, useFileAccounts } from './file-accounts.ts'
import { History } from './History.tsx'
import { Preview } from './Preview.tsx'
import { Progress } from './Progress.tsx'

/** A file brought by hand: chosen, looked at, imported. */
export function ImportsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { account: wanted } = useSearch({ strict: false }) as { account?: string }
  const { isPending } = useQuery(accountsQuery)
  const list = useFileAccounts()
  const chosen = list.find(({ account }) => account.id === wanted) ?? list[0]
  useTitle(t('imports.title'))
  return (
    <main className={settings.settings} id="main" tabIndex={-1}>
      <div className={settings.column}>
        <div className={settings.drawer}>
          <DrawerButton place="inbox" />
        </div>
        <header className={settings.header}>
          <div>
            <h1 className={settings.title}>{t('imports.title')}</h1>
            <p className={settings.intro}>{t('imports.intro')}</p>
          </div>
        </header>
        {!chosen && !isPending && (
          <Empty icon="upload" title={t('imports.none')}>
            {t('imports.noneHelp')}
          </Empty>
        )}
        {list.length > 1 && chosen && (
          <Field label={t('imports.account')}>
            {({ id }) => (
              <Select
                id={id}
                value={chosen.account.id}
                onChange={(account) => navigate({ to: '/imports', search: { account }, replace: true })}
                choices={list.map(({ account }) => ({ value: account.id, label: account.name }))}
              />
            )}
          </Field>
        )}
        {chosen && <Steps key={chosen.account.id} chosen={chosen} />}
      </div>
    </main>
  )
}

function Steps({ chosen }: { readonly chosen: FileAccount }) {
  const [uploaded, setUploaded] = useState<Uploaded | null>(null)
  const [startedId, setStartedId] = useState<string | null>(null)
  const again = () => {
    setUploaded(null)
    setStartedId(null)
  }
  return (
    <>
      {startedId ? (
        <Progress id={startedId} chosen={chosen} onAgain={again} />
      ) : uploaded ? (
        <Preview
          key={uploaded.import.id}
          uploaded={uploaded}
          chosen={chosen}
          onStarted={setStartedId}
          onDiscard={again}
        />
      ) : (
        <ChooseFile chosen={chosen} onUploaded={setUploaded} />
      )}
      <History accountId={chosen.account.id} />
    </>
  )
}
