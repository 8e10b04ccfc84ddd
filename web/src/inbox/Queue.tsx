import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VirtualizerHandle } from 'virtua'
import { useHotkeys } from '../keyboard/hotkeys.ts'
import { DrawerButton } from '../shell/Drawer.tsx'
import { patchTicket } from '../ticket/patch.ts'
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
import { queueQueryOf, readInboxSearch, type ViewName } from './views.ts'

export function Queue({ view, openId }: { readonly view: ViewName; readonly openId: string | null }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const raw = useSearch({ strict: false })
  const search = useMemo(() => readInboxSearch(raw), [raw])
  const query = useMemo(() => queueQueryOf(view, search), [view, search])
  const [isScrolled, setIsScrolled] = useState(false)
  const pointer = usePointerHold()
  const queue = useQueue(query, pointer.held || isScrolled)
  const list = useRef<VirtualizerHandle>(null)
  const searchBox = useRef<HTMLInputElement>(null)
  // Where j and k go on from. Not the focus itself: a focused row that is scrolled far away is not drawn any more.
  const cursor = useRef(openId)
  useEffect(() => {
    cursor.current = openId
  }, [openId])
  useTitle(t(`view.${view}`))

  const open = (ticketId: string) => navigate({ to: '/inbox/$view/$ticketId', params: { view, ticketId }, search })
  const move = (step: 1 | -1) => {
    const next = neighbour(queue.rows, cursor.current, step)
    if (!next) return
    cursor.current = next.id
    focusRow(list.current, queue.rows.indexOf(next), next.id)
  }
  const resolveAndNext = () => {
    const ticket = queue.rows.find((row) => row.id === openId)
    if (!openId) return
    // The next one below; at the end of the list, the one above.
    const next = neighbour(queue.rows, openId, 1) ?? neighbour(queue.rows, openId, -1)
    patchTicket({
      ticketId: openId,
      patch: { status: 'resolved' },
      guarded: true,
      ...(ticket ? { version: ticket.version } : {}),
    })
    if (next && next.id !== openId) open(next.id)
    else {
      navigate({ to: '/inbox/$view', params: { view }, search })
      toast(t('ticket.done'))
    }
  }
  useHotkeys({
    j: () => move(1),
    k: () => move(-1),
    e: resolveAndNext,
    u: () => navigate({ to: '/inbox/$view', params: { view }, search }),
    '/': () => {
      searchBox.current?.focus()
      searchBox.current?.select()
    },
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
          <h2 className={styles.title}>{t(`view.${view}`)}</h2>
          <FilterButton view={view} search={search} />
        </div>
        <SearchBox key={view} ref={searchBox} search={search} label={t('filter.searchIn')} />
        <ActiveFilters search={search} />
      </header>
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
    </section>
  )
}
