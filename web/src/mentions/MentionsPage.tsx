import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { VirtualizerHandle } from 'virtua'
import { accountsQuery, channelsQuery } from '../api/queries.ts'
import { focusRow, neighbour } from '../inbox/move.ts'
import { SearchBox } from '../inbox/SearchBox.tsx'
import { usePointerHold } from '../inbox/use-pointer-hold.ts'
import { useCommands } from '../keyboard/commands.ts'
import { DrawerButton } from '../shell/Drawer.tsx'
import { webUrl } from '../thread/web-url.ts'
import { Button } from '../ui/Button.tsx'
import { Segments } from '../ui/Segments.tsx'
import { useTitle } from '../ui/use-title.ts'
import { type Done, makeTicket, mark, type Note } from './acts.ts'
import { Chips } from './Chips.tsx'
import { Counts } from './Counts.tsx'
import { MentionFilters } from './MentionFilters.tsx'
import { MentionList } from './MentionList.tsx'
import styles from './Mentions.module.css'
import { mentionStates, readMentionSearch } from './search.ts'
import { useMentions } from './use-mentions.ts'

/** Posts of watched accounts: looked through, marked as seen, made tickets of. */
export function MentionsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const raw = useSearch({ strict: false })
  const search = useMemo(() => readMentionSearch(raw), [raw])
  const [isScrolled, setIsScrolled] = useState(false)
  const pointer = usePointerHold()
  const list = useMentions(search, pointer.held || isScrolled)
  const { data: accounts = [] } = useQuery(accountsQuery)
  const { data: channels = [] } = useQuery(channelsQuery)
  const [done, setDone] = useState<ReadonlyMap<string, Done>>(new Map())
  const handle = useRef<VirtualizerHandle>(null)
  const searchBox = useRef<HTMLInputElement>(null)
  const cursor = useRef<string | null>(null)
  useTitle(t('mentions.title'))

  const note = useCallback<Note>((ids, what) => {
    setDone((before) => {
      const after = new Map(before)
      for (const id of ids) what ? after.set(id, what) : after.delete(id)
      return after
    })
  }, [])
  const onTicket = useCallback((id: string) => void makeTicket(t, id, note), [t, note])
  const onMark = useCallback((id: string, dismissed: boolean) => void mark(t, [id], dismissed, note), [t, note])

  const move = (step: 1 | -1) => {
    const next = neighbour(list.rows, cursor.current, step)
    if (!next) return
    cursor.current = next.id
    focusRow(handle.current, list.rows.indexOf(next), next.id, 'mention')
  }
  const current = () => list.rows.find(({ id }) => id === cursor.current)
  const actAndNext = (act: (id: string) => void) => {
    const row = current()
    if (!row) return
    move(1)
    act(row.id)
  }
  useCommands({
    next: () => move(1),
    previous: () => move(-1),
    makeTicket: () => actAndNext(onTicket),
    dismiss: () => actAndNext((id) => onMark(id, (search.state ?? 'open') !== 'dismissed')),
    openPost: () => {
      const url = webUrl(current()?.message.url ?? null)
      if (url) window.open(url, '_blank', 'noopener,noreferrer')
    },
    search: () => {
      searchBox.current?.focus()
      searchBox.current?.select()
    },
  })

  const { state: _, ...others } = search
  const open = list.rows.filter(({ id, state }) => state === 'open' && !done.has(id)).map(({ id }) => id)
  return (
    <main className={styles.page} id="main" tabIndex={-1}>
      <header className={styles.top}>
        <div className={styles.line}>
          <DrawerButton place="inbox" />
          <h1 className={styles.title}>{t('mentions.title')}</h1>
          <Segments
            label={t('mentions.state')}
            value={search.state ?? 'open'}
            onChange={(state) =>
              navigate({ to: '/mentions', search: state === 'open' ? others : { ...others, state } })
            }
            choices={mentionStates.map((value) => ({ value, label: t(`mentions.states.${value}`) }))}
          />
        </div>
        <p className={styles.intro}>{t('mentions.intro')}</p>
        <div className={styles.line}>
          <div className={styles.grow}>
            <SearchBox ref={searchBox} search={search} label={t('mentions.searchIn')} />
          </div>
          <MentionFilters search={search} accounts={accounts} channels={channels} />
        </div>
        <Chips search={search} accounts={accounts} channels={channels} />
        <Counts search={search} accounts={accounts} />
        {open.length > 1 && (
          <Button
            small
            look="quiet"
            icon="doneAll"
            className={styles.all}
            onClick={() => void mark(t, open.slice(0, 200), true, note)}
          >
            {t('mentions.dismissAll', { count: Math.min(200, open.length) })}
          </Button>
        )}
      </header>
      <MentionList
        // Another list starts at its top.
        key={JSON.stringify(search)}
        handle={handle}
        list={list}
        search={search}
        accounts={accounts}
        channels={channels}
        done={done}
        hold={pointer}
        onScrolled={setIsScrolled}
        onFocus={(id) => {
          cursor.current = id
        }}
        onTicket={onTicket}
        onMark={onMark}
      />
    </main>
  )
}
