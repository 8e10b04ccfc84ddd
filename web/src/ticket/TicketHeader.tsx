import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { channelsQuery } from '../api/queries.ts'
import type { TicketDetail } from '../api/wire.ts'
import { CustomerMenu } from '../automatic/CustomerMenu.tsx'
import { isViewName, readInboxSearch } from '../inbox/views.ts'
import { Colleagues } from '../presence/Colleagues.tsx'
import { TicketClocks } from '../promises/TicketClocks.tsx'
import { TogetherMenu } from '../together/TogetherMenu.tsx'
import { TogetherStrip } from '../together/TogetherStrip.tsx'
import { ChannelIcon } from '../ui/ChannelIcon.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { AssigneeMenu } from './AssigneeMenu.tsx'
import { CategoryMenu } from './CategoryMenu.tsx'
import { ContactName } from './ContactName.tsx'
import { Facts } from './Facts.tsx'
import { Snooze } from './Snooze.tsx'
import { PriorityMenu, ResolveButton, StatusMenu } from './StatusMenu.tsx'
import { Tags } from './Tags.tsx'
import { TeamMenu } from './TeamMenu.tsx'
import styles from './TicketHeader.module.css'
import { TicketTools } from './TicketTools.tsx'

interface TicketHeaderProps {
  readonly ticket: TicketDetail
  readonly isPersonShown: boolean
  readonly onPerson: () => void
}

export function TicketHeader({ ticket, isPersonShown, onPerson }: TicketHeaderProps) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const { view = 'all' } = useParams({ strict: false })
  const search = readInboxSearch(useSearch({ strict: false }))
  const { data: channels } = useQuery(channelsQuery)
  const channel = channels?.find((one) => one.channel === ticket.channel)
  const { id, name, handle } = ticket.contact
  const platformName = ticket.threads
    .filter(({ identity }) => identity.contact.id === id)
    .map(({ identity }) => identity.name)
    .find((called) => called !== name && called !== handle)
  return (
    <header className={styles.header}>
      <div className={styles.line}>
        <IconButton
          icon="back"
          label={t('ticket.back')}
          className={styles.back}
          onClick={() => navigate({ to: '/inbox/$view', params: { view: isViewName(view) ? view : 'all' }, search })}
        />
        <div className={styles.who}>
          <ContactName ticket={ticket} />
          <p className={styles.about}>
            {platformName && <bdi>{t('ticket.calledThere', { name: platformName })}</bdi>}
            {handle && <bdi>{/^[@+0-9]|@/u.test(handle) ? handle : `@${handle}`}</bdi>}
            {channel && (
              <span className={styles.channel}>
                <ChannelIcon path={channel.icon.path} size={14} />
                {i18n.language === 'en' ? channel.title.en : channel.title.zh}
              </span>
            )}
            <span>{t('ticket.number', { number: ticket.number })}</span>
          </p>
        </div>
        <IconButton icon="person" label={t('person.show')} aria-pressed={isPersonShown} onClick={onPerson} />
        <ResolveButton ticket={ticket} />
      </div>
      <section className={styles.controls} aria-label={t('ticket.actions')}>
        <StatusMenu ticket={ticket} />
        <TeamMenu ticket={ticket} />
        <AssigneeMenu ticket={ticket} />
        <PriorityMenu ticket={ticket} />
        <CategoryMenu ticket={ticket} />
        <Facts ticket={ticket} />
        <Snooze ticket={ticket} />
        <CustomerMenu ticket={ticket} />
        <TogetherMenu ticket={ticket} />
        <Tags ticket={ticket} />
        <TicketClocks ticket={ticket} />
        <TicketTools ticket={ticket} />
      </section>
      <TogetherStrip ticket={ticket} />
      <Colleagues ticketId={ticket.id} />
    </header>
  )
}
