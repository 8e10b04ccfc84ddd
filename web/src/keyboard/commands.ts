/**
 * What can be done by a key or from the palette. A part of the page that can do it says so by `useCommands`; what nobody on
 * the page can do has no key and is not offered.
 */
import { useEffect, useRef } from 'react'
import { preferences, usePreferences } from '../preferences/preferences.ts'
import type { IconName } from '../ui/icons.ts'
import { hotkeyOf, takesKeys } from './hotkeys.ts'

export const commands = {
  next: { key: 'j', group: 'list', icon: 'down' },
  previous: { key: 'k', group: 'list', icon: 'down' },
  search: { key: '/', group: 'list', icon: 'search' },
  select: { key: 'x', group: 'list', icon: 'doneAll' },
  selectionBar: { key: 'shift+x', group: 'list', icon: 'doneAll' },
  goAll: { key: 'g i', group: 'list', icon: 'all' },
  goMine: { key: 'g m', group: 'list', icon: 'person' },
  goUnassigned: { key: 'g u', group: 'list', icon: 'inbox' },
  reply: { key: 'r', group: 'ticket', icon: 'reply' },
  note: { key: 'n', group: 'ticket', icon: 'lock' },
  quick: { key: 'm', group: 'ticket', icon: 'quick' },
  claim: { key: 'c', group: 'ticket', icon: 'person' },
  assign: { key: 'a', group: 'ticket', icon: 'people' },
  category: { key: 'y', group: 'ticket', icon: 'folder' },
  label: { key: 'l', group: 'ticket', icon: 'tag' },
  snooze: { key: 'z', group: 'ticket', icon: 'moon' },
  resolveNext: { key: 'e', group: 'ticket', icon: 'doneAll' },
  resolve: { key: 'shift+e', group: 'ticket', icon: 'done' },
  back: { key: 'u', group: 'ticket', icon: 'back' },
  macro: { key: 'shift+m', group: 'ticket', icon: 'macro' },
  merge: { key: 'shift+g', group: 'ticket', icon: 'merge' },
  person: { key: 'i', group: 'ticket', icon: 'person' },
  makeTicket: { key: 't', group: 'mentions', icon: 'inbox' },
  dismiss: { key: 'd', group: 'mentions', icon: 'done' },
  openPost: { key: 'o', group: 'mentions', icon: 'link' },
  help: { key: '?', group: 'other', icon: 'keyboard' },
} as const satisfies Record<string, { key: string; group: 'list' | 'ticket' | 'mentions' | 'other'; icon: IconName }>

export type CommandId = keyof typeof commands
export const commandIds = Object.keys(commands) as CommandId[]

/**
 * The key of each; an empty one: none. What was chosen for a command nobody knows any more is left away; a chosen key goes
 * before another command's own, which may be newer than the choice.
 */
export function bindings(chosen: Readonly<Record<string, string>>): Record<CommandId, string> {
  const taken = new Set(commandIds.map((id) => chosen[id]))
  const keyOf = (id: CommandId) => chosen[id] ?? (taken.has(commands[id].key) ? '' : commands[id].key)
  return Object.fromEntries(commandIds.map((id) => [id, keyOf(id)])) as Record<CommandId, string>
}

/** The command that has this key already. */
export function ownerOf(key: string, chosen: Readonly<Record<string, string>>, except: CommandId): CommandId | null {
  const keys = bindings(chosen)
  const clashes = (other: string) =>
    other !== '' && (other === key || other.startsWith(`${key} `) || key.startsWith(`${other} `))
  return commandIds.find((id) => id !== except && clashes(keys[id])) ?? null
}

type Handler = () => void
const handlers = new Map<CommandId, Handler[]>()

export function useCommands(given: Readonly<Partial<Record<CommandId, Handler>>>): void {
  const latest = useRef(given)
  useEffect(() => {
    latest.current = given
  })
  const ids = Object.keys(given).sort().join()
  useEffect(() => {
    const mine = ids.split(',').map((id) => [id as CommandId, () => latest.current[id as CommandId]?.()] as const)
    for (const [id, handler] of mine) handlers.set(id, [...(handlers.get(id) ?? []), handler])
    return () => {
      for (const [id, handler] of mine)
        handlers.set(
          id,
          (handlers.get(id) ?? []).filter((one) => one !== handler),
        )
    }
  }, [ids])
}

export function available(): CommandId[] {
  return commandIds.filter((id) => (handlers.get(id)?.length ?? 0) > 0)
}

/** The last part of the page that said it can. */
export function run(id: CommandId): boolean {
  const handler = handlers.get(id)?.at(-1)
  handler?.()
  return handler !== undefined
}

/** As bindings write it: `e`, `shift+e`, `?`. Null: no shortcut. */
export function pressOf(event: Parameters<typeof hotkeyOf>[0] & { readonly shiftKey: boolean }, typing: boolean) {
  const key = hotkeyOf(event, typing)
  if (key === null || ['Shift', 'Control', 'Alt', 'Meta', 'CapsLock'].includes(key)) return null
  // `?` and `/` stand on other keys in other layouts: their Shift is no part of them.
  return event.shiftKey && /^\p{L}$/u.test(key) ? `shift+${key}` : key
}

/** So long the first key of two is waited with. */
const pairMs = 1_200

/** Finds the command for one press after the other. Pure but for the time it is given. */
export function createReader() {
  let first: { readonly key: string; readonly at: number } | null = null
  return (press: string, keys: Readonly<Record<CommandId, string>>, now: number): CommandId | null => {
    const pair = first && now - first.at < pairMs ? `${first.key} ${press}` : null
    first = null
    const find = (key: string | null) => commandIds.find((id) => keys[id] === key && key !== '') ?? null
    const found = find(pair) ?? find(press)
    if (!found && commandIds.some((id) => keys[id].startsWith(`${press} `))) first = { key: press, at: now }
    return found
  }
}

/** Listens for the whole page; once, in the frame of everything. */
export function useCommandKeys(): void {
  const { shortcuts } = usePreferences()
  useEffect(() => {
    if (!shortcuts) return
    const read = createReader()
    const listen = (event: KeyboardEvent) => {
      const typing = takesKeys(event.target) || document.querySelector('[role=dialog], [role=alertdialog]') !== null
      const press = pressOf(event, typing)
      const id = press === null ? null : read(press, bindings(preferences().keys), performance.now())
      if (id === null || !run(id)) return
      event.preventDefault()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [shortcuts])
}
