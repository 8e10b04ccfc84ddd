import { useTranslation } from 'react-i18next'
import type { AutomaticSettings } from '../api/wire.ts'
import settings from '../settings/Settings.module.css'
import { CheckRow } from '../ui/CheckRow.tsx'
import { TextField } from '../ui/TextField.tsx'

type Hours = AutomaticSettings['hours']
const days = [1, 2, 3, 4, 5, 6, 7] as const

/** When somebody is there: which acknowledgement is said, and what it promises. */
export function HoursFields({ hours, onChange }: { readonly hours: Hours; readonly onChange: (hours: Hours) => void }) {
  const { t } = useTranslation()
  const toggle = (day: number, on: boolean) =>
    onChange({ ...hours, days: days.filter((one) => (one === day ? on : hours.days.includes(one))) })
  return (
    <>
      <h2 className={settings.heading}>{t('automatic.hours')}</h2>
      <fieldset className={settings.variables} aria-label={t('automatic.days')}>
        {days.map((day) => (
          <CheckRow key={day} checked={hours.days.includes(day)} onChange={(on) => toggle(day, on)}>
            {t(`automatic.day.d${day}`)}
          </CheckRow>
        ))}
      </fieldset>
      <div className={settings.pair}>
        <TextField
          label={t('automatic.from')}
          type="time"
          value={hours.from}
          required
          onChange={(from) => onChange({ ...hours, from })}
        />
        <TextField
          label={t('automatic.to')}
          type="time"
          value={hours.to}
          required
          onChange={(to) => onChange({ ...hours, to })}
        />
        <TextField
          label={t('automatic.timeZone')}
          help={t('automatic.timeZoneHelp')}
          value={hours.timeZone}
          required
          onChange={(timeZone) => onChange({ ...hours, timeZone })}
        />
      </div>
      <CheckRow checked={hours.chineseHolidays} onChange={(chineseHolidays) => onChange({ ...hours, chineseHolidays })}>
        {t('automatic.holidays')}
      </CheckRow>
    </>
  )
}
