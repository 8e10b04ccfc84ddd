import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../ui/IconButton.tsx'
import { Popover } from '../ui/Popover.tsx'
import styles from './Emoji.module.css'
import { emojisOf, groupNames, lastUsed, noteUsed } from './list.ts'

/** Loaded when it is first asked for, and open then. Arrow keys go through all of them. */
export function EmojiPicker({ onPick }: { readonly onPick: (emoji: string) => void }) {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(true)
  const [recent] = useState(lastUsed)
  const panel = useRef<HTMLDivElement>(null)
  const pick = (emoji: string) => {
    noteUsed(emoji)
    setIsOpen(false)
    onPick(emoji)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const all = [...(panel.current?.querySelectorAll<HTMLButtonElement>('button') ?? [])]
    const at = all.indexOf(document.activeElement as HTMLButtonElement)
    all[Math.min(Math.max(at + step, 0), all.length - 1)]?.focus()
  }
  const list = (emojis: readonly string[]) => (
    <div className={styles.grid}>
      {emojis.map((emoji) => (
        <button key={emoji} type="button" className={styles.emoji} onClick={() => pick(emoji)}>
          {emoji}
        </button>
      ))}
    </div>
  )
  return (
    <Popover
      label={t('emoji.title')}
      open={isOpen}
      onOpenChange={setIsOpen}
      trigger={<IconButton icon="smile" label={t('emoji.open')} />}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: its buttons take the keys, the panel only moves between them */}
      <div ref={panel} className={styles.panel} onKeyDown={onKeyDown}>
        {recent.length > 0 && (
          <section aria-label={t('emoji.recent')}>
            <h3 className={styles.title}>{t('emoji.recent')}</h3>
            {list(recent)}
          </section>
        )}
        {groupNames.map((group) => (
          <section key={group} aria-label={t(`emoji.groups.${group}`)}>
            <h3 className={styles.title}>{t(`emoji.groups.${group}`)}</h3>
            {list(emojisOf(group))}
          </section>
        ))}
      </div>
    </Popover>
  )
}
