import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { channelsQuery } from '../api/queries.ts'
import type { Thread, TicketDetail } from '../api/wire.ts'
import { useMessages } from '../thread/use-messages.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Menu, MenuChoices } from '../ui/Menu.tsx'
import styles from './Composer.module.css'
import { changeDraft } from './draft-store.ts'
import { placeName } from './place-name.ts'
import type { Target } from './target.ts'

/** Which message the reply answers and, where a ticket holds several conversations, in which of them. */
export function AnsweredLine({ ticket, target }: { readonly ticket: TicketDetail; readonly target: Target }) {
  const { t, i18n } = useTranslation()
  const { messages } = useMessages(ticket.id)
  const { data: channels = [] } = useQuery(channelsQuery)
  const titleOf = (thread: Thread) => placeName(thread, channels, t, i18n.language)
  const choose = (threadId: string) => {
    const newest = messages.findLast(
      ({ direction, replyable, deletedAt, threadId: id }) =>
        direction === 'inbound' && replyable && !deletedAt && id === threadId,
    )
    if (newest) changeDraft(ticket.id, { inReplyTo: newest.id })
  }
  const words = target.message?.text.trim()
  return (
    <div className={styles.answered}>
      {ticket.threads.length > 1 && (
        <Menu
          align="end"
          trigger={
            <Button small look="quiet" aria-label={`${t('composer.surface')}: ${titleOf(target.thread)}`}>
              {titleOf(target.thread)}
            </Button>
          }
        >
          <MenuChoices
            value={target.thread.id}
            onChange={choose}
            choices={ticket.threads.map((thread) => ({ value: thread.id, label: titleOf(thread) }))}
          />
        </Menu>
      )}
      {target.message && (
        <p className={styles.answeredWords} title={`${t('composer.answering')}: ${words}`}>
          <Icon name="reply" size={14} />
          <bdi>{words || t('thread.noText')}</bdi>
        </p>
      )}
      {target.isChosen && (
        <IconButton
          small
          icon="close"
          label={t('composer.answeringChange')}
          onClick={() => changeDraft(ticket.id, { inReplyTo: null })}
        />
      )}
    </div>
  )
}
