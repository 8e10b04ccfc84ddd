import { memo, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '../api/wire.ts'
import { answerMessage } from '../composer/focus.ts'
import { clockTime, fullTime } from '../i18n/format.ts'
import { Icon } from '../ui/Icon.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Pill } from '../ui/Pill.tsx'
import { DeliveryStatus } from './DeliveryStatus.tsx'
import { MediaItem } from './MediaItem.tsx'
import styles from './Message.module.css'
import { MessageText } from './MessageText.tsx'
import { mediaShape } from './media.ts'
import { OthersLines } from './OthersLines.tsx'
import { Revisions } from './Revisions.tsx'
import { webUrl } from './web-url.ts'

interface MessageItemProps {
  readonly message: Message
  readonly startsRun: boolean
  /** The message this one answers, where it was read. */
  readonly answered: Message | null
  readonly ticketId: string
  /** Of the message's conversation. */
  readonly channelTitle: string
  /** It stands under a post or in a group, where others write too. */
  readonly hasOthers: boolean
}

export const MessageItem = memo(function MessageItem(props: MessageItemProps) {
  const { message, startsRun, answered, ticketId, channelTitle, hasOthers } = props
  const { t, i18n } = useTranslation()
  const { direction, author, media, context, location, deletedAt } = message
  const othersId = useId()
  const [showsOthers, setShowsOthers] = useState(false)
  const side = direction === 'inbound' ? 'in' : direction === 'note' ? 'note' : 'out'
  const url = webUrl(message.url)
  const hasWords = message.text !== ''
  const isAlbum = media.length > 1 && media.every((item) => item.state === 'ready' && mediaShape(item) === 'image')
  return (
    <article className={styles.message} data-side={side}>
      {startsRun && (
        <header className={styles.header}>
          <bdi className={styles.author}>{author.name}</bdi>
          {side === 'note' && (
            <Pill tone="note" icon="lock">
              {t('thread.notePrivate')}
            </Pill>
          )}
          {side === 'out' && author.kind === 'outside' && <span>{t('thread.outside')}</span>}
          {message.outside && author.kind !== 'outside' && (
            <span>{t('thread.answeredOn', { channel: channelTitle })}</span>
          )}
          {side === 'out' && author.kind === 'program' && <span>{t('thread.program')}</span>}
          {message.surface === 'public' && side !== 'note' && <Pill icon="globe">{t('thread.public')}</Pill>}
          <time dateTime={message.sentAt} title={fullTime(new Date(message.sentAt), i18n.language)}>
            {clockTime(new Date(message.sentAt), i18n.language)}
          </time>
        </header>
      )}
      <div className={styles.row}>
        <div
          className={styles.bubble}
          title={startsRun ? undefined : fullTime(new Date(message.sentAt), i18n.language)}
        >
          {side === 'out' && answered && (
            <p className={styles.answers} dir="auto">
              <Icon name="reply" size={13} />
              {t('thread.answersTo', { text: answered.text.slice(0, 80) || t('thread.noText') })}
            </p>
          )}
          {context && (
            <blockquote className={styles.context}>
              <cite>{t('thread.quoted', { author: context.author })}</cite>
              <MessageText text={context.text} />
            </blockquote>
          )}
          {deletedAt && (
            <p className={styles.deleted}>
              <Icon name="trash" size={14} />
              {t(side === 'in' ? 'thread.deleted' : 'thread.deletedOurs')}
            </p>
          )}
          {hasWords && <MessageText text={message.text} />}
          {media.length > 0 && (
            <div className={styles.media} data-album={isAlbum || undefined}>
              {media.map((item) => (
                <MediaItem key={item.id} media={item} all={media} />
              ))}
            </div>
          )}
          {location && <Place location={location} />}
          {!hasWords && media.length === 0 && !location && !deletedAt && (
            <p className={styles.faint}>{t('thread.noText')}</p>
          )}
          {message.revisions.length > 0 && <Revisions revisions={message.revisions} />}
          {(url || hasOthers) && (
            <p className={styles.around}>
              {url && (
                <a href={url} target="_blank" rel="noopener noreferrer nofollow">
                  {t('thread.openPost')}
                </a>
              )}
              {hasOthers && (
                <button
                  type="button"
                  className={styles.others}
                  aria-expanded={showsOthers}
                  aria-controls={showsOthers ? othersId : undefined}
                  onClick={() => setShowsOthers(!showsOthers)}
                >
                  {t('thread.others')}
                </button>
              )}
            </p>
          )}
        </div>
        {side === 'in' && message.replyable && !deletedAt && (
          <IconButton
            small
            icon="reply"
            label={t('thread.answering')}
            className={styles.answer}
            onClick={() => answerMessage(ticketId, message.id)}
          />
        )}
      </div>
      {showsOthers && <OthersLines id={othersId} ticketId={ticketId} messageId={message.id} />}
      {side === 'out' && <DeliveryStatus message={message} ticketId={ticketId} />}
    </article>
  )
})

function Place({ location }: { readonly location: NonNullable<Message['location']> }) {
  const { t } = useTranslation()
  const { latitude, longitude, title } = location
  const where = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`
  return (
    <p className={styles.place}>
      <Icon name="pin" />
      <span>
        <bdi>{title ?? t('thread.location')}</bdi> <span className={styles.faint}>{where}</span>
      </span>
      <a
        href={`https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`}
        target="_blank"
        rel="noopener noreferrer nofollow"
      >
        {t('thread.openMap')}
      </a>
    </p>
  )
}
