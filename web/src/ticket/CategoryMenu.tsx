import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { categoriesQuery } from '../api/queries.ts'
import type { Ticket } from '../api/wire.ts'
import { useCommands } from '../keyboard/commands.ts'
import { Button } from '../ui/Button.tsx'
import { Menu, MenuChoices } from '../ui/Menu.tsx'
import { categoryName, levelOf, nameIn, offered } from './category-name.ts'
import { patchTicket } from './patch.ts'
import styles from './TicketHeader.module.css'

const none = 'none'

export function CategoryMenu({ ticket }: { readonly ticket: Ticket }) {
  const { t, i18n } = useTranslation()
  const { data: all = [] } = useQuery(categoriesQuery)
  const trigger = useRef<HTMLButtonElement>(null)
  useCommands({
    category: () => trigger.current?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })),
  })
  const { category } = ticket
  const present = all.find(({ id }) => id === category)
  const name = category === null ? t('category.none') : present ? nameIn(present, i18n.language) : category
  const whole = category === null ? name : categoryName(all, category, i18n.language)
  return (
    <Menu
      trigger={
        <Button
          ref={trigger}
          small
          look="quiet"
          icon="folder"
          className={styles.control}
          title={whole}
          aria-label={t('category.label', { name: whole })}
        >
          {name}
        </Button>
      }
    >
      <MenuChoices
        value={category ?? none}
        onChange={(next) => patchTicket({ ticketId: ticket.id, patch: { category: next === none ? null : next } })}
        choices={[
          { value: none, label: t('category.none') },
          ...offered(all, category).map((one) => ({
            value: one.id,
            label: <span data-level={levelOf(all, one)}>{nameIn(one, i18n.language)}</span>,
          })),
        ]}
      />
    </Menu>
  )
}
