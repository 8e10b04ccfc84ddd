import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { bindings, type CommandId, commandIds, ownerOf, pressOf } from '../keyboard/commands.ts'
import { KeyName } from '../keyboard/KeyName.tsx'
import { changePreferences, usePreferences } from '../preferences/preferences.ts'
import { Button } from '../ui/Button.tsx'
import styles from './Settings.module.css'

/** Keys that move the focus or belong to the button itself. */
const kept = new Set(['Tab', 'Enter', ' ', 'Escape'])

/** Every command with its key, and a way to give it another one. */
export function KeyMap() {
  const { t } = useTranslation()
  const { keys } = usePreferences()
  const [waiting, setWaiting] = useState<CommandId | null>(null)
  const [refused, setRefused] = useState<{ readonly id: CommandId; readonly text: string } | null>(null)
  const bound = bindings(keys)

  const onKeyDown = (event: KeyboardEvent, id: CommandId) => {
    if (waiting !== id) return
    if (event.key === 'Escape') return setWaiting(null)
    if (event.key === 'Backspace' || event.key === 'Delete') return choose(id, '')
    const press = kept.has(event.key) ? null : pressOf({ ...pressed(event), defaultPrevented: false }, false)
    if (press === null) return
    event.preventDefault()
    choose(id, press)
  }
  const choose = (id: CommandId, key: string) => {
    const owner = key === '' ? null : ownerOf(key, keys, id)
    if (owner) return setRefused({ id, text: t('keymap.taken', { key, name: t(`commands.${owner}`) }) })
    setRefused(null)
    setWaiting(null)
    changePreferences({ keys: { ...keys, [id]: key } })
  }
  return (
    <section className={styles.cards} aria-label={t('keymap.title')}>
      <h2 className={styles.heading}>{t('keymap.title')}</h2>
      <p className={styles.faint}>{t('keymap.help')}</p>
      <ul className={styles.keys}>
        {commandIds.map((id) => (
          <li key={id}>
            <span>{t(`commands.${id}`)}</span>
            <Button
              small
              look={waiting === id ? 'primary' : 'plain'}
              aria-pressed={waiting === id}
              onClick={() => {
                setRefused(null)
                setWaiting(waiting === id ? null : id)
              }}
              onBlur={() => setWaiting(null)}
              onKeyDown={(event) => onKeyDown(event, id)}
            >
              {waiting === id ? t('keymap.press') : <KeyName binding={bound[id]} />}
              <span className="aside"> {t('keymap.change', { name: t(`commands.${id}`) })}</span>
            </Button>
            {refused?.id === id && (
              <span role="alert" className={styles.refused}>
                {refused.text}
              </span>
            )}
          </li>
        ))}
      </ul>
      {Object.keys(keys).length > 0 && (
        <div>
          <Button small icon="undo" onClick={() => changePreferences({ keys: {} })}>
            {t('keymap.reset')}
          </Button>
        </div>
      )}
    </section>
  )
}

const pressed = ({ key, shiftKey, ctrlKey, metaKey, altKey, nativeEvent, keyCode, repeat }: KeyboardEvent) => ({
  key,
  shiftKey,
  ctrlKey,
  metaKey,
  altKey,
  isComposing: nativeEvent.isComposing,
  keyCode,
  repeat,
})
