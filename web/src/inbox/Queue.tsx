import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VirtualizerHandle } from 'virtua'
import type { Ticket } from '../api/wire.ts'
import { clearSelection, nothing, select } from '../bulk/selection.ts'
import { useSelecting } from '../bulk/use-selecting.ts'
import { withWords } from '../i18n/i18n.ts'
import { useCommands } from '../keyboard/commands.ts'
import { DrawerButton } from '../shell/Drawer.tsx'
import { useNextAhead } from '../ticket/ahead.ts'
import { patchTicket } from '../ticket/patch.ts'
import { ticketInCache } from '../ticket/ticket-cache.ts'
import { asksForResult } from '../together/ask-result.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { toast } from '../ui/toast.ts'
import { useTitle } from '../ui/use-title.ts'
import { ActiveFilters } from './ActiveFilters.tsx'
import { FilterButton } from './FilterButton.tsx'
import { focusRow, neighbour } from './move.ts'
import styles from './Queue.module.css'
import { QueueList } from './QueueList.tsx'
import { SearchBox } from './SearchBox.tsx'
import { usePointerHold } from './use-pointer-hold.ts'
import { useQueue } from './use-queue.ts'
import { useSavedViews } from './use-saved-views.ts'
import { queueQueryOf, readInboxSearch, savedAs, type ViewName } from './views.ts'

/** Not needed for the list to be there. */
const SelectionBar = lazy(async () => ({ default: (await withWords(import('../bulk/SelectionBar.tsx'))).SelectionBar }))
const BulkDock = lazy(async () => ({ default: (await withWords(import('../bulk/BulkDock.tsx'))).BulkDock }))

export function Queue({ view, openId }: { readonly view: ViewName; readonly openId: string | null }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const raw = useSearch({ strict: false })
  const search = useMemo(() => readInboxSearch(raw), [raw])
  const query = useMemo(() => queueQueryOf(view, search), [view, search])
  const [isScrolled, setIsScrolled] = useState(false)
  const pointer = usePointerHold()
  const queue = useQueue(query, pointer.held || isScrolled)
  const isLater = useLater(queue.data !== undefined)
  const list = useRef<VirtualizerHandle>(null)
  const searchBox = useRef<HTMLInputElement>(null)
  // Where j and k go on from. Not the focus itself: a focused row that is scrolled far away is not drawn any more.
  const cursor = useRef(openId)
  useEffect(() => {
    cursor.current = openId
  }, [openId])
  const selection = useSelecting(query, queue.rows, () => cursor.current)
  const saved = savedAs(useSavedViews(), view, search)
  const title = saved?.name ?? t(`view.${view}`)
  useTitle(title)

  useNextAhead(openId, openId ? (neighbour(queue.rows, openId, 1)?.id ?? null) : null)

  const open = (ticketId: string) => navigate({ to: '/inbox/$view/$ticketId', params: { view, ticketId }, search })
  const move = (step: 1 | -1) => {
    const next = neighbour(queue.rows, cursor.current, step)
    if (!next) return
    cursor.current = next.id
    focusRow(list.current, queue.rows.indexOf(next), next.id)
  }
  /** Resolves what is open, with a way back; `then` follows. Where a result is wanted first, its form is shown. */
  const resolve = (then: () => void = () => {}) => {
    if (!openId) return
    const ticket = queue.rows.find((row) => row.id === openId) ?? ticketInCache(openId)
    const patch = (status: Ticket['status'], guard: object) =>
      patchTicket({ ticketId: openId, patch: { status }, ...guard })
    const change = (guard: object) => {
      patch('resolved', guard)
      toast(t('ticket.resolvedOne', { name: ticket?.contact.name ?? '' }), {
        action: { label: t('ticket.undo'), run: () => patch(ticket?.status ?? 'open', {}) },
      })
      then()
    }
    // The result made it a newer one.
    if (asksForResult(openId, () => change({}))) return
    change({ guarded: true, ...(ticket ? { version: ticket.version } : {}) })
  }
  const resolveAndNext = () => {
    // The next one below; at the end of the list, the one above.
    const next = neighbour(queue.rows, openId, 1) ?? neighbour(queue.rows, openId, -1)
    resolve(() => {
      if (next && next.id !== openId) open(next.id)
      else navigate({ to: '/inbox/$view', params: { view }, search })
    })
  }
  useCommands({
    next: () => move(1),
    previous: () => move(-1),
    search: () => {
      searchBox.current?.focus()
      searchBox.current?.select()
    },
    goAll: () => navigate({ to: '/inbox/$view', params: { view: 'all' }, search: {} }),
    goMine: () => navigate({ to: '/inbox/$view', params: { view: 'mine' }, search: {} }),
    goUnassigned: () => navigate({ to: '/inbox/$view', params: { view: 'unassigned' }, search: {} }),
    ...(openId
      ? {
          resolveNext: resolveAndNext,
          resolve: () => resolve(),
          back: () => navigate({ to: '/inbox/$view', params: { view }, search }),
        }
      : {}),
  })

  return (
    <section
      className={styles.queue}
      aria-label={t('queue.label')}
      onFocus={({ target }) => {
        cursor.current = target.closest<HTMLElement>('[data-ticket]')?.dataset.ticket ?? cursor.current
      }}
    >
      <header className={styles.header}>
        <div className={styles.line}>
          <DrawerButton place="inbox" />
          <h2 className={styles.title}>{title}</h2>
          <IconButton
            icon="doneAll"
            label={t('bulk.choose')}
            aria-pressed={selection.on}
            onClick={() => (selection.on ? clearSelection() : select({ ...nothing, on: true }))}
          />
          <FilterButton view={view} search={search} />
        </div>
        <SearchBox key={view} ref={searchBox} search={search} label={t('filter.searchIn')} />
        <ActiveFilters view={view} search={search} />
      </header>
      {selection.on && (
        <Suspense>
          <SelectionBar query={query} loaded={queue.rows.map(({ id }) => id)} />
        </Suspense>
      )}
      <QueueList
        // Another list starts at its top.
        key={JSON.stringify(query)}
        handle={list}
        queue={queue}
        view={view}
        search={search}
        openId={openId}
        hold={pointer}
        onScrolled={setIsScrolled}
      />
      {isLater && (
        <Suspense>
          <BulkDock />
        </Suspense>
      )}
    </section>
  )
}

/**
 * True a moment after the list is there: time for what it does not need. The page of a conversation comes then too, before
 * anybody opens one; a failure is shown when it is really asked for.
 */
function useLater(isThere: boolean): boolean {
  const [isLater, setIsLater] = useState(false)
  useEffect(() => {
    if (!isThere || isLater) return
    const timer = setTimeout(() => {
      setIsLater(true)
      void withWords(import('../ticket/TicketPage.tsx')).catch(() => {})
    }, 300)
    return () => clearTimeout(timer)
  }, [isThere, isLater])
  return isLater
}
