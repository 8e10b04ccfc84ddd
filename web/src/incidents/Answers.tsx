import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { IncidentAnswer, IncidentDetail } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { useMe } from '../shell/use-me.ts'
import { Button } from '../ui/Button.tsx'
import { Pill } from '../ui/Pill.tsx'
import { toast } from '../ui/toast.ts'
import { AnswerDialog } from './AnswerDialog.tsx'
import { continueAnswer, incidentProblem, refusalWords, stopAnswer } from './api.ts'
import styles from './Incidents.module.css'

/** What was sent to all, how far it is, and the way to stop it. */
export function Answers({ incident }: { readonly incident: IncidentDetail }) {
  const { t } = useTranslation()
  const { role } = useMe()
  const [isWriting, setIsWriting] = useState(false)
  const isRunning = incident.answers.some(({ state }) => state === 'running')
  return (
    <section className={styles.section} aria-labelledby="incident-answers">
      <h2 id="incident-answers">{t('incident.answers')}</h2>
      {role === 'agent' ? (
        <p className={styles.faint}>{t('incident.onlySupervisors')}</p>
      ) : (
        !isRunning && (
          <div>
            <Button
              look="primary"
              icon="send"
              onClick={() => setIsWriting(true)}
              aria-disabled={incident.tickets === 0}
            >
              {t('incident.answerAll')}
            </Button>
          </div>
        )
      )}
      {isWriting && <AnswerDialog incident={incident} onClose={() => setIsWriting(false)} />}
      {incident.answers.map((answer) => (
        <Answer
          key={answer.id}
          incident={incident}
          answer={answer}
          mayGoOn={
            role !== 'agent' && !incident.answers.some(({ id, state }) => state === 'running' && id !== answer.id)
          }
        />
      ))}
    </section>
  )
}

interface AnswerProps {
  readonly incident: IncidentDetail
  readonly answer: IncidentAnswer
  readonly mayGoOn: boolean
}

function Answer({ incident, answer, mayGoOn }: AnswerProps) {
  const { t, i18n } = useTranslation()
  const { counts } = answer
  const onError = (error: unknown) => toast(incidentProblem(error, t), { tone: 'danger' })
  const stopping = useMutation({ mutationFn: () => stopAnswer(incident.id, answer.id), onError })
  const going = useMutation({ mutationFn: () => continueAnswer(incident.id, answer.id), onError })
  const all = counts.waiting + counts.written + counts.refused + counts.stopped + counts.withdrawn
  const left = counts.missing + counts.stopped + counts.withdrawn + counts.refused
  const parts = (['sent', 'failed', 'waiting', 'refused', 'stopped', 'withdrawn', 'missing'] as const).filter(
    (name) => counts[name] > 0,
  )
  const isRunning = answer.state === 'running'
  return (
    <article className={styles.answer} aria-label={t('incident.answer')}>
      <p className={styles.facts}>
        <Pill tone={isRunning ? 'accent' : answer.state === 'done' ? 'good' : 'doubt'}>
          {t(`incident.answerState.${answer.state}`)}
        </Pill>
        {answer.reason === 'author_gone' && <span>{t('incident.authorGone')}</span>}
        <span>
          {t('incident.by', { name: answer.by.name, time: fullTime(new Date(answer.createdAt), i18n.language) })}
        </span>
        {isRunning && (
          <Button small look="danger" icon="close" busy={stopping.isPending} onClick={() => stopping.mutate()}>
            {t('incident.stop')}
          </Button>
        )}
        {mayGoOn && left > 0 && (
          <Button small icon="send" busy={going.isPending} onClick={() => going.mutate()}>
            {t('incident.continue', { count: left })}
          </Button>
        )}
      </p>
      <progress
        className={styles.progress}
        max={Math.max(1, all)}
        value={counts.sent + counts.failed + counts.refused}
        aria-label={t('incident.progress')}
      />
      <p className={styles.facts} aria-live="polite">
        <span>{t('incident.written', { count: counts.written, all })}</span>
        {parts.map((name) => (
          <span key={name}>{t(`incident.count.${name}`, { count: counts[name] })}</span>
        ))}
      </p>
      {answer.zh !== '' && (
        <p className={styles.words} lang="zh-CN">
          {answer.zh}
        </p>
      )}
      {answer.en !== '' && (
        <p className={styles.words} lang="en">
          {answer.en}
        </p>
      )}
      {answer.refusals.length > 0 && (
        <details>
          <summary>{t('incident.refused', { count: counts.refused })}</summary>
          <ul className={styles.refusals}>
            {answer.refusals.map((one) => (
              <li key={one.ticketId}>
                {t('ticket.number', { number: one.number })} <bdi>{one.name}</bdi>: {refusalWords(one.code, t)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </article>
  )
}
