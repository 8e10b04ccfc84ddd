import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { brandsQuery } from '../api/queries.ts'
import { type Rules, usualRules } from '../notify/rules.ts'
import { playSound, readySound } from '../notify/sound.ts'
import { changePreferences, usePreferences } from '../preferences/preferences.ts'
import { Button } from '../ui/Button.tsx'
import { CheckRow } from '../ui/CheckRow.tsx'
import { Switch } from '../ui/Switch.tsx'
import { TextField } from '../ui/TextField.tsx'
import styles from './Settings.module.css'

const kinds = ['mine', 'unassigned', 'delivery', 'task', 'kept'] as const
type Permission = NotificationPermission | 'unsupported'
const permissionNow = (): Permission => (typeof Notification === 'undefined' ? 'unsupported' : Notification.permission)

/** What one is told of, how, and when not. */
export function NotificationSettings() {
  const { t } = useTranslation()
  const { notify } = usePreferences()
  const { data: brands = [] } = useQuery(brandsQuery)
  const [permission, setPermission] = useState(permissionNow)
  const change = (part: Partial<Rules>) => changePreferences({ notify: { ...notify, ...part } })
  // Browsers ask only after a press, and this is one.
  const turnBrowser = async (on: boolean) => {
    if (!on || permission === 'unsupported') return change({ browser: false })
    const answer = permission === 'granted' ? permission : await Notification.requestPermission()
    setPermission(answer)
    change({ browser: answer === 'granted' })
  }
  const turnSound = (on: boolean) => {
    change({ sound: on })
    if (on) readySound()
  }
  return (
    <section className={styles.form} aria-labelledby="notify-title">
      <div>
        <h2 className={styles.heading} id="notify-title">
          {t('notify.title')}
        </h2>
        <p className={styles.faint}>{t('notify.help')}</p>
      </div>
      <div className={styles.rows}>
        <Row
          label={t('notify.browser')}
          help={t(`notify.permission.${permission}`)}
          checked={notify.browser && permission === 'granted'}
          onChange={(on) => void turnBrowser(on)}
        />
        <Row label={t('notify.sound')} help={t('notify.soundHelp')} checked={notify.sound} onChange={turnSound}>
          {notify.sound && (
            <Button
              small
              onClick={() => {
                readySound()
                playSound()
              }}
            >
              {t('notify.hear')}
            </Button>
          )}
        </Row>
        <Row
          label={t('notify.quiet')}
          help={t('notify.quietHelp', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}
          checked={notify.quiet !== null}
          onChange={(on) => change({ quiet: on ? { from: '22:00', to: '08:00' } : null })}
        />
        {notify.quiet && (
          <div className={styles.setting}>
            <div className={styles.pair}>
              {(['from', 'to'] as const).map((end) => (
                <TextField
                  key={end}
                  type="time"
                  label={t(`notify.${end}`)}
                  value={notify.quiet?.[end] ?? ''}
                  required
                  onChange={(value) => value && notify.quiet && change({ quiet: { ...notify.quiet, [end]: value } })}
                />
              ))}
            </div>
          </div>
        )}
      </div>
      <fieldset className={styles.told}>
        <legend className={styles.label}>{t('notify.about')}</legend>
        {kinds.map((kind) => (
          <CheckRow key={kind} checked={notify[kind]} onChange={(on) => change({ [kind]: on })}>
            {t(`notify.kinds.${kind}`)}
          </CheckRow>
        ))}
        {brands.map(({ id, name }) => (
          <CheckRow
            key={id}
            checked={notify.mentions.includes(id)}
            onChange={(on) =>
              change({ mentions: on ? [...notify.mentions, id] : notify.mentions.filter((one) => one !== id) })
            }
          >
            {t('notify.mentionsOf', { name })}
          </CheckRow>
        ))}
      </fieldset>
      <div>
        <Button small onClick={() => changePreferences({ notify: usualRules })}>
          {t('notify.reset')}
        </Button>
      </div>
    </section>
  )
}

function Row({
  label,
  help,
  checked,
  onChange,
  children,
}: {
  readonly label: string
  readonly help: string
  readonly checked: boolean
  readonly onChange: (on: boolean) => void
  readonly children?: ReactNode
}) {
  const id = useId()
  return (
    <div className={styles.setting}>
      <div>
        <label className={styles.label} htmlFor={id}>
          {label}
        </label>
        <p className={styles.faint} id={`${id}-help`}>
          {help}
        </p>
      </div>
      {children}
      <Switch id={id} describedBy={`${id}-help`} checked={checked} onChange={onChange} />
    </div>
  )
}
