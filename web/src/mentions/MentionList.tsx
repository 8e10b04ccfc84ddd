import { type Ref, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import type { Account, Channel } from '../api/wire.ts'
import queue from '../inbox/Queue.module.css'
import type { usePointerHold } from '../inbox/use-pointer-hold.ts'
import { Button } from '../ui/Button.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import type { Done } from './acts.ts'
import { MentionItem } from './MentionItem.tsx'
import styles from './Mentions.module.css'
import { hasFilters, type MentionSearch } from './search.ts'
import type { useMentions } from './use-mentions.ts'

interface MentionListProps {
  readonly handle: Ref<VirtualizerHandle>
  readonly list: ReturnType<typeof useMentions>
  readonly search: MentionSearch
  readonly accounts: readonly Account[]
  readonly channels: readonly Channel[]
  readonly done: ReadonlyMap<string, Done>
  readonly hold: ReturnType<typeof usePointerHold>
  readonly onScrolled: (scrolled: boolean) => void
  readonly onFocus: (id: string) => void
  readonly onTicket: (id: string) => void
  readonly onMark: (id: string, dismissed: boolean) => void
}

export function MentionList(props: MentionListProps) {
  const { handle, list, search, accounts, channels, done, hold, onScrolled, onFocus, onTicket, onMark } = props
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const { rows, pending, data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = list
  const onScroll = (offset: number) => {
    onScrolled(offset > 8)
    const element = scroller.current
    if (!element || !hasNextPage || isFetchingNextPage) return
    if (offset + element.clientHeight * 3 > element.scrollHeight) fetchNextPage()
  }
  const showNew = () => {
    hold.release()
    scroller.current?.scrollTo({ top: 0 })
    onScrolled(false)
  }
  return (
    <section
      className={queue.holder}
      aria-label={t('mentions.list')}
      onFocus={({ target }) => {
        const id = target.closest<HTMLElement>('[data-mention]')?.dataset.mention
        if (id) onFocus(id)
      }}
    >
      {pending > 0 && (
        <Button small look="primary" className={queue.pill} onClick={showNew} title={t('queue.showNew')}>
          {t('mentions.newOnes', { count: pending })}
        </Button>
      )}
      <div className={queue.scroller} ref={scroller} {...hold.handlers}>
        {error && !data ? (
          <div className={queue.error}>
            <ErrorNote error={error} onRetry={refetch} />
          </div>
        ) : isPending ? (
          <div className={queue.loading}>
            <Spinner label={t('common.loading')} />
          </div>
        ) : rows.length === 0 ? (
          <Nothing search={search} accounts={accounts} />
        ) : (
          <>
            <Virtualizer
              ref={handle}
              scrollRef={scroller}
              onScroll={onScroll}
              as="ul"
              item="li"
              data={rows}
              itemSize={150}
            >
              {(mention) => (
                <MentionItem
                  key={mention.id}
                  mention={mention}
                  account={accounts.find(({ id }) => id === mention.accountId)}
                  channel={channels.find(({ channel }) => channel === mention.channel)}
                  done={done.get(mention.id)}
                  onTicket={onTicket}
                  onMark={onMark}
                />
              )}
            </Virtualizer>
            <p className={styles.end} role="status">
              {isFetchingNextPage ? t('queue.loadingMore') : hasNextPage ? '' : t('queue.end')}
            </p>
          </>
        )}
      </div>
    </section>
  )
}

function Nothing({ search, accounts }: { readonly search: MentionSearch; readonly accounts: readonly Account[] }) {
  const { t } = useTranslation()
  if (hasFilters(search)) {
    return (
      <Empty icon="search" title={t('queue.empty.found.title')}>
        {t('queue.empty.found.help')}
      </Empty>
    )
  }
  const state = search.state ?? (accounts.some(({ intake }) => intake === 'watch') ? 'open' : 'noAccount')
  return (
    <Empty icon="ear" title={t(`mentions.empty.${state}.title`)}>
      {t(`mentions.empty.${state}.help`)}
    </Empty>
  )
}
