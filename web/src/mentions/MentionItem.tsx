import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Account, Channel, Mention } from '../api/wire.ts'
import { amongHan, fullTime } from '../i18n/format.ts'
import { MediaItem } from '../thread/MediaItem.tsx'
import { MessageText } from '../thread/MessageText.tsx'
import { webUrl } from '../thread/web-url.ts'
import buttons from '../ui/Button.module.css'
import { Button } from '../ui/Button.tsx'
import { ChannelIcon } from '../ui/ChannelIcon.tsx'
import { Icon } from '../ui/Icon.tsx'
import { LinkButton } from '../ui/LinkButton.tsx'
import { Pill } from '../ui/Pill.tsx'
import type { Done } from './acts.ts'
import { languageName } from './language-name.ts'
import styles from './Mentions.module.css'
import { MentionText } from './MentionText.tsx'

interface MentionItemProps {
  readonly mention: Mention
  readonly account: Account | undefined
  readonly channel: Channel | undefined
  readonly done: Done | undefined
  readonly onTicket: (id: string) => void
  readonly onMark: (id: string, dismissed: boolean) => void
}

export const MentionItem = memo(function MentionItem(props: MentionItemProps) {
  const { mention, account, channel } = props
  const { t, i18n } = useTranslation()
  const { message, handle, language } = mention
  const { author, context, media, deletedAt } = message
  const url = webUrl(message.url)
  const title = channel ? (i18n.language === 'en' ? channel.title.en : channel.title.zh) : mention.channel
  const place = account?.platform ?? title
  return (
    <article
      className={styles.mention}
      data-mention={mention.id}
      data-done={props.done?.kind}
      aria-label={author.name}
      // Keys act on the one that has the focus.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: rows of a list that is worked through by keys
      tabIndex={0}
    >
      <header className={styles.head}>
        {channel && <ChannelIcon path={channel.icon.path} title={title} size={16} />}
        <bdi className={styles.author}>{author.name}</bdi>
        {handle && handle !== author.name && <bdi className={styles.faint}>@{handle}</bdi>}
        <bdi className={styles.faint}>{account?.name ?? title}</bdi>
        <span className={styles.faint}>{languageName(language, i18n.language, t)}</span>
        {message.surface === 'direct' && <Pill icon="lock">{t('thread.direct')}</Pill>}
        <time className={styles.when} dateTime={message.sentAt}>
          {fullTime(new Date(message.sentAt), i18n.language)}
        </time>
      </header>
      {context && (
        <blockquote className={styles.context}>
          <MessageText text={context.text} />
        </blockquote>
      )}
      {deletedAt && (
        <p className={styles.gone}>
          <Icon name="trash" size={14} />
          {t('thread.deleted')}
        </p>
      )}
      {message.text !== '' && <MentionText mention={mention} />}
      {media.length > 0 && (
        <div className={styles.media}>
          {media.map((item) => (
            <MediaItem key={item.id} media={item} />
          ))}
        </div>
      )}
      <footer className={styles.foot}>
        <Acts {...props} />
        {url && (
          <LinkButton href={url}>
            {t('composer.openOn', { channel: i18n.language === 'en' ? place : amongHan(place) })}
          </LinkButton>
        )}
      </footer>
    </article>
  )
})

function Acts({ mention, done, onTicket, onMark }: MentionItemProps) {
  const { t } = useTranslation()
  const ticketId = done?.kind === 'ticket' ? done.ticketId : mention.ticketId
  if (ticketId !== null && done?.kind !== 'restored') {
    return (
      <>
        <Pill tone="good" icon="done">
          {done?.kind === 'ticket' ? t('ticket.number', { number: done.number }) : t('mentions.states.ticket')}
        </Pill>
        <Link
          to="/tickets/$ticketId"
          params={{ ticketId }}
          className={`${buttons.button} ${buttons.plain} ${buttons.small}`}
        >
          {t('mentions.openTicket')}
        </Link>
      </>
    )
  }
  const isDismissed = done ? done.kind === 'dismissed' : mention.state === 'dismissed'
  return (
    <>
      <Button small icon="ticket" aria-keyshortcuts="t" onClick={() => onTicket(mention.id)}>
        {t('mentions.makeTicket')}
      </Button>
      <Button
        small
        look="quiet"
        icon={isDismissed ? 'undo' : 'done'}
        aria-keyshortcuts="e"
        onClick={() => onMark(mention.id, !isDismissed)}
      >
        {t(isDismissed ? 'mentions.restore' : 'mentions.dismiss')}
      </Button>
    </>
  )
}
