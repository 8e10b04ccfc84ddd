import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/problem.ts'
import type { Approval, Message } from '../api/wire.ts'
import { ConflictPanel } from '../composer/ConflictPanel.tsx'
import { writeAgain } from '../composer/focus.ts'
import { isRefusalCode } from '../composer/refusal-text.ts'
import { fullTime } from '../i18n/format.ts'
import { problemText } from '../i18n/problem-text.ts'
import { useMe } from '../shell/use-me.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Pill } from '../ui/Pill.tsx'
import { toast } from '../ui/toast.ts'
import { useNow } from '../ui/use-now.ts'
import { approve, sendBack, withdraw } from './api.ts'
import styles from './Together.module.css'
import { WordsDialog } from './WordsDialog.tsx'

interface ApprovalCardProps {
  readonly approval: Approval
  readonly withTicket?: boolean
  /** Of the ticket, where its conversation stands beside this; else what was written since is shown first. */
  readonly seenVersion?: number
}

/** One public reply that waits, or that came back: what it says, to whom, how long still, and what can be done. */
export function ApprovalCard({ approval, withTicket = false, seenVersion }: ApprovalCardProps) {
  const { t, i18n } = useTranslation()
  const now = useNow(15_000)
  const time = (at: string) => fullTime(new Date(at), i18n.language)
  const { state, ticket } = approval
  const isLate = Date.parse(approval.lateAt) <= now
  return (
    <article
      className={styles.panel}
      data-tone={state === 'waiting' ? 'plain' : 'danger'}
      aria-label={`${t(`approval.state.${state}`)} · ${ticket.contact}`}
    >
      <p className={styles.title}>
        <Icon name={state === 'waiting' ? 'eye' : 'warning'} size={16} />
        {t(`approval.state.${state}`)}
        {withTicket && (
          <Link to="/inbox/$view/$ticketId" params={{ view: 'all', ticketId: ticket.id }} search={{}}>
            <bdi>{ticket.contact}</bdi> {t('ticket.number', { number: ticket.number })}
          </Link>
        )}
        <span className={styles.meta}>{t('approval.by', { name: approval.by.name, time: time(approval.at) })}</span>
      </p>
      {withTicket && approval.answers && (
        <blockquote className={styles.quote} dir="auto">
          {t('approval.answers')}: {approval.answers}
        </blockquote>
      )}
      <p className={styles.words} dir="auto">
        {approval.text}
      </p>
      <p className={styles.pills}>
        {approval.files > 0 && <Pill icon="clip">{t('approval.files', { count: approval.files })}</Pill>}
        {approval.sendAt && <Pill icon="clock">{t('approval.sendAt', { time: time(approval.sendAt) })}</Pill>}
        {state === 'waiting' && (
          <Pill tone={isLate ? 'danger' : 'neutral'} icon="hourglass">
            {isLate ? t('approval.late') : t('approval.lateAt', { time: time(approval.lateAt) })}
          </Pill>
        )}
        {state === 'waiting' && approval.closesAt && (
          <Pill tone="doubt" icon="lock">
            {t('approval.closesAt', { time: time(approval.closesAt) })}
          </Pill>
        )}
        {state === 'waiting' && approval.overtaken && (
          <Pill tone="doubt" icon="warning">
            {t('approval.overtaken')}
          </Pill>
        )}
      </p>
      {approval.comment && (
        <p dir="auto">{t('approval.comments', { name: approval.decidedBy?.name ?? '', comment: approval.comment })}</p>
      )}
      {approval.refused && <Refused code={approval.refused} />}
      <Actions approval={approval} seenVersion={seenVersion} />
    </article>
  )
}

const newestOf = (messages: readonly Message[]) => Math.max(...messages.map(({ version }) => version))

function Refused({ code }: { readonly code: string }) {
  const { t } = useTranslation()
  const reason =
    isRefusalCode(code) && !code.startsWith('media') && code !== 'too_long'
      ? t(`refusal.${code as 'window_closed'}`)
      : code === 'account_gone'
        ? t('problem.account_gone')
        : code
  return <p>{t('approval.refusedWhy', { reason })}</p>
}

function Actions({ approval, seenVersion }: { readonly approval: Approval; readonly seenVersion: number | undefined }) {
  const { t } = useTranslation()
  const me = useMe()
  const [asks, setAsks] = useState<'change' | 'return' | null>(null)
  const [unseen, setUnseen] = useState<readonly Message[] | null>(null)
  const { id, ticket, text, state } = approval
  const isMine = approval.by.id === me.id
  const decides = me.role !== 'agent'
  /** Up to where the approver has been shown what came since, and the words they chose before that. */
  const [shown, setShown] = useState(0)
  const [changed, setChanged] = useState<string | null>(null)
  const approving = useMutation({
    mutationFn: (more: { text?: string; seenVersion?: number }) =>
      approve(ticket.id, id, { seenVersion: Math.max(seenVersion ?? approval.seenVersion, shown), ...more }),
    onSuccess: () => toast(t('approval.approved')),
    onError: (error, { text: words }) => {
      const found = error instanceof ApiError && error.code === 'seen_conflict' ? error.details.messages : null
      if (!Array.isArray(found)) return
      setUnseen(found as Message[])
      setChanged(words ?? null)
    },
  })
  const taking = useMutation({
    mutationFn: () => withdraw(ticket.id, id),
    onError: (error) => toast(problemText(error, t), { tone: 'danger' }),
  })
  const again = () => {
    writeAgain(ticket.id, text, null)
    if (approval.files > 0) toast(t('approval.filesGone'))
    taking.mutate()
  }
  return (
    <>
      {approving.error && !unseen && <ErrorNote error={approving.error} />}
      {unseen && (
        <ConflictPanel
          messages={unseen}
          onEdit={() => {
            setShown(newestOf(unseen))
            setUnseen(null)
            setAsks('change')
          }}
          onSend={() => {
            setUnseen(null)
            approving.mutate({ seenVersion: newestOf(unseen), ...(changed === null ? {} : { text: changed }) })
          }}
        />
      )}
      <div className={styles.actions}>
        {state === 'waiting' && decides && (
          <>
            <Button small look="primary" icon="send" busy={approving.isPending} onClick={() => approving.mutate({})}>
              {t('approval.approve')}
            </Button>
            <Button small icon="edit" onClick={() => setAsks('change')}>
              {t('approval.change')}
            </Button>
            <Button small icon="undo" onClick={() => setAsks('return')}>
              {t('approval.return')}
            </Button>
          </>
        )}
        {state === 'waiting' && isMine && (
          <Button small look="quiet" icon="close" busy={taking.isPending} onClick={again}>
            {t('approval.withdraw')}
          </Button>
        )}
        {state !== 'waiting' && isMine && (
          <>
            <Button small look="primary" icon="edit" busy={taking.isPending} onClick={again}>
              {t('approval.again')}
            </Button>
            <Button small look="quiet" icon="close" onClick={() => taking.mutate()}>
              {t('approval.dismiss')}
            </Button>
          </>
        )}
      </div>
      {asks === 'change' && (
        <WordsDialog
          title={t('approval.change')}
          label={t('approval.changeLabel')}
          action={t('approval.changeSend')}
          initial={changed ?? text}
          maxLength={100_000}
          onSave={(words) =>
            approving.mutateAsync({ text: words }).catch((error: unknown) => {
              // The dialog makes room for what came meanwhile.
              if (!(error instanceof ApiError) || error.code !== 'seen_conflict') throw error
            })
          }
          onClose={() => setAsks(null)}
        />
      )}
      {asks === 'return' && (
        <WordsDialog
          title={t('approval.return')}
          label={t('approval.comment')}
          action={t('approval.sendBack')}
          onSave={async (words) => {
            await sendBack(ticket.id, id, words)
            toast(t('approval.returned'))
          }}
          onClose={() => setAsks(null)}
        />
      )}
    </>
  )
}
