import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { accountsQuery } from '../api/queries.ts'
import type { ChannelLogLine } from '../api/wire.ts'
import { SearchBox } from '../inbox/SearchBox.tsx'
import { SettingsPage } from '../settings/SettingsPage.tsx'
import { Button } from '../ui/Button.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Segments } from '../ui/Segments.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { toast } from '../ui/toast.ts'
import styles from './Accounts.module.css'
import { LogLine } from './LogLine.tsx'
import { logQuery } from './queries.ts'
import { type LogSearch, readLogSearch } from './search.ts'
import { supportText } from './support-text.ts'

/** "Why did my reply not arrive?": what was said between Huixin and the platform, of one reply or of the whole account. */
export function LogPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { accountId = '' } = useParams({ strict: false })
  const raw = useSearch({ strict: false })
  const search = useMemo(() => readLogSearch(raw as Record<string, unknown>), [raw])
  const { data: accounts = [] } = useQuery(accountsQuery)
  const account = accounts.find(({ id }) => id === accountId)
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage, isFetching } = useInfiniteQuery(
    logQuery(accountId, search),
  )
  const field = useRef<HTMLInputElement>(null)
  const newest = data?.pages.flatMap((page) => page.lines) ?? []
  // The story of one reply is read from its beginning.
  const lines = search.delivery ? newest.toReversed() : newest
  const go = (next: LogSearch) =>
    navigate({ to: '/settings/accounts/$accountId/log', params: { accountId }, search: next, replace: true })
  return (
    <SettingsPage
      title={t('log.title', { name: account?.name ?? '' })}
      intro={t(search.delivery ? 'log.introDelivery' : 'log.intro', { zone: zone() })}
      action={<CopyForSupport account={account ?? { id: accountId, name: '', channel: '' }} lines={lines} />}
    >
      <BackToAccounts />
      <div className={styles.tools}>
        <Segments<'all' | 'failed'>
          label={t('log.show')}
          value={search.result ?? 'all'}
          onChange={(value) => {
            const { result: _, ...rest } = search
            go(value === 'failed' ? { ...rest, result: value } : rest)
          }}
          choices={(['all', 'failed'] as const).map((value) => ({ value, label: t(`log.results.${value}`) }))}
        />
        <SearchBox ref={field} search={search} label={t('log.searchIn')} />
        <Button small busy={isFetching && !isFetchingNextPage} onClick={() => refetch()}>
          {t('log.refresh')}
        </Button>
        {search.delivery && (
          <Button
            small
            onClick={() => {
              const { delivery: _, ...rest } = search
              go(rest)
            }}
          >
            {t('log.wholeAccount')}
          </Button>
        )}
      </div>
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!data && !error && <Spinner label={t('common.loading')} />}
      {data && lines.length === 0 && (
        <Empty icon="search" title={t('log.none')}>
          {t(search.delivery ? 'log.noneDelivery' : search.q || search.result ? 'log.noneFound' : 'log.noneHelp')}
        </Empty>
      )}
      <ol className={styles.lines} aria-label={t('log.lines')}>
        {lines.map((line) => (
          <li key={line.id}>
            <LogLine line={line} isOpen={search.delivery !== undefined && lines.length < 10} />
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <div>
          <Button busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
            {t('log.earlier')}
          </Button>
        </div>
      )}
    </SettingsPage>
  )
}

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

export function BackToAccounts() {
  const { t } = useTranslation()
  return (
    <Link to="/settings/accounts" search={{}} className={styles.back}>
      <Icon name="back" size={16} />
      {t('glance.back')}
    </Link>
  )
}

function CopyForSupport({
  account,
  lines,
}: {
  readonly account: { readonly id: string; readonly name: string; readonly channel: string }
  readonly lines: readonly ChannelLogLine[]
}) {
  const { t } = useTranslation()
  const [isCopied, setIsCopied] = useState(false)
  const copy = () =>
    // The clipboard exists in secure contexts only; elsewhere the lines can be selected.
    (navigator.clipboard?.writeText(supportText(account, lines)) ?? Promise.reject(new Error('no clipboard'))).then(
      () => setIsCopied(true),
      () => toast(t('common.copyByHand'), { tone: 'danger' }),
    )
  return (
    <Button icon={isCopied ? 'done' : 'copy'} disabled={lines.length === 0} onClick={copy}>
      {t(isCopied ? 'common.copied' : 'log.copy')}
    </Button>
  )
}
