/** What one person likes, kept in this browser. Nothing of a customer is in here. */
import { useSyncExternalStore } from 'react'
import { type Rules, readRules } from '../notify/rules.ts'

export const languages = ['zh-CN', 'en'] as const
export type Language = (typeof languages)[number]

export interface Preferences {
  readonly language: Language
  readonly theme: 'system' | 'light' | 'dark'
  /** Which key sends; the other one, or Shift+Enter, makes a new line. */
  readonly sendKey: 'enter' | 'ctrl-enter'
  /** Single-letter shortcuts (WCAG 2.1.4 asks for the switch). */
  readonly shortcuts: boolean
  /** Keys chosen by command, where they are not the usual ones; an empty one: none. */
  readonly keys: Readonly<Record<string, string>>
  readonly notify: Rules
}

const place = 'huixin.preferences'

/** Reads what is stored, and falls back field by field: an old or broken value never stops the desk. */
export function readPreferences(stored: string | null, browserLanguages: readonly string[]): Preferences {
  const given = parse(stored)
  const pick = <T>(name: string, allowed: readonly T[], otherwise: T): T =>
    allowed.includes(given[name] as T) ? (given[name] as T) : otherwise
  return {
    language: pick('language', languages, preferredLanguage(browserLanguages)),
    theme: pick('theme', ['system', 'light', 'dark'] as const, 'system'),
    sendKey: pick('sendKey', ['enter', 'ctrl-enter'] as const, 'enter'),
    shortcuts: pick('shortcuts', [true, false], true),
    keys: readKeys(given.keys),
    notify: readRules(given.notify),
  }
}

function readKeys(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(
    Object.entries(value).filter(
      (pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1].length <= 20,
    ),
  )
}

function preferredLanguage(browserLanguages: readonly string[]): Language {
  for (const language of browserLanguages) {
    if (/^zh\b/iu.test(language)) return 'zh-CN'
    if (/^en\b/iu.test(language)) return 'en'
  }
  return 'en'
}

function parse(stored: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(stored ?? '{}')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

let current: Preferences | null = null
const listeners = new Set<() => void>()

export function preferences(): Preferences {
  current ??= readPreferences(localStorage.getItem(place), navigator.languages)
  return current
}

export function changePreferences(change: Partial<Preferences>): void {
  current = { ...preferences(), ...change }
  localStorage.setItem(place, JSON.stringify(current))
  applyTheme(current.theme)
  for (const listener of listeners) listener()
}

export function applyTheme(theme: Preferences['theme']): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

/** Another tab changed them. */
function takeOver({ key, newValue }: StorageEvent): void {
  if (key !== place) return
  current = readPreferences(newValue, navigator.languages)
  applyTheme(current.theme)
  for (const listener of listeners) listener()
}
if (typeof window !== 'undefined') window.addEventListener('storage', takeOver)

export function usePreferences(): Preferences {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, preferences)
}
