import { type ComponentProps, Fragment, type Ref, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { RowBox } from '../bulk/RowBox.tsx'
import { createAhead } from '../ticket/ahead.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { EmptyQueue } from './EmptyQueue.tsx'
import styles from './Queue.module.css'
import { QueueRow } from './QueueRow.tsx'
import type { usePointerHold } from './use-pointer-hold.ts'
import type { useQueue } from './use-queue.ts'
import type { InboxSearch, ViewName } from './views.ts'

interface QueueListProps {
  readonly handle: Ref<VirtualizerHandle>
  readonly queue: ReturnType<typeof useQueue>
  readonly view: ViewName
  readonly search: InboxSearch
  readonly openId: string | null
  readonly hold: ReturnType<typeof usePointerHold>
  readonly onScrolled: (scrolled: boolean) => void
}

export function QueueList({ handle, queue, view, search, openId, hold, onScrolled }: QueueListProps) {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const [ahead] = useState(createAhead)
  const { rows, unread, pending, data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    queue

  const onScroll = (offset: number) => {
    onScrolled(offset > 8)
    const element = scroller.current
    if (!element || !hasNextPage || isFetchingNextPage) return
    // Two screens ahead, so that nobody waits at the end.
    if (offset + element.clientHeight * 3 > element.scrollHeight) fetchNextPage()
  }
  const showNew = () => {
    hold.release()
    scroller.current?.scrollTo({ top: 0 })
    onScrolled(false)
  }

  return (
    <div className={styles.holder}>
      {pending > 0 && (
        <Button small look="primary" className={styles.pill} onClick={showNew} title={t('queue.showNew')}>
          {t('queue.newOnes', { count: pending })}
        </Button>
      )}
      <div className={styles.scroller} ref={scroller} {...hold.handlers} {...ahead}>
        {error && !data ? (
          <div className={styles.error}>
            <ErrorNote error={error} onRetry={refetch} />
          </div>
        ) : isPending ? (
          <div className={styles.loading}>
            <Spinner label={t('common.loading')} />
          </div>
        ) : rows.length === 0 ? (
          <EmptyQueue view={view} search={search} />
        ) : (
          <>
            <Virtualizer
              ref={handle}
              scrollRef={scroller}
              onScroll={onScroll}
              as="ul"
              item={Row}
              data={rows}
              itemSize={92}
            >
              {(ticket) => (
                <Fragment key={ticket.id}>
                  <RowBox ticket={ticket} rows={rows} />
                  <QueueRow
                    ticket={ticket}
                    view={view}
                    search={search}
                    isOpen={ticket.id === openId}
                    isUnread={unread.has(ticket.id)}
                  />
                </Fragment>
              )}
            </Virtualizer>
            <p className={styles.end} role="status">
              {isFetchingNextPage ? t('queue.loadingMore') : hasNextPage ? '' : t('queue.end')}
            </p>
          </>
        )}
      </div>
    </div>
  )
}

/** Rows say which one they are, since most of the list is not drawn. Its length is not known: the list goes on. */
function Row({ index, ...rest }: ComponentProps<'li'> & { readonly index?: number }) {
  return <li {...rest} aria-setsize={-1} aria-posinset={(index ?? 0) + 1} />
}
