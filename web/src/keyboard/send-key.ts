/** What a press of Enter means in the composer. Pure. */
import type { Preferences } from '../preferences/preferences.ts'

interface Press {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

/**
 * `send`, or `default`: what the browser does, which is a new line.
 * Ctrl/Cmd+Enter sends in both settings: it is the one chord that always works.
 */
export function enterMeans(press: Press, sendKey: Preferences['sendKey']): 'send' | 'default' {
  if (press.key !== 'Enter' || press.shiftKey || press.altKey) return 'default'
  if (press.ctrlKey || press.metaKey) return 'send'
  return sendKey === 'enter' ? 'send' : 'default'
}
