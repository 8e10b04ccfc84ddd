import { useMutation } from '@tanstack/react-query'
import { Dialog as Radix } from 'radix-ui'
import { type FormEvent, type ReactElement, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import type { NewAnswered, TicketDetail } from '../api/wire.ts'
import { queryClient } from '../query-client.ts'
import { webUrl } from '../thread/web-url.ts'
import { putMessage } from '../ticket/ticket-cache.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { TextField } from '../ui/TextField.tsx'
import type { Attempt } from './attempt.ts'
import styles from './Composer.module.css'
import { changeDraft, draftOf } from './draft-store.ts'
import { usePlaceTitle } from './place-title.ts'
import { submitAnswered } from './submit.ts'
import type { Target } from './target.ts'
import type { ComposerState } from './use-composer.ts'

interface AnsweredThereProps {
  readonly composer: Pick<ComposerState, 'ticket'>
  readonly target: Target
  /** The button that opens the form. */
  readonly children: ReactElement
}

/** What was answered in the platform's own app, written down so that colleagues see it and the ticket counts as answered. */
export function AnsweredThere({ composer, target, children }: AnsweredThereProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const channel = usePlaceTitle()(target.thread.accountId, target.channel)
  const isByHand = target.surface?.byHand !== undefined
  return (
    <Dialog
      open={open}
      onOpen={() => setOpen(true)}
      onClose={() => setOpen(false)}
      trigger={children}
      title={isByHand ? t('task.recordNowTitle') : t('composer.answeredTitle', { channel })}
      description={isByHand ? t('task.saidHelp') : t('composer.answeredHelp')}
    >
      <AnsweredForm ticket={composer.ticket} target={target} onDone={() => setOpen(false)} />
    </Dialog>
  )
}

interface AnsweredFormProps {
  readonly ticket: TicketDetail
  readonly target: Target
  readonly onDone: () => void
}

function AnsweredForm({ ticket, target, onDone }: AnsweredFormProps) {
  const { t } = useTranslation()
  // What could not be sent from here is what was probably said there.
  const [text, setText] = useState(() => draftOf(ticket.id).reply)
  const [url, setUrl] = useState('')
  const [isWrong, setIsWrong] = useState(false)
  const attempt = useRef<Attempt<NewAnswered> | null>(null)
  const saving = useMutation({
    mutationFn: (wanted: NewAnswered) => submitAnswered(ticket.id, wanted, attempt),
    onSuccess: (message, wanted) => {
      putMessage(ticket.id, message)
      if (draftOf(ticket.id).reply.trim() === wanted.text) changeDraft(ticket.id, { reply: '', inReplyTo: null })
      queryClient.invalidateQueries({ queryKey: keys.detail(ticket.id) })
      onDone()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const address = url.trim()
    setIsWrong(address !== '' && webUrl(address) === null)
    if (text.trim() === '' || saving.isPending || (address !== '' && webUrl(address) === null)) return
    saving.mutate({
      text: text.trim(),
      ...(address === '' ? {} : { url: address }),
      ...(target.message ? { inReplyTo: target.message.id } : {}),
    })
  }
  return (
    <form className={styles.answeredForm} onSubmit={submit}>
      <TextArea label={t('composer.answeredText')} required maxLength={100_000} value={text} onChange={setText} />
      {!target.surface?.byHand && (
        <TextField
          label={t('composer.answeredUrl')}
          optional={t('common.optional')}
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          maxLength={2_000}
          placeholder="https://"
          error={isWrong ? t('composer.answeredUrlWrong') : null}
          value={url}
          onChange={setUrl}
        />
      )}
      {saving.error && <ErrorNote error={saving.error} />}
      <DialogActions>
        <Radix.Close asChild>
          <Button>{t('common.cancel')}</Button>
        </Radix.Close>
        <Button look="primary" type="submit" busy={saving.isPending} aria-disabled={text.trim() === ''}>
          {t('composer.answeredSave')}
        </Button>
      </DialogActions>
    </form>
  )
}
