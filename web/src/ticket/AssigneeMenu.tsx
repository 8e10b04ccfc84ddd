import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { colleaguesQuery } from '../api/queries.ts'
import type { Ticket } from '../api/wire.ts'
import { useCommands } from '../keyboard/commands.ts'
import { agentsQuery } from '../promises/queries.ts'
import { useMe } from '../shell/use-me.ts'
import { Button } from '../ui/Button.tsx'
import { Menu, MenuChoices, MenuItem, MenuSeparator } from '../ui/Menu.tsx'
import { patchTicket } from './patch.ts'
import styles from './TicketHeader.module.css'

export function AssigneeMenu({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation()
  const me = useMe()
  const { data: colleagues = [] } = useQuery(colleaguesQuery(ticket.brandId))
  const { data: agents = [] } = useQuery(agentsQuery)
  const stateOf = (id: string) => {
    const agent = agents.find((one) => one.id === id)
    return agent ? ` · ${t(`agent.state.${agent.state}`)} · ${agent.open}` : ''
  }
  const trigger = useRef<HTMLButtonElement>(null)
  const { assignee } = ticket
  const isMine = assignee?.id === me.id
  const assign = (to: { readonly id: string; readonly name: string } | null) =>
    patchTicket({
      ticketId: ticket.id,
      patch: { assignee: to ? to.id : null },
      assumed: { assignee: to },
      guarded: true,
      version: ticket.version,
    })
  const claim = () => assign({ id: me.id, name: me.name })
  useCommands({
    claim: () => (isMine ? undefined : claim()),
    assign: () => trigger.current?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })),
  })
  const name = assignee ? assignee.name : t('queue.unassigned')
  return (
    <>
      <Menu
        trigger={
          <Button
            ref={trigger}
            small
            look="quiet"
            icon={assignee ? 'person' : 'personOff'}
            className={styles.control}
            aria-label={t('ticket.assigneeLabel', { name })}
          >
            {name}
          </Button>
        }
      >
        {!isMine && (
          <>
            <MenuItem icon="person" onSelect={claim}>
              {t('ticket.assignMe')}
            </MenuItem>
            <MenuSeparator />
          </>
        )}
        <MenuChoices
          value={assignee?.id ?? 'nobody'}
          onChange={(id) => assign(colleagues.find((colleague) => colleague.id === id) ?? null)}
          choices={[
            ...colleagues.map(({ id, name: label }) => ({
              value: id,
              label: `${id === me.id ? `${label} (${t('ticket.me')})` : label}${stateOf(id)}`,
            })),
            { value: 'nobody', label: t('ticket.nobody') },
          ]}
        />
      </Menu>
      {!assignee && (
        <Button small look="plain" onClick={claim}>
          {t('ticket.claim')}
        </Button>
      )}
    </>
  )
}
