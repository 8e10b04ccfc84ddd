/**
 * Keeps a thread where its reader is: at the end while they are at the end, on the same words while earlier ones are put
 * above, and never jumping when something new comes below.
 */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Message } from '../api/wire.ts'
import { markSeen, noticedMs } from './seen.ts'

const endPx = 60

export function useThreadScroll(
  ticketId: string,
  messages: readonly Message[],
  content: RefObject<HTMLElement | null>,
) {
  const scroller = useRef<HTMLDivElement>(null)
  const last = useRef<{
    readonly first?: string | undefined
    readonly end?: string | undefined
    readonly height: number
  }>({ height: 0 })
  const isAtEnd = useRef(true)
  const [unseen, setUnseen] = useState(0)

  const toEnd = useCallback(() => {
    const element = scroller.current
    if (element) element.scrollTop = element.scrollHeight
    isAtEnd.current = true
    setUnseen(0)
  }, [])

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const first = messages[0]?.id
    const end = messages.at(-1)?.id
    const before = last.current
    const grewAbove =
      before.first !== undefined && first !== before.first && messages.some(({ id }) => id === before.first)
    if (grewAbove) element.scrollTop += element.scrollHeight - before.height
    if (end !== before.end) {
      const news = messages.slice(messages.findIndex(({ id }) => id === before.end) + 1)
      if (isAtEnd.current || before.end === undefined) toEnd()
      else setUnseen((count) => count + news.length)
    }
    last.current = { first, end, height: element.scrollHeight }
  }, [messages, toEnd])

  // Pictures that arrive, text fields that grow: the end stays the end.
  useEffect(() => {
    const element = scroller.current
    if (!element || !content.current) return
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) element.scrollTop = element.scrollHeight
      last.current = { ...last.current, height: element.scrollHeight }
    })
    observer.observe(content.current)
    observer.observe(element)
    return () => observer.disconnect()
  }, [content])

  const newest = messages.reduce((version, message) => Math.max(version, message.version), 0)
  useEffect(() => {
    if (newest === 0 || unseen > 0) return
    const note = () => document.visibilityState === 'visible' && isAtEnd.current && markSeen(ticketId, newest)
    const timer = setTimeout(note, noticedMs)
    document.addEventListener('visibilitychange', note)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', note)
    }
  }, [ticketId, newest, unseen])

  const onScroll = useCallback(() => {
    const element = scroller.current
    if (!element) return
    isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < endPx
    if (isAtEnd.current) setUnseen(0)
  }, [])

  return { scroller, unseen, toEnd, onScroll }
}
