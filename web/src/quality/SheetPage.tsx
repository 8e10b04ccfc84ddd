import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ScoreSheet } from '../api/wire.ts'
import { Page } from '../shell/Page.tsx'
import { isAdministrator, useMe } from '../shell/use-me.ts'
import { Button } from '../ui/Button.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import { putSheet, qualityProblem, sheetQuery } from './api.ts'
import styles from './Quality.module.css'

const most = 12

/** What answers are judged by; administrators change it. */
export function SheetPage() {
  const { t } = useTranslation()
  const me = useMe()
  const { data, error, refetch } = useQuery(sheetQuery)
  return (
    <Page title={t('quality.sheet')} intro={t('quality.sheetIntro')}>
      <div>
        <Link to="/quality" search={{}}>
          {t('quality.back')}
        </Link>
      </div>
      {!isAdministrator(me) ? (
        <Empty icon="lock" title={t('common.noAccess')}>
          {t('quality.onlyAdministrators')}
        </Empty>
      ) : error ? (
        <ErrorNote error={error} onRetry={refetch} />
      ) : data ? (
        <Editor key={data.version} sheet={data} />
      ) : (
        <Spinner label={t('common.loading')} />
      )}
    </Page>
  )
}

interface Draft {
  readonly id: string
  readonly zh: string
  readonly en: string
  readonly weight: string
}

function Editor({ sheet }: { readonly sheet: ScoreSheet }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [criteria, setCriteria] = useState<readonly Draft[]>(
    sheet.criteria.map((one) => ({ ...one, weight: String(one.weight) })),
  )
  const [perAgent, setPerAgent] = useState(String(sheet.perAgent))
  const saving = useMutation({
    mutationFn: () =>
      putSheet({
        version: sheet.version,
        perAgent: Number(perAgent),
        criteria: criteria.map((one) => ({ ...one, weight: Number(one.weight) })),
      }),
    onSuccess: () => {
      toast(t('common.saved'))
      navigate({ to: '/quality', search: {} })
    },
  })
  const change = (id: string, part: Partial<Draft>) =>
    setCriteria(criteria.map((one) => (one.id === id ? { ...one, ...part } : one)))
  const add = () =>
    setCriteria([...criteria, { id: `c-${crypto.randomUUID().slice(0, 8)}`, zh: '', en: '', weight: '10' }])
  const isWhole = (text: string, top: number) => /^\d+$/u.test(text) && Number(text) >= 1 && Number(text) <= top
  const isComplete =
    criteria.length > 0 &&
    isWhole(perAgent, 50) &&
    criteria.every(({ zh, en, weight }) => zh.trim() !== '' && en.trim() !== '' && isWhole(weight, 100))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isComplete) saving.mutate()
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      {criteria.map((one, index) => (
        <fieldset key={one.id} className={styles.edited}>
          <legend>{t('quality.criterion', { number: index + 1 })}</legend>
          <TextField
            label={t('quality.inChinese')}
            value={one.zh}
            maxLength={200}
            onChange={(zh) => change(one.id, { zh })}
          />
          <TextField
            label={t('quality.inEnglish')}
            value={one.en}
            maxLength={200}
            onChange={(en) => change(one.id, { en })}
          />
          <TextField
            label={t('quality.weightLabel')}
            type="number"
            min={1}
            max={100}
            value={one.weight}
            onChange={(weight) => change(one.id, { weight })}
          />
          <Button
            small
            look="quiet"
            icon="trash"
            aria-label={t('quality.remove', { number: index + 1 })}
            aria-disabled={criteria.length === 1}
            onClick={() => setCriteria(criteria.filter(({ id }) => id !== one.id))}
          >
            {t('common.delete')}
          </Button>
        </fieldset>
      ))}
      <div>
        <Button small icon="plus" aria-disabled={criteria.length >= most} onClick={add}>
          {t('quality.addCriterion')}
        </Button>
      </div>
      <TextField label={t('quality.perAgent')} type="number" min={1} max={50} value={perAgent} onChange={setPerAgent} />
      {!isComplete && <p className={styles.faint}>{t('quality.incomplete')}</p>}
      {saving.error && <p role="alert">{qualityProblem(saving.error, t)}</p>}
      <div>
        <Button type="submit" look="primary" busy={saving.isPending} aria-disabled={!isComplete}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  )
}
