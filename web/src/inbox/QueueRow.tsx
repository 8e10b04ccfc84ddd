import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { channelsQuery } from '../api/queries.ts'
import type { Ticket } from '../api/wire.ts'
import { clockTime, dateFormat, dayName, exactSpan, fullTime, roughSpan } from '../i18n/format.ts'
import { Watchers } from '../presence/Colleagues.tsx'
import { ClockPill } from '../promises/ClockPill.tsx'
import { StatusName } from '../together/StatusName.tsx'
import { Avatar } from '../ui/Avatar.tsx'
import { ChannelIcon } from '../ui/ChannelIcon.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Pill } from '../ui/Pill.tsx'
import { useNow } from '../ui/use-now.ts'
import styles from './QueueRow.module.css'
import type { InboxSearch, ViewName } from './views.ts'

interface QueueRowProps {
  readonly ticket: Ticket
  readonly view: ViewName
  readonly search: InboxSearch
  readonly isOpen: boolean
  /** Something came since one last saw it; of what is open, one sees it. */
  readonly isUnread: boolean
}

export const QueueRow = memo(function QueueRow({ ticket, view, search, isOpen, isUnread }: QueueRowProps) {
  const { t, i18n } = useTranslation()
  const language = i18n.language as 'zh-CN' | 'en'
  const { data: channels } = useQuery(channelsQuery)
  const channel = channels?.find((one) => one.channel === ticket.channel)
  const channelTitle = channel?.title[language === 'en' ? 'en' : 'zh'] ?? ticket.channel
  return (
    <Link
      to="/inbox/$view/$ticketId"
      params={{ view, ticketId: ticket.id }}
      search={search}
      className={styles.row}
      data-ticket={ticket.id}
      data-unread={(isUnread && !isOpen) || undefined}
      {...(isOpen ? { 'aria-current': 'true' as const } : {})}
    >
      <span className={styles.face}>
        <Avatar id={ticket.contact.id} name={ticket.contact.name} size={36} />
        <span className={styles.channel}>
          {channel && <ChannelIcon path={channel.icon.path} title={channelTitle} size={13} />}
        </span>
      </span>
      <span className={styles.body}>
        <span className={styles.top}>
          <bdi className={styles.name}>{ticket.contact.name}</bdi>
          {isUnread && !isOpen && <span className={styles.unread} role="img" aria-label={t('queue.unread')} />}
          <When at={ticket.lastMessageAt} />
        </span>
        <bdi className={styles.preview}>{ticket.preview || t('queue.noPreview')}</bdi>
        <span className={styles.marks}>
          <Marks ticket={ticket} />
        </span>
      </span>
    </Link>
  )
})

function When({ at }: { readonly at: string }) {
  const { t, i18n } = useTranslation()
  const now = useNow(30_000)
  const time = new Date(at)
  const day = dayName(time, new Date(now), i18n.language)
  const words =
    'text' in day
      ? dateFormat(i18n.language, { month: 'numeric', day: 'numeric' }).format(time)
      : day.near === 'today'
        ? clockTime(time, i18n.language)
        : t('common.yesterday')
  return (
    <time className={styles.when} dateTime={at} title={fullTime(time, i18n.language)}>
      {words}
    </time>
  )
}

function Marks({ ticket }: { readonly ticket: Ticket }) {
  const { t, i18n } = useTranslation()
  return (
    <>
      {ticket.unknown > 0 && (
        <Pill tone="doubt" icon="question">
          {t('queue.unknown', { count: ticket.unknown })}
        </Pill>
      )}
      {ticket.failed > 0 && (
        <Pill tone="danger" icon="warning">
          {t('queue.failed', { count: ticket.failed })}
        </Pill>
      )}
      {ticket.unansweredSince && <Waiting since={ticket.unansweredSince} />}
      {ticket.unansweredSince && ticket.window && <WindowLeft window={ticket.window} />}
      {ticket.clock && <ClockPill clock={ticket.clock} />}
      {(ticket.priority === 'urgent' || ticket.priority === 'high') && (
        <Pill tone={ticket.priority === 'urgent' ? 'danger' : 'doubt'} icon="flag">
          {t(`priority.${ticket.priority}`)}
        </Pill>
      )}
      {ticket.escalated && (
        <Pill tone="danger" icon="flag">
          {t('escalation.mark')}
        </Pill>
      )}
      <Pill tone={ticket.status === 'new' ? 'accent' : ticket.status === 'resolved' ? 'good' : 'neutral'}>
        {ticket.named ? <StatusName id={ticket.named} status={ticket.status} /> : t(`status.${ticket.status}`)}
      </Pill>
      {ticket.surface === 'public' && <Pill icon="globe">{t('queue.publicPost')}</Pill>}
      {ticket.snoozedUntil && <Pill icon="moon">{fullTime(new Date(ticket.snoozedUntil), i18n.language)}</Pill>}
      <Watchers ticketId={ticket.id} />
      <Assignee assignee={ticket.assignee} />
    </>
  )
}

function Waiting({ since }: { readonly since: string }) {
  const { t, i18n } = useTranslation()
  const now = useNow(15_000)
  const span = roughSpan(now - Date.parse(since), i18n.language)
  return (
    <span className={styles.waiting} data-long={now - Date.parse(since) > 3_600_000 || undefined}>
      <Icon name="clock" size={13} />
      {span ? t('queue.waiting', { span }) : t('queue.waitingNow')}
    </span>
  )
}

/** How long the platform still lets us answer who waits. */
function WindowLeft({ window }: { readonly window: NonNullable<Ticket['window']> }) {
  const { t, i18n } = useTranslation()
  const now = useNow(30_000)
  const left = window.until === null ? 0 : Date.parse(window.until) - now
  if (left <= 0) {
    return (
      <Pill tone="danger" icon="lock">
        {t('queue.windowClosed')}
      </Pill>
    )
  }
  return (
    <Pill tone={left < 6 * 3_600_000 ? 'doubt' : 'neutral'} icon="hourglass">
      {t('queue.windowLeft', { span: exactSpan(left, i18n.language) })}
    </Pill>
  )
}

function Assignee({ assignee }: Pick<Ticket, 'assignee'>) {
  const { t } = useTranslation()
  const name = assignee?.name ?? t('queue.unassigned')
  return (
    <span className={styles.assignee} title={t('ticket.assigneeLabel', { name })}>
      {assignee ? <Avatar id={assignee.id} name={assignee.name} size={22} /> : <Icon name="personOff" size={16} />}
      <span className="aside">{t('ticket.assigneeLabel', { name })}</span>
    </span>
  )
}
