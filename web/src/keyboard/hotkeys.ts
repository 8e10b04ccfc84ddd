/** Single-letter shortcuts, outside of every field and dialog. */
interface Press {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly isComposing: boolean
  readonly keyCode: number
  readonly defaultPrevented: boolean
  readonly repeat: boolean
}

/** The shortcut a press stands for, or null. `?` needs Shift on most keyboards, so Shift is not looked at. */
export function hotkeyOf(press: Press, typing: boolean): string | null {
  if (typing || press.defaultPrevented || press.isComposing || press.keyCode === 229) return null
  if (press.ctrlKey || press.metaKey || press.altKey) return null
  return press.key.length === 1 ? press.key.toLowerCase() : press.key
}

/** Letters pressed there are text, or belong to a menu's own typing. */
export function takesKeys(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  return (
    target.closest(
      'input, textarea, select, [contenteditable=true], [role=menu], [role=listbox], [role=dialog], [role=alertdialog]',
    ) !== null
  )
}
