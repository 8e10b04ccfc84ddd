import { useNavigate } from '@tanstack/react-router'
import { type Ref, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { createComposition } from '../keyboard/composition.ts'
import { Icon } from '../ui/Icon.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import styles from './Queue.module.css'

const patienceMs = 250

interface SearchBoxProps {
  /** The whole of the address; only `q` is changed. */
  readonly search: { readonly q?: string }
  readonly label: string
  readonly ref: Ref<HTMLInputElement>
}

/** Searches a moment after the last key; never in the middle of a composition, whose letters are not yet words. */
export function SearchBox({ search, label, ref }: SearchBoxProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [text, setText] = useState(search.q ?? '')
  const asked = useRef(search.q ?? '')
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [composition] = useState(() => createComposition())

  // The address changed from elsewhere: a chip was removed, or "back" was pressed.
  useEffect(() => {
    if ((search.q ?? '') === asked.current) return
    asked.current = search.q ?? ''
    setText(asked.current)
  }, [search.q])
  useEffect(() => () => clearTimeout(timer.current), [])

  const ask = (value: string) => {
    clearTimeout(timer.current)
    asked.current = value.trim().slice(0, 200)
    const { q: _, ...rest } = search
    navigate({ to: '.', params: true, search: asked.current ? { ...rest, q: asked.current } : rest, replace: true })
  }
  const askSoon = (value: string) => {
    clearTimeout(timer.current)
    if (!composition.active) timer.current = setTimeout(() => ask(value), patienceMs)
  }

  return (
    <search className={styles.search}>
      <span className={styles.searchIcon}>
        <Icon name="search" size={16} />
      </span>
      <input
        ref={ref}
        type="search"
        className={styles.searchInput}
        aria-label={label}
        placeholder={label}
        value={text}
        maxLength={200}
        enterKeyHint="search"
        onChange={(event) => {
          setText(event.target.value)
          askSoon(event.target.value)
        }}
        onCompositionStart={() => composition.start()}
        onCompositionEnd={(event) => {
          composition.end()
          askSoon(event.currentTarget.value)
        }}
        onKeyDown={(event) => {
          if (composition.owns(event.nativeEvent)) return
          if (event.key === 'Enter') ask(text)
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      {text !== '' && (
        <IconButton
          small
          icon="close"
          label={t('filter.clearSearch')}
          className={styles.searchClear}
          onClick={() => {
            setText('')
            ask('')
          }}
        />
      )}
    </search>
  )
}
