import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Escalation, Remedy, RemedyState, TicketDetail } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { problemText } from '../i18n/problem-text.ts'
import { useMe } from '../shell/use-me.ts'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Pill, type Tone } from '../ui/Pill.tsx'
import { toast } from '../ui/toast.ts'
import { endEscalation } from './api.ts'
import { shownMoney } from './minor.ts'
import { RemedyDialog } from './RemedyDialog.tsx'
import { ResultDialog } from './ResultDialog.tsx'
import styles from './Together.module.css'
import { WordsDialog } from './WordsDialog.tsx'

const tones: Record<RemedyState, Tone> = {
  offered: 'neutral',
  accepted: 'accent',
  carried_out: 'good',
  refused: 'danger',
}

/** Under the ticket's head: who was asked, what is given to make good, and what came of it. */
export function TogetherStrip({ ticket }: { readonly ticket: TicketDetail }) {
  const { t, i18n } = useTranslation()
  const { escalation, remedies, results } = ticket.together
  const [edited, setEdited] = useState<Remedy | null>(null)
  const [showsResult, setShowsResult] = useState(false)
  const [result] = results
  if (!escalation && remedies.length === 0 && !result) return null
  return (
    <section className={styles.strip} aria-label={t('together.region')}>
      {result && (
        <button type="button" className={styles.chip} title={result.reason} onClick={() => setShowsResult(true)}>
          <Pill tone="good" icon="doneAll">
            {t(`result.outcome.${result.outcome}`)}
          </Pill>
        </button>
      )}
      {remedies.map((remedy) => (
        <button key={remedy.id} type="button" className={styles.chip} onClick={() => setEdited(remedy)}>
          <Pill tone={tones[remedy.state]}>
            {[
              t(`remedy.kind.${remedy.kind}`),
              ...(remedy.money ? [shownMoney(remedy.money, i18n.language)] : []),
              t(`remedy.state.${remedy.state}`),
            ].join(' · ')}
          </Pill>
        </button>
      ))}
      {escalation && <Open escalation={escalation} ticketId={ticket.id} />}
      {edited && <RemedyDialog key={edited.id} ticketId={ticket.id} remedy={edited} onClose={() => setEdited(null)} />}
      {showsResult && <ResultDialog ticket={ticket} onClose={() => setShowsResult(false)} />}
    </section>
  )
}

function Open({ escalation, ticketId }: { readonly escalation: Escalation; readonly ticketId: string }) {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const [answers, setAnswers] = useState(false)
  const ending = useMutation({
    mutationFn: () => endEscalation(ticketId, null),
    onSuccess: () => toast(t('escalation.ended')),
    onError: (error) => toast(problemText(error, t), { tone: 'danger' }),
  })
  const decides = me.role !== 'agent' || escalation.team?.mine === true
  const to = escalation.to?.name ?? escalation.team?.name ?? t('escalation.anySupervisor')
  return (
    <div className={styles.panel}>
      <p className={styles.title}>
        <Icon name="flag" size={16} />
        {t('escalation.open', { to })}
        <span className={styles.meta}>
          {t('escalation.by', {
            name: escalation.by.name,
            time: fullTime(new Date(escalation.at), i18n.language),
          })}
        </span>
      </p>
      <p className={styles.words} dir="auto">
        {escalation.reason}
      </p>
      {(decides || escalation.by.id === me.id) && (
        <div className={styles.actions}>
          {decides && (
            <Button small look="primary" icon="reply" onClick={() => setAnswers(true)}>
              {t('escalation.answer')}
            </Button>
          )}
          <Button small busy={ending.isPending} icon="undo" onClick={() => ending.mutate()}>
            {t('escalation.end')}
          </Button>
        </div>
      )}
      {answers && (
        <WordsDialog
          title={t('escalation.answerTitle')}
          label={t('escalation.answerLabel')}
          action={t('escalation.answer')}
          onSave={async (words) => {
            await endEscalation(ticketId, words)
            toast(t('escalation.answered'))
          }}
          onClose={() => setAnswers(false)}
        />
      )}
    </div>
  )
}
