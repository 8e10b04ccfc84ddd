import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Review, Sample, ScoreSheet } from '../api/wire.ts'
import { figure, fullTime } from '../i18n/format.ts'
import { Button } from '../ui/Button.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Segments } from '../ui/Segments.tsx'
import { TextArea } from '../ui/TextArea.tsx'
import { toast } from '../ui/toast.ts'
import { qualityProblem, review, type Show, sheetQuery } from './api.ts'
import styles from './Quality.module.css'

/** An answer with what it answers, and the marks for it. */
export function SampleCard({ sample, show }: { readonly sample: Sample; readonly show: Show }) {
  const { t, i18n } = useTranslation()
  const { data: sheet } = useQuery(sheetQuery)
  return (
    <article className={styles.card} aria-label={t('quality.answerOf', { name: sample.agent.name })}>
      <p className={styles.facts}>
        <bdi>{sample.agent.name}</bdi>
        <span>{fullTime(new Date(sample.answeredAt), i18n.language)}</span>
        <Link to="/inbox/$view/$ticketId" params={{ view: 'all', ticketId: sample.ticketId }} search={{}}>
          {t('ticket.number', { number: sample.number })}
        </Link>
      </p>
      {sample.before.map((line) => (
        <blockquote key={`${line.at}${line.text}`} className={styles.before} dir="auto">
          <bdi>{line.author}</bdi>: {line.text}
        </blockquote>
      ))}
      <p className={styles.answer} dir="auto">
        {sample.text}
      </p>
      {sample.reviews.map((one) => (
        <Made key={one.id} review={one} />
      ))}
      {show === 'todo' && sheet && <Marks key={sheet.version} sample={sample} sheet={sheet} />}
    </article>
  )
}

function Made({ review: { sheet, marks, score, comment } }: { readonly review: Review }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language === 'en' ? 'en' : 'zh'
  const value = new Map(marks.map((mark) => [mark.criterion, mark.value]))
  return (
    <section className={styles.made} aria-label={t('quality.review')}>
      <p className={styles.facts}>
        <Pill tone={score >= 80 ? 'good' : score >= 60 ? 'neutral' : 'doubt'}>
          {t('quality.score', { score: figure(score, i18n.language) })}
        </Pill>
      </p>
      <ul className={styles.marks}>
        {sheet.criteria.map((one) => (
          <li key={one.id}>
            {one[language]}: {t(`quality.value.${(value.get(one.id) ?? 0) as 0 | 1 | 2 | 3 | 4}`)}
          </li>
        ))}
      </ul>
      {comment !== '' && <p dir="auto">{comment}</p>}
    </section>
  )
}

const values = ['0', '1', '2', '3', '4'] as const
type Value = (typeof values)[number]

function Marks({ sample, sheet }: { readonly sample: Sample; readonly sheet: ScoreSheet }) {
  const { t, i18n } = useTranslation()
  const language = i18n.language === 'en' ? 'en' : 'zh'
  const [marks, setMarks] = useState<Readonly<Record<string, Value>>>({})
  const [comment, setComment] = useState('')
  const saving = useMutation({
    mutationFn: () =>
      review(sample.messageId, {
        sheetVersion: sheet.version,
        marks: sheet.criteria.map(({ id }) => ({ criterion: id, value: Number(marks[id]) })),
        comment,
      }),
    onSuccess: ({ score }) => toast(t('quality.saved', { score: figure(score, i18n.language) })),
  })
  const isComplete = sheet.criteria.every(({ id }) => marks[id] !== undefined)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isComplete) saving.mutate()
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      {sheet.criteria.map((one) => (
        <div key={one.id} className={styles.criterion}>
          <span>
            {one[language]} <span className={styles.faint}>{t('quality.weight', { weight: one.weight })}</span>
          </span>
          <Segments<Value | ''>
            label={one[language]}
            value={marks[one.id] ?? ''}
            onChange={(value) => value !== '' && setMarks({ ...marks, [one.id]: value })}
            choices={values.map((value) => ({ value, label: t(`quality.value.${value}`) }))}
          />
        </div>
      ))}
      <TextArea
        label={t('quality.comment')}
        optional={t('common.optional')}
        value={comment}
        onChange={setComment}
        rows={2}
      />
      {saving.error && <p role="alert">{qualityProblem(saving.error, t)}</p>}
      <div>
        <Button type="submit" look="primary" busy={saving.isPending} aria-disabled={!isComplete}>
          {t('quality.save')}
        </Button>
      </div>
    </form>
  )
}
