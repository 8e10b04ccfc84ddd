import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { accountsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { SettingsPage } from '../settings/SettingsPage.tsx'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Segments } from '../ui/Segments.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { toast } from '../ui/toast.ts'
import styles from './Accounts.module.css'
import { BackToAccounts } from './LogPage.tsx'
import { unreadQuery } from './queries.ts'
import { UnreadRow } from './UnreadRow.tsx'
import { useReplay } from './use-replay.ts'

/** What came in and could not be read: why, what is in it, another try, or away with it. */
export function UnreadPage() {
  const { t } = useTranslation()
  const { accountId = '' } = useParams({ strict: false })
  const [show, setShow] = useState<'open' | 'discarded'>('open')
  /** What is to be discarded, once that is confirmed; null: nothing; `all`: all that waits. */
  const [asks, setAsks] = useState<string | 'all' | null>(null)
  const { data: accounts = [] } = useQuery(accountsQuery)
  const account = accounts.find(({ id }) => id === accountId)
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    unreadQuery(accountId, show),
  )
  const items = data?.pages.flatMap((page) => page.items) ?? []
  const refresh = () => {
    queryClient.invalidateQueries({ queryKey: keys.unreadOf(accountId) })
    queryClient.invalidateQueries({ queryKey: keys.accounts })
    queryClient.invalidateQueries({ queryKey: keys.glance })
  }
  const fail = (failure: unknown) => toast(problemText(failure, t), { tone: 'danger' })
  const replay = useReplay(accountId, refresh, fail)
  const post = (act: 'discard' | 'restore', ids: readonly string[] | null) =>
    request<{ count: number }>(`/api/accounts/${accountId}/unread/${act}`, { method: 'POST', body: { ids } })
  const restoring = useMutation({
    mutationFn: (ids: readonly string[]) => post('restore', ids),
    onSuccess: ({ count }) => toast(t('unread.restored', { count })),
    onError: fail,
    onSettled: refresh,
  })
  const discarding = useMutation({
    mutationFn: (ids: readonly string[] | null) => post('discard', ids),
    onSuccess: ({ count }, ids) =>
      toast(
        t('unread.discarded', { count }),
        ids ? { action: { label: t('unread.restore'), run: () => restoring.mutate(ids) } } : {},
      ),
    onError: fail,
    onSettled: refresh,
  })
  const { state } = replay
  const waiting = account?.unread ?? items.length
  return (
    <SettingsPage title={t('unread.title', { name: account?.name ?? '' })} intro={t('unread.intro')}>
      <BackToAccounts />
      <div className={styles.tools}>
        <Segments<'open' | 'discarded'>
          label={t('unread.show')}
          value={show}
          onChange={setShow}
          choices={(['open', 'discarded'] as const).map((value) => ({ value, label: t(`unread.shows.${value}`) }))}
        />
        {show === 'open' && items.length > 0 && (
          <div className={styles.actions}>
            <Button look="primary" busy={state?.isRunning ?? false} onClick={() => replay.run(null)}>
              {t('unread.replayAll')}
            </Button>
            <Button icon="trash" disabled={state?.isRunning} onClick={() => setAsks('all')}>
              {t('unread.discardAll')}
            </Button>
          </div>
        )}
      </div>
      {state && (
        <div className={styles.tools} role="status">
          {state.isRunning && (
            <>
              <progress
                className={styles.progress}
                aria-label={t('unread.progress')}
                max={state.done + Math.max(waiting - state.failed, 1)}
                value={state.done}
              />
              <Button small onClick={replay.stop}>
                {t('unread.stop')}
              </Button>
            </>
          )}
          <span>{t('accounts.replayed', { count: state.replayed, failed: state.failed })}</span>
        </div>
      )}
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!data && !error && <Spinner label={t('common.loading')} />}
      {data && items.length === 0 && (
        <Empty icon="done" title={t(show === 'open' ? 'unread.none' : 'unread.noneDiscarded')}>
          {t(show === 'open' ? 'unread.noneHelp' : 'unread.noneDiscardedHelp')}
        </Empty>
      )}
      {items.length > 0 && (
        <ul className={styles.items} aria-label={t('unread.items')}>
          {items.map((item) => (
            <li key={item.id} className={styles.item}>
              <UnreadRow
                accountId={accountId}
                item={item}
                isBusy={state?.isRunning ?? false}
                onReplay={() => replay.run([item.id])}
                onDiscard={() => setAsks(item.id)}
                onRestore={() => restoring.mutate([item.id])}
              />
            </li>
          ))}
        </ul>
      )}
      {hasNextPage && (
        <div>
          <Button busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
            {t('common.more')}
          </Button>
        </div>
      )}
      <Confirm
        open={asks !== null}
        onClose={() => setAsks(null)}
        title={asks === 'all' ? t('unread.discardAllTitle', { count: waiting }) : t('unread.discardTitle')}
        action={t('unread.discard')}
        danger
        onConfirm={() => asks !== null && discarding.mutate(asks === 'all' ? null : [asks])}
      >
        {t('unread.discardBody')}
      </Confirm>
    </SettingsPage>
  )
}
