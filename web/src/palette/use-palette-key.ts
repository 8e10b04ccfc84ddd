import { useEffect, useState } from 'react'

const isMac = /mac|iphone|ipad/iu.test(navigator.platform)
/** As this computer's keyboard writes it. */
export const chord = isMac ? '⌘K' : 'Ctrl+K'

/** Ctrl+K or ⌘K, wherever the focus is: a chord is no single key, so the switch for those does not turn it off. */
export function usePaletteKey() {
  const [isOpen, setIsOpen] = useState(false)
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(isMac ? event.metaKey : event.ctrlKey) || event.altKey || event.shiftKey)
        return
      if (event.isComposing || event.keyCode === 229) return
      event.preventDefault()
      setIsOpen((open) => open || document.querySelector('[role=dialog], [role=alertdialog]') === null)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
  return { isOpen, open: () => setIsOpen(true), close: () => setIsOpen(false) }
}
