import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { teamsQuery } from '../api/queries.ts'
import type { Ticket } from '../api/wire.ts'
import { Button } from '../ui/Button.tsx'
import { Menu, MenuChoices } from '../ui/Menu.tsx'
import { patchTicket } from './patch.ts'
import styles from './TicketHeader.module.css'

/** Which team works on it; where there are none, nothing. */
export function TeamMenu({ ticket }: { readonly ticket: Ticket }) {
  const { t } = useTranslation()
  const { data = [] } = useQuery(teamsQuery)
  const teams = data.filter(({ brandIds }) => brandIds === null || brandIds.includes(ticket.brandId))
  if (teams.length === 0 && !ticket.team) return null
  const give = (id: string) => {
    const team = teams.find((one) => one.id === id) ?? null
    patchTicket({
      ticketId: ticket.id,
      patch: { team: team?.id ?? null },
      assumed: { team: team && { id: team.id, name: team.name } },
    })
  }
  const name = ticket.team?.name ?? t('teams.noTeam')
  return (
    <Menu
      trigger={
        <Button small look="quiet" icon="people" className={styles.control} aria-label={t('teams.label', { name })}>
          {name}
        </Button>
      }
    >
      <MenuChoices
        value={ticket.team?.id ?? 'none'}
        onChange={give}
        choices={[
          ...teams.map(({ id, name: label }) => ({ value: id, label })),
          { value: 'none', label: t('teams.noTeam') },
        ]}
      />
    </Menu>
  )
}
