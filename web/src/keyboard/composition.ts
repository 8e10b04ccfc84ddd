/**
 * Input methods use Enter, Esc and Tab to pick a candidate; those presses belong to them.
 *
 * Chromium and Firefox say so by `isComposing` or key code 229. Safari ends the composition *before* the key press that
 * ended it, so the press right after `compositionend` is theirs too: the flag falls in the next task, not at once.
 */
export interface Composition {
  start(): void
  end(): void
  /** True when this key press belongs to the input method. */
  owns(event: { readonly isComposing: boolean; readonly keyCode: number }): boolean
  /** Text is being composed: no saving, no rewriting. */
  readonly active: boolean
}

export function createComposition(later: (fn: () => void) => void = (fn) => setTimeout(fn, 0)): Composition {
  let active = false
  let justEnded = false
  return {
    start() {
      active = true
      justEnded = false
    },
    end() {
      active = false
      justEnded = true
      later(() => {
        justEnded = false
      })
    },
    owns: (event) => active || justEnded || event.isComposing || event.keyCode === 229,
    get active() {
      return active
    },
  }
}
