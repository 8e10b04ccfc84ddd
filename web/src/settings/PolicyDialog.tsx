import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { brandsQuery, channelsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { ClockKind, NewPolicy, Policy, Priority } from '../api/wire.ts'
import { priorities } from '../inbox/views.ts'
import { readMs, writeMs } from '../promises/hours.ts'
import promiseStyles from '../promises/Promises.module.css'
import { calendarsQuery } from '../promises/queries.ts'
import { queryClient } from '../query-client.ts'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Field } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import { CheckGroup } from './CheckGroup.tsx'
import { type Step, StepList, stepOf, writeStep } from './PolicySteps.tsx'
import styles from './Settings.module.css'

export const clockKinds = [
  'first_answer',
  'substance',
  'next_answer',
  'resolution',
  'progress',
] as const satisfies readonly ClockKind[]
const hearers = ['assignee', 'team', 'supervisor'] as const
type Hearer = (typeof hearers)[number]

/** Null: a new one. */
export function PolicyDialog({ policy, onClose }: { readonly policy: Policy | null; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation()
  const { data: brands = [] } = useQuery(brandsQuery)
  const { data: channels = [] } = useQuery(channelsQuery)
  const { data: calendars = [] } = useQuery(calendarsQuery)
  const [name, setName] = useState(policy?.name ?? '')
  const [enabled, setEnabled] = useState(policy?.enabled ?? true)
  const [ofBrands, setBrands] = useState<readonly string[]>(policy?.brandIds ?? [])
  const [ofChannels, setChannels] = useState<readonly string[]>(policy?.channels ?? [])
  const [ofPriorities, setPriorities] = useState<readonly string[]>(policy?.priorities ?? [])
  const [chosen, setCalendar] = useState<string | null>(policy?.calendarId ?? null)
  const calendarId = chosen ?? calendars[0]?.id ?? null
  const [targets, setTargets] = useState(() =>
    clockKinds.map((kind) => {
      const target = policy?.targets[kind]
      return { kind, hours: target ? writeMs(target.ms) : '', working: target?.working ?? false }
    }),
  )
  const [pauseWaiting, setPauseWaiting] = useState(policy?.pauseWaiting ?? true)
  const [pauseSnoozed, setPauseSnoozed] = useState(policy?.pauseSnoozed ?? true)
  const [warnHours, setWarnHours] = useState(policy ? (policy.warnMs === null ? '' : writeMs(policy.warnMs)) : '2')
  const [warn, setWarn] = useState<readonly string[]>(policy?.warn ?? ['assignee'])
  const [breach, setBreach] = useState<readonly string[]>(policy?.breach ?? ['assignee', 'supervisor'])
  const [steps, setSteps] = useState<readonly Step[]>(() => (policy?.steps ?? []).map(writeStep))
  const wrong = (text: string) => (text.trim() !== '' && readMs(text) === null ? t('promise.badHours') : null)
  const written = targets.filter(({ hours }) => hours.trim() !== '')
  const needsCalendar = written.some(({ working }) => working)
  const madeSteps = steps.map(stepOf)
  const complete =
    name.trim() !== '' &&
    written.every(({ hours }) => readMs(hours) !== null) &&
    !wrong(warnHours) &&
    madeSteps.every((step) => step !== null) &&
    !(needsCalendar && calendarId === null)
  const saving = useMutation({
    mutationFn: () => {
      const body: NewPolicy = {
        name: name.trim(),
        enabled,
        brandIds: ofBrands.length > 0 ? [...ofBrands] : null,
        channels: ofChannels.length > 0 ? [...ofChannels] : null,
        priorities: ofPriorities.length > 0 ? ([...ofPriorities] as Priority[]) : null,
        // One that nothing counts by would only be in the way of who wants to delete it.
        calendarId: needsCalendar ? calendarId : null,
        targets: Object.fromEntries(
          written.map(({ kind, hours, working }) => [kind, { ms: readMs(hours) ?? 0, working }]),
        ),
        pauseWaiting,
        pauseSnoozed,
        warnMs: readMs(warnHours),
        warn: [...warn] as Hearer[],
        breach: [...breach] as Hearer[],
        steps: madeSteps.filter((step) => step !== null),
      }
      return policy
        ? request<Policy>(`/api/policies/${policy.id}`, { method: 'PUT', body })
        : request<Policy>('/api/policies', { method: 'POST', body })
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.policies })
      onClose()
    },
  })
  const people = hearers.map((value) => ({ value, label: t(`promise.hearer.${value}`) }))
  return (
    <Dialog open onClose={onClose} title={t(policy ? 'promise.editTitle' : 'promise.add')} wide>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (complete) saving.mutate()
        }}
      >
        <TextField label={t('promise.name')} value={name} onChange={setName} required maxLength={60} />
        <CheckRow checked={enabled} onChange={setEnabled}>
          {t('promise.enabled')}
        </CheckRow>
        <fieldset className={promiseStyles.group}>
          <legend className={styles.label}>{t('promise.targets')}</legend>
          <p className={styles.faint}>{t('promise.targetsHelp')}</p>
          {targets.map(({ kind, hours, working }, index) => {
            const set = (more: { hours?: string; working?: boolean }) =>
              setTargets(targets.map((old, at) => (at === index ? { ...old, ...more } : old)))
            return (
              <div key={kind} className={promiseStyles.row}>
                <TextField
                  label={t(`promise.kind.${kind}`)}
                  help={t(`promise.kindHelp.${kind}`)}
                  value={hours}
                  onChange={(text) => set({ hours: text })}
                  inputMode="decimal"
                  placeholder={t('promise.notPromised')}
                  error={wrong(hours)}
                />
                <Select
                  label={t('promise.countedFor', { kind: t(`promise.kind.${kind}`) })}
                  value={working ? 'working' : 'clock'}
                  onChange={(value) => set({ working: value === 'working' })}
                  choices={[
                    { value: 'clock', label: t('promise.byTheClock') },
                    { value: 'working', label: t('promise.byHours') },
                  ]}
                />
              </div>
            )
          })}
        </fieldset>
        {needsCalendar && calendars.length > 0 && (
          <Field label={t('promise.calendar')}>
            {({ id }) => (
              <Select
                id={id}
                value={calendarId ?? ''}
                onChange={setCalendar}
                choices={calendars.map(({ id: value, name: label }) => ({ value, label }))}
              />
            )}
          </Field>
        )}
        <div>
          <CheckRow checked={pauseWaiting} onChange={setPauseWaiting}>
            {t('promise.pauseWaiting')}
          </CheckRow>
          <CheckRow checked={pauseSnoozed} onChange={setPauseSnoozed}>
            {t('promise.pauseSnoozed')}
          </CheckRow>
          <p className={styles.faint}>{t('promise.pauseHelp')}</p>
        </div>
        <TextField
          label={t('promise.warnHours')}
          value={warnHours}
          onChange={setWarnHours}
          inputMode="decimal"
          placeholder={t('promise.noWarning')}
          error={wrong(warnHours)}
        />
        <CheckGroup label={t('promise.warn')} choices={people} chosen={warn} onChange={setWarn} />
        <CheckGroup label={t('promise.breach')} choices={people} chosen={breach} onChange={setBreach} />
        <StepList steps={steps} onChange={setSteps} />
        <details className={styles.advanced}>
          <summary>{t('promise.where')}</summary>
          <div className={styles.form}>
            <p className={styles.faint}>{t('promise.whereHelp')}</p>
            {brands.length > 1 && (
              <CheckGroup
                label={t('filter.brand')}
                choices={brands.map(({ id, name: label }) => ({ value: id, label }))}
                chosen={ofBrands}
                onChange={setBrands}
              />
            )}
            <CheckGroup
              label={t('filter.channel')}
              choices={channels.map(({ channel, title }) => ({
                value: channel,
                label: i18n.language === 'en' ? title.en : title.zh,
              }))}
              chosen={ofChannels}
              onChange={setChannels}
            />
            <CheckGroup
              label={t('filter.priority')}
              choices={priorities.map((value) => ({ value, label: t(`priority.${value}`) }))}
              chosen={ofPriorities}
              onChange={setPriorities}
            />
          </div>
        </details>
        {saving.isError && <ErrorNote error={saving.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" busy={saving.isPending} disabled={!complete}>
            {t('common.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
