import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/problem.ts'
import { EmojiButton } from '../emoji/EmojiButton.tsx'
import { afterHan, fullTime } from '../i18n/format.ts'
import { problemText } from '../i18n/problem-text.ts'
import { usePreferences } from '../preferences/preferences.ts'
import { TimePicker } from '../ticket/TimePicker.tsx'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Popover } from '../ui/Popover.tsx'
import { AnsweredThere } from './AnsweredThere.tsx'
import styles from './Composer.module.css'
import { changeDraft } from './draft-store.ts'
import { openQuick } from './focus.ts'
import { isRefusalCode, refusalText } from './refusal-text.ts'
import type { ComposerState } from './use-composer.ts'

interface SendRowProps {
  readonly composer: ComposerState
  readonly accept: string
  readonly onFiles: (files: Iterable<File>) => void
}

export function SendRow({ composer, accept, onFiles }: SendRowProps) {
  const { t } = useTranslation()
  const { sendKey } = usePreferences()
  const { ticket, target, draft, isNote, canSend, isSending, isUploading, error, language } = composer
  const picker = useRef<HTMLInputElement>(null)
  const title = target?.channel.title ?? { en: '', zh: '' }
  const channel = language === 'en' ? title.en : afterHan(title.zh)
  const takesFiles = isNote || Object.keys(target?.surface?.media ?? {}).length > 0
  const act = (language === 'en' ? target?.surface?.byHand?.act.en : target?.surface?.byHand?.act.zh) ?? null
  const waits = target?.standing.surface === 'public' && ticket.together.needsApproval
  const words = isNote
    ? t('composer.sendNote')
    : act !== null
      ? draft.sendAt
        ? t('task.planAt', { act, time: fullTime(new Date(draft.sendAt), language) })
        : act
      : draft.sendAt
        ? t('composer.scheduleSet', { time: fullTime(new Date(draft.sendAt), language) })
        : waits
          ? t('approval.ask')
          : t(target?.standing.surface === 'public' ? 'composer.sendPublic' : 'composer.send', { channel })
  return (
    <div className={styles.foot}>
      {error !== null && (
        <p className={styles.error} role="alert">
          <Icon name="warning" size={16} />
          <span>
            {t(isNote ? 'composer.noteFailed' : 'composer.failed', { reason: failureText(error, t, language) })}{' '}
            {t('composer.failedKept')}
          </span>
          <IconButton small icon="close" label={t('common.close')} onClick={composer.dropError} />
        </p>
      )}
      <div className={styles.row}>
        {takesFiles && (
          <>
            <input
              ref={picker}
              type="file"
              multiple
              hidden
              accept={accept}
              onChange={(event) => {
                onFiles([...(event.target.files ?? [])])
                // The same file may be picked again after it was removed.
                event.target.value = ''
              }}
            />
            <IconButton icon="clip" label={t('composer.attach')} onClick={() => picker.current?.click()} />
          </>
        )}
        <EmojiButton />
        <IconButton icon="quick" label={t('quick.open')} onClick={openQuick} />
        {!isNote && <Schedule ticketId={ticket.id} sendAt={draft.sendAt} isTask={act !== null} />}
        {!isNote && target && (
          <AnsweredThere composer={composer} target={target}>
            {act !== null ? (
              <Button small look="quiet" icon="done">
                {t('task.recordNow')}
              </Button>
            ) : (
              <IconButton icon="link" label={t('composer.answeredThere')} />
            )}
          </AnsweredThere>
        )}
        <span className={styles.hint}>
          {isUploading
            ? t('composer.uploadWaits')
            : waits && !isNote
              ? t('approval.hint')
              : act !== null && !isNote
                ? t('task.key')
                : t(sendKey === 'enter' ? 'composer.keyEnter' : 'composer.keyCtrl')}
        </span>
        <Button
          look={isNote ? 'note' : 'primary'}
          icon={isNote ? 'lock' : draft.sendAt || act !== null ? 'clock' : waits ? 'eye' : 'send'}
          busy={isSending}
          aria-disabled={!canSend && !isSending}
          onClick={composer.send}
        >
          {isSending ? t('composer.sending') : words}
        </Button>
      </div>
    </div>
  )
}

function failureText(error: unknown, t: ReturnType<typeof useTranslation>['t'], language: string): string {
  if (error instanceof ApiError && isRefusalCode(error.code)) {
    return refusalText(
      { code: error.code, details: error.details as Record<string, string | number | null> },
      t,
      language,
    )
  }
  return problemText(error, t)
}

interface ScheduleProps {
  readonly ticketId: string
  readonly sendAt: string | null
  /** It is when somebody does it, not when it is sent. */
  readonly isTask: boolean
}

function Schedule({ ticketId, sendAt, isTask }: ScheduleProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const set = (time: string | null) => {
    changeDraft(ticketId, { sendAt: time })
    setOpen(false)
  }
  return (
    <Popover
      label={t(isTask ? 'task.when' : 'composer.schedule')}
      open={open}
      onOpenChange={setOpen}
      trigger={<IconButton icon="clock" label={t(isTask ? 'task.when' : 'composer.schedule')} />}
    >
      {sendAt && (
        <Button small icon="undo" onClick={() => set(null)}>
          {t(isTask ? 'task.now' : 'composer.scheduleClear')}
        </Button>
      )}
      <TimePicker
        label={t(isTask ? 'task.when' : 'composer.scheduleAt')}
        action={t(isTask ? 'task.when' : 'composer.schedule')}
        onPick={(time) => set(time.toISOString())}
      />
    </Popover>
  )
}
