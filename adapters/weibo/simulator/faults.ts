/** What goes wrong, as scripted. */

export type Fault =
  /** Weibo's own error, with nothing done. `asText`: the code as a string. */
  | { readonly kind: 'refuse'; readonly code: number; readonly asText?: boolean; readonly status?: number }
  /** Done, but said to be late (20032): lists show it after `showAfterMs`. */
  | { readonly kind: 'late'; readonly showAfterMs: number }
  | { readonly kind: 'status'; readonly status: number; readonly accepted: boolean; readonly body?: string }
  | { readonly kind: 'silence'; readonly accepted: boolean }
  | { readonly kind: 'reset'; readonly accepted: boolean }
  | { readonly kind: 'cut'; readonly accepted: boolean }
  | { readonly kind: 'garbage'; readonly accepted: boolean; readonly body?: string }

export interface Script {
  /** An interface (`comments/reply`), `send` for all that send, or `*`. */
  readonly at: string
  readonly fault: Fault
  /** Default 1. */
  readonly times?: number
}

export const sending = new Set(['comments/create', 'comments/reply', 'messages/reply'])

export function createFaults() {
  const scripts: { script: Script; left: number }[] = []
  return {
    fail: (script: Script) => void scripts.push({ script, left: script.times ?? 1 }),
    take(name: string): Fault | null {
      const found = scripts.find(
        ({ script: { at }, left }) => left > 0 && (at === '*' || at === name || (at === 'send' && sending.has(name))),
      )
      if (!found) return null
      found.left -= 1
      return found.script.fault
    },
    clear: () => void scripts.splice(0),
  }
}
export type Faults = ReturnType<typeof createFaults>
