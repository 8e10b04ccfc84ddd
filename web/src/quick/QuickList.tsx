import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/Icon.tsx'
import { Pill } from '../ui/Pill.tsx'
import styles from './QuickList.module.css'
import type { Quick } from './use-quick.ts'

export const quickListId = 'quick-replies'
export const optionId = (id: string) => `quick-${id}`

/** What `/` found. The focus stays in the field; the marked one is the field's active descendant. */
export function QuickList({ quick }: { readonly quick: Quick }) {
  const { t } = useTranslation()
  const list = useRef<HTMLDivElement>(null)
  const { found, marked } = quick
  const markedId = found[marked]?.id
  useEffect(() => {
    if (markedId) document.getElementById(optionId(markedId))?.scrollIntoView({ block: 'nearest' })
  }, [markedId])
  if (quick.none) {
    return (
      <p className={styles.none} role="status">
        <Icon name="quick" size={16} />
        {t('quick.none')} <Link to="/settings/quick-replies">{t('quick.edit')}</Link>
      </p>
    )
  }
  return (
    <>
      <p className="aside" role="status">
        {t('quick.found', { count: found.length })}
      </p>
      <div
        ref={list}
        id={quickListId}
        className={styles.list}
        role="listbox"
        aria-label={t('quick.list')}
        tabIndex={-1}
      >
        {found.map((reply, index) => (
          <div
            key={reply.id}
            id={optionId(reply.id)}
            role="option"
            tabIndex={-1}
            aria-selected={index === marked}
            className={styles.option}
            // Before the field loses the focus.
            onPointerDown={(event) => {
              event.preventDefault()
              quick.pick(reply)
            }}
            onPointerMove={() => index !== marked && quick.mark(index)}
          >
            <span className={styles.top}>
              <kbd className={styles.shortcut}>/{reply.shortcut}</kbd>
              <bdi className={styles.title}>{reply.title}</bdi>
              {!reply.shared && <Pill>{t('quick.own')}</Pill>}
            </span>
            <bdi className={styles.text}>{quick.textOf(reply)}</bdi>
          </div>
        ))}
      </div>
    </>
  )
}
