import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { teamsQuery } from '../api/queries.ts'
import type { ClockKind, NewPolicy } from '../api/wire.ts'
import promiseStyles from '../promises/Promises.module.css'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import { clockKinds } from './PolicyDialog.tsx'
import styles from './Settings.module.css'

type WireStep = NewPolicy['steps'][number]

/** A step as the form holds it. */
export interface Step {
  readonly key: number
  readonly kind: ClockKind | 'every'
  readonly minutes: string
  readonly team: string
  readonly toSupervisor: boolean
  readonly raisePriority: boolean
  readonly tag: string
}

const noTeam = 'none'

export function writeStep(step: WireStep, key: number): Step {
  return {
    key,
    kind: step.kind ?? 'every',
    minutes: String(Math.round(step.afterMs / 60_000)),
    team: step.teamId ?? noTeam,
    toSupervisor: step.toSupervisor,
    raisePriority: step.raisePriority,
    tag: step.tag ?? '',
  }
}

/** Null: it does nothing, or its time is none. */
export function stepOf(step: Step): WireStep | null {
  const minutes = Number(step.minutes)
  if (step.minutes.trim() === '' || !Number.isInteger(minutes) || minutes < 0 || minutes > 366 * 1_440) return null
  const tag = step.tag.trim() || null
  const teamId = step.team === noTeam ? null : step.team
  if (!teamId && !step.toSupervisor && !step.raisePriority && !tag) return null
  const { toSupervisor, raisePriority } = step
  return {
    kind: step.kind === 'every' ? null : step.kind,
    afterMs: minutes * 60_000,
    teamId,
    toSupervisor,
    raisePriority,
    tag,
  }
}

/** What happens when a promise was not kept. */
export function StepList({
  steps,
  onChange,
}: {
  readonly steps: readonly Step[]
  readonly onChange: (steps: readonly Step[]) => void
}) {
  const { t } = useTranslation()
  const { data: teams = [] } = useQuery(teamsQuery)
  const change = (key: number, more: Partial<Step>) =>
    onChange(steps.map((step) => (step.key === key ? { ...step, ...more } : step)))
  const blank = {
    kind: 'every',
    minutes: '0',
    team: noTeam,
    toSupervisor: true,
    raisePriority: false,
    tag: '',
  } as const
  return (
    <fieldset className={promiseStyles.group}>
      <legend className={styles.label}>{t('promise.steps')}</legend>
      <p className={styles.faint}>{t('promise.stepsHelp')}</p>
      {steps.map((step) => (
        <div key={step.key} className={promiseStyles.step}>
          <div className={promiseStyles.row}>
            <TextField
              label={t('promise.afterMinutes')}
              value={step.minutes}
              onChange={(minutes) => change(step.key, { minutes })}
              inputMode="numeric"
              error={stepOf(step) === null ? t('promise.badStep') : null}
            />
            <Field label={t('promise.ofClock')}>
              {({ id }) => (
                <Select
                  id={id}
                  value={step.kind}
                  onChange={(kind) => change(step.key, { kind })}
                  choices={[
                    { value: 'every' as const, label: t('promise.everyClock') },
                    ...clockKinds.map((value) => ({ value, label: t(`promise.kind.${value}`) })),
                  ]}
                />
              )}
            </Field>
            {teams.length > 0 && (
              <Field label={t('promise.toTeam')}>
                {({ id }) => (
                  <Select
                    id={id}
                    value={step.team}
                    onChange={(team) => change(step.key, { team })}
                    choices={[
                      { value: noTeam, label: t('promise.sameTeam') },
                      ...teams.map(({ id: value, name: label }) => ({ value, label })),
                    ]}
                  />
                )}
              </Field>
            )}
          </div>
          <CheckRow checked={step.toSupervisor} onChange={(toSupervisor) => change(step.key, { toSupervisor })}>
            {t('promise.toSupervisor')}
          </CheckRow>
          <CheckRow checked={step.raisePriority} onChange={(raisePriority) => change(step.key, { raisePriority })}>
            {t('promise.raisePriority')}
          </CheckRow>
          <div className={promiseStyles.row}>
            <TextField
              label={t('promise.addTag')}
              value={step.tag}
              onChange={(tag) => change(step.key, { tag })}
              maxLength={50}
            />
            <Button small icon="trash" onClick={() => onChange(steps.filter(({ key }) => key !== step.key))}>
              {t('promise.removeStep')}
            </Button>
          </div>
        </div>
      ))}
      <div>
        <Button small icon="plus" onClick={() => onChange([...steps, { ...blank, key: Date.now() }])}>
          {t('promise.addStep')}
        </Button>
      </div>
    </fieldset>
  )
}
