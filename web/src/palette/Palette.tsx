import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemText } from '../i18n/problem-text.ts'
import { createComposition } from '../keyboard/composition.ts'
import { KeyName } from '../keyboard/KeyName.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Icon } from '../ui/Icon.tsx'
import styles from './Palette.module.css'
import { type PaletteEntry, useEntries } from './use-entries.ts'

const patienceMs = 200

/** One field for everything: what can be done here, and every place to go. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [query, setQuery] = useState('')
  const [asked, setAsked] = useState('')
  const [marked, setMarked] = useState(0)
  const [composition] = useState(() => createComposition())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const { groups, isSearching, error } = useEntries(query, asked)
  const all = groups.flatMap(({ entries }) => entries)
  const at = Math.min(marked, Math.max(all.length - 1, 0))
  const markedId = all[at]?.id
  useEffect(() => {
    if (markedId) document.getElementById(markedId)?.scrollIntoView({ block: 'nearest' })
  }, [markedId])

  const write = (text: string) => {
    setQuery(text)
    setMarked(0)
    clearTimeout(timer.current)
    // The letters of a composition are no words yet.
    if (!composition.active) timer.current = setTimeout(() => setAsked(text), patienceMs)
  }
  const go = (entry: PaletteEntry) => {
    onClose()
    // After the dialog has given the focus back: a command may take it.
    setTimeout(entry.go, 0)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (composition.owns(event.nativeEvent)) return event.stopPropagation()
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && all.length > 0) setMarked((at + step + all.length) % all.length)
    else if (event.key === 'Enter' && all[at]) go(all[at])
    else return
    event.preventDefault()
  }
  return (
    <Dialog open onClose={onClose} title={t('palette.open')} wide>
      <input
        className={styles.field}
        role="combobox"
        aria-label={t('palette.field')}
        placeholder={t('palette.field')}
        aria-expanded={all.length > 0}
        aria-controls="palette-list"
        aria-autocomplete="list"
        aria-activedescendant={markedId}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={query}
        onChange={(event) => write(event.target.value)}
        onCompositionStart={() => composition.start()}
        onCompositionEnd={(event) => {
          composition.end()
          write(event.currentTarget.value)
        }}
        onKeyDown={onKeyDown}
      />
      <p className={all.length === 0 ? styles.none : 'aside'} role="status">
        {all.length > 0
          ? t('palette.found', { count: all.length })
          : t(isSearching ? 'palette.searching' : 'palette.none')}
      </p>
      {error && <p role="alert">{problemText(error, t)}</p>}
      <div id="palette-list" role="listbox" aria-label={t('palette.list')} className={styles.list} tabIndex={-1}>
        {groups.map(({ title, entries }) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options, not of fields
          <div key={title} role="group" aria-labelledby={`palette-${title}`}>
            <div id={`palette-${title}`} className={styles.title} role="presentation">
              {t(`palette.${title}`)}
            </div>
            {entries.map((entry) => (
              <div
                key={entry.id}
                id={entry.id}
                role="option"
                tabIndex={-1}
                aria-selected={entry.id === markedId}
                className={styles.entry}
                onPointerMove={() => entry.id !== markedId && setMarked(all.indexOf(entry))}
                onPointerUp={() => go(entry)}
              >
                <Icon name={entry.icon} size={16} />
                <bdi className={styles.words}>{entry.words}</bdi>
                {entry.aside && <bdi className={styles.aside}>{entry.aside}</bdi>}
                {entry.key && <KeyName binding={entry.key} />}
              </div>
            ))}
          </div>
        ))}
      </div>
    </Dialog>
  )
}
