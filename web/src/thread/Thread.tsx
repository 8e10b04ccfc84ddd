import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ActLine, actsBetween, useActs } from '../acts/use-acts.ts'
import { channelsQuery } from '../api/queries.ts'
import type { TicketDetail } from '../api/wire.ts'
import { usePlaceTitle } from '../composer/place-title.ts'
import { clockTime, dayName, fullTime } from '../i18n/format.ts'
import { useCustomerTyping } from '../live/customer-typing.ts'
import { ActLines } from '../together/ActLines.tsx'
import { actsAmong } from '../together/acts.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { useNow } from '../ui/use-now.ts'
import { linesOf } from './days.ts'
import { MessageItem } from './MessageItem.tsx'
import styles from './Thread.module.css'
import { useMessages } from './use-messages.ts'
import { useThreadScroll } from './use-thread-scroll.ts'

export function Thread({ ticket }: { readonly ticket: TicketDetail }) {
  const { t } = useTranslation()
  const { data: channels = [] } = useQuery(channelsQuery)
  const placeTitle = usePlaceTitle()
  const { messages, data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useMessages(
    ticket.id,
  )
  const content = useRef<HTMLDivElement>(null)
  const { scroller, unseen, toEnd, onScroll } = useThreadScroll(ticket.id, messages, content)
  const isQuiet = useQuiet(isPending || isFetchingNextPage)
  const { before, after } = actsAmong(messages, ticket.together.acts, Boolean(data) && !hasNextPage)
  const acts = useActs(ticket.id)
  const times = messages.map(({ sentAt }) => Date.parse(sentAt))
  const between = data ? actsBetween(acts, times, !hasNextPage) : []
  const byId = new Map(messages.map((message) => [message.id, message]))

  const rooted = new Set(ticket.threads.filter(({ rootId }) => rootId !== null).map(({ id }) => id))
  const titleOf = (threadId: string | null) => {
    const { channel, accountId } = ticket.threads.find(({ id }) => id === threadId) ?? ticket
    return placeTitle(
      accountId,
      channels.find((one) => one.channel === channel) ?? { title: { en: channel, zh: channel } },
    )
  }
  const readBack = () => {
    onScroll()
    if (hasNextPage && !isFetchingNextPage && (scroller.current?.scrollTop ?? 0) < 400) fetchNextPage()
  }

  return (
    <div className={styles.holder}>
      <div
        ref={scroller}
        className={styles.scroller}
        role="log"
        aria-label={t('thread.with', { name: ticket.contact.name })}
        // Only what comes now is read out, not the history that is being loaded.
        aria-live={isQuiet ? 'off' : 'polite'}
        // Scrolls by keys.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        onScroll={readBack}
      >
        <div ref={content} className={styles.content}>
          {error && !data && <ErrorNote error={error} onRetry={refetch} />}
          {isPending && (
            <div className={styles.edge}>
              <Spinner label={t('common.loading')} />
            </div>
          )}
          {data && (
            <div className={styles.edge}>
              {isFetchingNextPage ? (
                <span>{t('thread.loadingEarlier')}</span>
              ) : hasNextPage ? (
                <Button small look="quiet" onClick={() => fetchNextPage()}>
                  {t('thread.earlier')}
                </Button>
              ) : (
                <span>{t(messages.length === 0 ? 'thread.empty' : 'thread.beginning')}</span>
              )}
            </div>
          )}
          <ol className={styles.list}>
            {linesOf(messages).map(({ message, startsDay, startsRun }, index) => (
              <li key={message.id} className={styles.item} data-run={startsRun || undefined}>
                <ActLines acts={before.get(message.id) ?? []} />
                <Acts acts={between[index] ?? []} />
                {startsDay && <Day at={message.sentAt} />}
                <MessageItem
                  message={message}
                  startsRun={startsRun}
                  answered={message.inReplyTo ? (byId.get(message.inReplyTo) ?? null) : null}
                  ticketId={ticket.id}
                  hasOthers={message.direction === 'inbound' && rooted.has(message.threadId ?? '')}
                  channelTitle={titleOf(message.threadId)}
                />
              </li>
            ))}
            {(between[messages.length]?.length ?? 0) > 0 && (
              <li className={styles.item}>
                <Acts acts={between[messages.length] ?? []} />
              </li>
            )}
          </ol>
          <ActLines acts={after} />
        </div>
      </div>
      <CustomerTyping ticket={ticket} />
      {unseen > 0 && (
        <Button small look="primary" icon="down" className={styles.pill} onClick={toEnd}>
          {t('thread.newMessages', { count: unseen })}
        </Button>
      )}
    </div>
  )
}

function Acts({ acts }: { readonly acts: readonly ActLine[] }) {
  const { i18n } = useTranslation()
  return acts.map(({ id, at, text }) => (
    <p key={id} className={styles.act}>
      <span>{text}</span>
      <time dateTime={new Date(at).toISOString()} title={fullTime(new Date(at), i18n.language)}>
        {clockTime(new Date(at), i18n.language)}
      </time>
    </p>
  ))
}

/** A region that is there before it speaks, so that it is read out. */
function CustomerTyping({ ticket }: { readonly ticket: TicketDetail }) {
  const { t } = useTranslation()
  const isTyping = useCustomerTyping(ticket.id)
  return (
    <p className={styles.typing} role="status">
      {isTyping && t('thread.customerTyping', { name: ticket.contact.name })}
    </p>
  )
}

/** True while history is put in, and for a moment after: it is drawn in the same step in which it stops loading. */
function useQuiet(isLoading: boolean): boolean {
  const [isQuiet, setIsQuiet] = useState(true)
  useEffect(() => {
    if (isLoading) return setIsQuiet(true)
    const timer = setTimeout(() => setIsQuiet(false), 600)
    return () => clearTimeout(timer)
  }, [isLoading])
  return isQuiet || isLoading
}

function Day({ at }: { readonly at: string }) {
  const { t, i18n } = useTranslation()
  const now = useNow(60_000)
  const day = dayName(new Date(at), new Date(now), i18n.language)
  return <h3 className={styles.day}>{'text' in day ? day.text : t(`common.${day.near}`)}</h3>
}
