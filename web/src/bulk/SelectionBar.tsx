import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { allColleaguesQuery } from '../api/queries.ts'
import type { Priority, Status, TicketActs } from '../api/wire.ts'
import { priorities, type QueueQuery, statuses } from '../inbox/views.ts'
import { useMe } from '../shell/use-me.ts'
import { TimePicker } from '../ticket/TimePicker.tsx'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '../ui/Menu.tsx'
import { Popover } from '../ui/Popover.tsx'
import { macrosQuery, matchingQuery, startBulk } from './api.ts'
import styles from './Bulk.module.css'
import { clearSelection, select, useSelection } from './selection.ts'
import { TagActs } from './TagActs.tsx'
import { selectionBarId } from './use-selecting.ts'

/** What is chosen, and what can be done to all of it. Loaded when somebody chooses. */
export function SelectionBar({ query, loaded }: { readonly query: QueueQuery; readonly loaded: readonly string[] }) {
  const { t } = useTranslation()
  const me = useMe()
  const selection = useSelection()
  const { data: matching } = useQuery(matchingQuery(query))
  const { data: colleagues = [] } = useQuery(allColleaguesQuery)
  const { data: macros = [] } = useQuery(macrosQuery)
  const [isSnoozing, setIsSnoozing] = useState(false)
  /** All that match is asked once more: nobody has seen each of them. */
  const [asked, setAsked] = useState<{
    readonly words: string
    readonly body: { acts: TicketActs } | { macro: string }
  } | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const { ids, all } = selection
  const count = all ? all.count : ids.size
  const isEmpty = count === 0

  const begin = async (body: { acts: TicketActs } | { macro: string }) => {
    setIsBusy(true)
    const bulk = await startBulk(all ? { query: all.query, ...body } : { ids: [...ids], ...body })
    setIsBusy(false)
    if (bulk) clearSelection()
  }
  const act = (words: string, acts: TicketActs) => (all ? setAsked({ words, body: { acts } }) : void begin({ acts }))
  const most = matching?.most ?? 10_000
  const tooMany = (matching?.count ?? 0) > most

  return (
    <section id={selectionBarId} className={styles.bar} aria-label={t('bulk.bar')}>
      <div className={styles.line}>
        <output className={styles.count}>{all ? t('bulk.allChosen', { count }) : t('bulk.chosen', { count })}</output>
        <IconButton small icon="close" label={t('bulk.clear')} onClick={clearSelection} />
      </div>
      {!all && matching && matching.count > 0 && (
        <div className={styles.line}>
          {loaded.some((id) => !ids.has(id)) && loaded.length <= 200 && (
            <Button
              small
              look="quiet"
              onClick={() => select({ ...selection, on: true, ids: new Set(loaded), all: null })}
            >
              {t('bulk.loaded', { count: loaded.length })}
            </Button>
          )}
          <Button
            small
            look="quiet"
            disabled={tooMany}
            title={tooMany ? t('bulk.tooMany', { most }) : undefined}
            onClick={() => select({ on: true, ids: new Set(), anchor: null, all: { query, count: matching.count } })}
          >
            {tooMany ? t('bulk.tooMany', { most }) : t('bulk.matching', { count: matching.count })}
          </Button>
        </div>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a row of buttons, not fields of a form */}
      <div className={styles.acts} role="group" aria-label={t('bulk.acts')} inert={isEmpty || isBusy}>
        <Menu trigger={<IconButton icon="person" label={t('ticket.assign')} aria-disabled={isEmpty} />}>
          <MenuItem icon="person" onSelect={() => act(t('ticket.assignMe'), { assignee: 'me' })}>
            {t('ticket.assignMe')}
          </MenuItem>
          <MenuItem icon="personOff" onSelect={() => act(t('ticket.nobody'), { assignee: null })}>
            {t('ticket.nobody')}
          </MenuItem>
          <MenuSeparator />
          {colleagues
            .filter(({ id }) => id !== me.id)
            .map(({ id, name }) => (
              <MenuItem key={id} onSelect={() => act(t('ticket.assigneeLabel', { name }), { assignee: id })}>
                {name}
              </MenuItem>
            ))}
        </Menu>
        <TagActs onPick={(acts, words) => act(words, acts)} />
        <Menu trigger={<IconButton icon="done" label={t('filter.status')} aria-disabled={isEmpty} />}>
          {statuses.map((status: Status) => (
            <MenuItem
              key={status}
              onSelect={() => act(t('ticket.statusLabel', { status: t(`status.${status}`) }), { status })}
            >
              {t(`status.${status}`)}
            </MenuItem>
          ))}
        </Menu>
        <Popover
          label={t('ticket.snoozeUntil')}
          open={isSnoozing}
          onOpenChange={setIsSnoozing}
          trigger={<IconButton icon="moon" label={t('ticket.snooze')} aria-disabled={isEmpty} />}
        >
          <TimePicker
            label={t('ticket.snoozeFor.other')}
            action={t('ticket.snooze')}
            onPick={(time) => {
              setIsSnoozing(false)
              act(t('ticket.snooze'), { snoozedUntil: time.toISOString() })
            }}
          />
        </Popover>
        <Menu trigger={<IconButton icon="flag" label={t('filter.priority')} aria-disabled={isEmpty} />}>
          {priorities.map((priority: Priority) => (
            <MenuItem
              key={priority}
              onSelect={() => act(t('ticket.priorityLabel', { priority: t(`priority.${priority}`) }), { priority })}
            >
              {t(`priority.${priority}`)}
            </MenuItem>
          ))}
        </Menu>
        <Menu align="end" trigger={<IconButton icon="macro" label={t('macro.run')} aria-disabled={isEmpty} />}>
          {macros.length === 0 && <MenuLabel>{t('macro.none')}</MenuLabel>}
          {macros.map(({ id, name }) => (
            <MenuItem
              key={id}
              icon="macro"
              onSelect={() => (all ? setAsked({ words: name, body: { macro: id } }) : void begin({ macro: id }))}
            >
              {name}
            </MenuItem>
          ))}
        </Menu>
      </div>
      <Confirm
        open={asked !== null}
        onClose={() => setAsked(null)}
        title={t('bulk.sureTitle', { count, what: asked?.words ?? '' })}
        action={t('bulk.sure', { count })}
        onConfirm={() => asked && void begin(asked.body)}
      >
        {t('bulk.sureBody')}
      </Confirm>
    </section>
  )
}
