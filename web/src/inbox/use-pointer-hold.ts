/** True while the pointer is at work over an element: moving, scrolling or pressing, and for a moment after. */
import { useEffect, useRef, useState } from 'react'

const restMs = 2_500

export function usePointerHold() {
  const [held, setHeld] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const touch = () => {
    setHeld(true)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setHeld(false), restMs)
  }
  const release = () => {
    clearTimeout(timer.current)
    setHeld(false)
  }
  return {
    held,
    release,
    handlers: { onPointerMove: touch, onPointerDown: touch, onWheel: touch, onPointerLeave: release },
  }
}
