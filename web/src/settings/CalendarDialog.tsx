import { useMutation } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { NewWorkCalendar, WorkCalendar } from '../api/wire.ts'
import { dayName, readHours, weekOf, writeHours } from '../promises/hours.ts'
import promiseStyles from '../promises/Promises.module.css'
import { queryClient } from '../query-client.ts'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { Dialog, DialogActions } from '../ui/Dialog.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { TextField } from '../ui/TextField.tsx'
import styles from './Settings.module.css'

const officeWeek = ['09:00-18:00', '09:00-18:00', '09:00-18:00', '09:00-18:00', '09:00-18:00', '', '']

interface Exception {
  readonly key: number
  readonly date: string
  readonly name: string
  readonly hours: string
}

/** Null: a new one. */
export function CalendarDialog({
  calendar,
  onClose,
}: {
  readonly calendar: WorkCalendar | null
  readonly onClose: () => void
}) {
  const { t, i18n } = useTranslation()
  const zones = useId()
  const [name, setName] = useState(calendar?.name ?? '')
  const [timeZone, setTimeZone] = useState(calendar?.timeZone ?? 'Asia/Shanghai')
  const [week, setWeek] = useState<readonly string[]>(calendar ? weekOf(calendar) : officeWeek)
  const [chineseHolidays, setHolidays] = useState(calendar?.chineseHolidays ?? true)
  const [exceptions, setExceptions] = useState<readonly Exception[]>(
    (calendar?.exceptions ?? []).map((one, key) => ({ ...one, key, hours: writeHours(one.hours) })),
  )
  const spans = week.map(readHours)
  const special = exceptions.map(({ hours }) => readHours(hours))
  const isRight =
    name.trim() !== '' &&
    timeZone.trim() !== '' &&
    spans.every((one) => one !== null) &&
    exceptions.every(({ date }, index) => date !== '' && special[index] !== null)
  const saving = useMutation({
    mutationFn: () => {
      const body: NewWorkCalendar = {
        name: name.trim(),
        timeZone: timeZone.trim(),
        chineseHolidays,
        hours: spans.flatMap((of, index) => (of ?? []).map((span) => ({ day: index + 1, ...span }))),
        exceptions: exceptions.map((one, index) => ({
          date: one.date,
          name: one.name.trim(),
          hours: [...(special[index] ?? [])],
        })),
      }
      return calendar
        ? request<WorkCalendar>(`/api/calendars/${calendar.id}`, { method: 'PUT', body })
        : request<WorkCalendar>('/api/calendars', { method: 'POST', body })
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.calendars })
      onClose()
    },
  })
  const change = (key: number, more: Partial<Exception>) =>
    setExceptions(exceptions.map((one) => (one.key === key ? { ...one, ...more } : one)))
  return (
    <Dialog open onClose={onClose} title={t(calendar ? 'hours.editTitle' : 'hours.add')} wide>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (isRight) saving.mutate()
        }}
      >
        <div className={styles.pair}>
          <TextField label={t('hours.name')} value={name} onChange={setName} required maxLength={60} />
          <TextField
            label={t('hours.zone')}
            value={timeZone}
            onChange={setTimeZone}
            required
            list={zones}
            maxLength={100}
          />
          <datalist id={zones}>
            {Intl.supportedValuesOf('timeZone').map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </div>
        <fieldset className={promiseStyles.group}>
          <legend className={styles.label}>{t('hours.week')}</legend>
          <p className={styles.faint}>{t('hours.weekHelp')}</p>
          <div className={styles.pair}>
            {week.map((text, index) => (
              <TextField
                // biome-ignore lint/suspicious/noArrayIndexKey: the days of a week do not move
                key={index}
                label={dayName(index + 1, i18n.language)}
                value={text}
                onChange={(value) => setWeek(week.map((old, at) => (at === index ? value : old)))}
                placeholder={t('hours.closed')}
                error={spans[index] === null ? t('hours.unreadable') : null}
              />
            ))}
          </div>
        </fieldset>
        <div>
          <CheckRow checked={chineseHolidays} onChange={setHolidays}>
            {t('hours.holidays')}
          </CheckRow>
          <p className={styles.faint}>{t('hours.holidaysHelp')}</p>
        </div>
        <fieldset className={promiseStyles.group}>
          <legend className={styles.label}>{t('hours.exceptions')}</legend>
          <p className={styles.faint}>{t('hours.exceptionsHelp')}</p>
          {exceptions.map((one, index) => (
            <div key={one.key} className={promiseStyles.row}>
              <TextField
                label={t('hours.date')}
                type="date"
                value={one.date}
                onChange={(date) => change(one.key, { date })}
                required
              />
              <TextField
                label={t('hours.what')}
                value={one.name}
                onChange={(words) => change(one.key, { name: words })}
                maxLength={60}
              />
              <TextField
                label={t('hours.hours')}
                value={one.hours}
                onChange={(hours) => change(one.key, { hours })}
                placeholder={t('hours.closed')}
                error={special[index] === null ? t('hours.unreadable') : null}
              />
              <IconButton
                icon="trash"
                label={t('hours.removeDay', { date: one.date })}
                onClick={() => setExceptions(exceptions.filter(({ key }) => key !== one.key))}
              />
            </div>
          ))}
          <div>
            <Button
              small
              icon="plus"
              onClick={() => setExceptions([...exceptions, { key: Date.now(), date: '', name: '', hours: '' }])}
            >
              {t('hours.addDay')}
            </Button>
          </div>
        </fieldset>
        {saving.isError && <ErrorNote error={saving.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" busy={saving.isPending} disabled={!isRight}>
            {t('common.save')}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
