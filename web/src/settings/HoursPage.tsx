import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { WorkCalendar } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { dayName, weekOf } from '../promises/hours.ts'
import promiseStyles from '../promises/Promises.module.css'
import { calendarsQuery } from '../promises/queries.ts'
import { queryClient } from '../query-client.ts'
import { isAdministrator, useMe } from '../shell/use-me.ts'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { toast } from '../ui/toast.ts'
import { CalendarDialog } from './CalendarDialog.tsx'
import styles from './Settings.module.css'
import { SettingsPage } from './SettingsPage.tsx'

export function HoursPage() {
  const { t } = useTranslation()
  const mayChange = isAdministrator(useMe())
  const { data, error, refetch } = useQuery(calendarsQuery)
  const [edited, setEdited] = useState<WorkCalendar | 'new' | null>(null)
  const [leaving, setLeaving] = useState<WorkCalendar | null>(null)
  const deleting = useMutation({
    mutationFn: (calendar: WorkCalendar) => request(`/api/calendars/${calendar.id}`, { method: 'DELETE' }),
    onError: (failure) => toast(problemText(failure, t), { tone: 'danger' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.calendars }),
  })
  const add = mayChange && (
    <Button look="primary" icon="plus" onClick={() => setEdited('new')}>
      {t('hours.add')}
    </Button>
  )
  return (
    <SettingsPage title={t('settings.hours')} intro={t('hours.intro')} action={data?.length ? add : undefined}>
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!data && !error && <Spinner label={t('common.loading')} />}
      {data?.length === 0 && (
        <Empty icon="clock" title={t('hours.none')} {...(add ? { action: add } : {})}>
          {t('hours.noneHelp')}
        </Empty>
      )}
      <ul className={styles.cards}>
        {data?.map((calendar) => (
          <li key={calendar.id} className={styles.card}>
            <Card
              calendar={calendar}
              mayChange={mayChange}
              onEdit={() => setEdited(calendar)}
              onDelete={() => setLeaving(calendar)}
            />
          </li>
        ))}
      </ul>
      {edited && <CalendarDialog calendar={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
      <Confirm
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title={t('hours.deleteTitle', { name: leaving?.name ?? '' })}
        action={t('common.delete')}
        danger
        onConfirm={() => leaving && deleting.mutate(leaving)}
      >
        {t('hours.deleteBody')}
      </Confirm>
    </SettingsPage>
  )
}

function Card({
  calendar,
  mayChange,
  onEdit,
  onDelete,
}: {
  readonly calendar: WorkCalendar
  readonly mayChange: boolean
  readonly onEdit: () => void
  readonly onDelete: () => void
}) {
  const { t, i18n } = useTranslation()
  const week = weekOf(calendar)
  return (
    <>
      <div className={styles.cardTop}>
        <h2 className={styles.cardName}>
          <bdi>{calendar.name}</bdi> <small>{calendar.timeZone}</small>
        </h2>
        <Pill tone={calendar.working ? 'good' : 'neutral'}>{t(calendar.working ? 'hours.working' : 'hours.off')}</Pill>
        {mayChange && (
          <>
            <Button small icon="edit" onClick={onEdit} aria-label={`${t('common.edit')} ${calendar.name}`}>
              {t('common.edit')}
            </Button>
            {calendar.policies === 0 && (
              <Button small icon="trash" onClick={onDelete} aria-label={`${t('common.delete')} ${calendar.name}`}>
                {t('common.delete')}
              </Button>
            )}
          </>
        )}
      </div>
      <dl className={promiseStyles.week}>
        {week.map((hours, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the days of a week do not move
          <DayLine key={index} name={dayName(index + 1, i18n.language)} hours={hours || t('hours.closed')} />
        ))}
      </dl>
      <p className={styles.faint}>
        {t(calendar.chineseHolidays ? 'hours.withHolidays' : 'hours.withoutHolidays')}{' '}
        {t('hours.exceptionCount', { count: calendar.exceptions.length })}{' '}
        {t('hours.policyCount', { count: calendar.policies })}
      </p>
      {calendar.unpublishedYear !== null && (
        <p className={promiseStyles.warning}>
          <Icon name="warning" size={16} />
          <span>{t('hours.unpublished', { year: String(calendar.unpublishedYear) })}</span>
        </p>
      )}
    </>
  )
}

function DayLine({ name, hours }: { readonly name: string; readonly hours: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{hours}</dd>
    </>
  )
}
