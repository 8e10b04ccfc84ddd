import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Refusal } from '#channel/refuse.ts'
import { channelsQuery } from '../api/queries.ts'
import { useMessages } from '../thread/use-messages.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { LinkButton } from '../ui/LinkButton.tsx'
import { AnsweredThere } from './AnsweredThere.tsx'
import styles from './Composer.module.css'
import { answerMessage } from './focus.ts'
import { addressOf, otherWays } from './other-ways.ts'
import { placeName } from './place-name.ts'
import { usePlaceTitle } from './place-title.ts'
import { refusalText } from './refusal-text.ts'
import type { Target } from './target.ts'
import type { ComposerState } from './use-composer.ts'

interface RefusedProps {
  readonly composer: ComposerState
  readonly target: Target
  readonly refusal: Refusal
  readonly onNote: () => void
}

/** Nothing can be sent: said before anything is written, with the ways that remain. What was written stays readable. */
export function Refused({ composer, target, refusal, onNote }: RefusedProps) {
  const { t } = useTranslation()
  const { ticket, draft, language, now } = composer
  const { messages } = useMessages(ticket.id)
  const { data: channels = [] } = useQuery(channelsQuery)
  const address = addressOf(target, messages)
  const titleOf = usePlaceTitle()
  return (
    <div className={styles.refused}>
      <p className={styles.refusedTitle} role="status">
        <Icon name="lock" />
        <span>
          <strong>{t('composer.disabled')}</strong> {refusalText(refusal, t, language)}
        </span>
      </p>
      {draft.reply !== '' && (
        <textarea className={styles.field} readOnly value={draft.reply} rows={2} aria-label={t('composer.draftKept')} />
      )}
      <p id="other-ways">{t('composer.otherWays')}</p>
      <ul className={styles.ways} aria-labelledby="other-ways">
        {otherWays(ticket, messages, target, channels, now).map(({ thread, message }) => (
          <li key={thread.id}>
            <Button small icon="reply" onClick={() => message && answerMessage(ticket.id, message.id)}>
              {t('composer.replyElsewhere', { place: placeName(thread, channels, t, language) })}
            </Button>
          </li>
        ))}
        {address && (
          <li>
            <LinkButton href={address}>
              {t('composer.openOn', { channel: titleOf(target.thread.accountId, target.channel) })}
            </LinkButton>
          </li>
        )}
        <li>
          <AnsweredThere composer={composer} target={target}>
            <Button small icon="done">
              {t('composer.answeredThere')}
            </Button>
          </AnsweredThere>
        </li>
        <li>
          <Button small icon="note" onClick={onNote}>
            {t('composer.note')}
          </Button>
        </li>
      </ul>
    </div>
  )
}
