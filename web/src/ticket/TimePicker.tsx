import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '../api/clock.ts'
import { fullTime } from '../i18n/format.ts'
import { Button } from '../ui/Button.tsx'
import { TextField } from '../ui/TextField.tsx'
import { laterTimes, toLocalInput } from './snooze-times.ts'
import styles from './TimePicker.module.css'

/** A time in the future: a few that are meant most often, or any other. */
export function TimePicker({
  label,
  action,
  onPick,
}: {
  readonly label: string
  readonly action: string
  readonly onPick: (time: Date) => void
}) {
  const { t, i18n } = useTranslation()
  const [other, setOther] = useState('')
  const [error, setError] = useState<string | null>(null)
  const now = new Date(serverNow())
  const pickOther = () => {
    const time = new Date(other)
    if (Number.isNaN(time.getTime()) || time.getTime() <= serverNow()) setError(t('composer.schedulePast'))
    else onPick(time)
  }
  return (
    <div className={styles.picker}>
      <ul>
        {laterTimes(now).map(({ name, at }) => (
          <li key={name}>
            <button type="button" className={styles.offer} onClick={() => onPick(at)}>
              <span>{t(`ticket.snoozeFor.${name}`)}</span>
              <time dateTime={at.toISOString()}>{fullTime(at, i18n.language)}</time>
            </button>
          </li>
        ))}
      </ul>
      <form
        className={styles.other}
        onSubmit={(event) => {
          event.preventDefault()
          pickOther()
        }}
      >
        <TextField
          label={label}
          type="datetime-local"
          min={toLocalInput(now)}
          value={other}
          error={error}
          onChange={(value) => {
            setOther(value)
            setError(null)
          }}
        />
        <Button small type="submit" disabled={other === ''}>
          {action}
        </Button>
      </form>
    </div>
  )
}
