/**
 * Reads a conversation before it is opened: when the pointer rests on its row, when the focus comes to it, when it stands
 * next. What was read a moment ago is not read again.
 */
import { type FocusEvent, type MouseEvent, type PointerEvent, useEffect } from 'react'
import { messagesQuery, ticketQuery } from '../api/queries.ts'
import { queryClient } from '../query-client.ts'

/** Shorter is a pointer on its way to somewhere else. */
const restMs = 70

/** A failure is shown when the conversation is really asked for. */
export function readAhead(ticketId: string): void {
  void queryClient.prefetchQuery(ticketQuery(ticketId))
  void queryClient.prefetchInfiniteQuery(messagesQuery(ticketId))
}

/** For whatever holds rows: which one is meant is found where the event happened. */
export function createAhead() {
  let timer: ReturnType<typeof setTimeout> | undefined
  const aim = (target: EventTarget, waitMs: number) => {
    clearTimeout(timer)
    const id = target instanceof Element ? target.closest<HTMLElement>('[data-ticket]')?.dataset.ticket : undefined
    if (id && waitMs === 0) readAhead(id)
    else if (id) timer = setTimeout(() => readAhead(id), waitMs)
  }
  return {
    onPointerOver: ({ target, pointerType }: PointerEvent) => pointerType !== 'touch' && aim(target, restMs),
    onFocus: ({ target }: FocusEvent) => aim(target, restMs),
    onClickCapture: ({ target }: MouseEvent) => aim(target, 0),
  }
}

/** Whoever answers the open one goes on to the next. Its turn comes when nothing of the open one is waited for. */
export function useNextAhead(openId: string | null, nextId: string | null): void {
  useEffect(() => {
    if (!openId || !nextId) return
    let isOver = false
    const begin = async () => {
      await Promise.all([
        queryClient.ensureQueryData(ticketQuery(openId)),
        queryClient.ensureInfiniteQueryData(messagesQuery(openId)),
      ])
      if (!isOver) readAhead(nextId)
    }
    const timer = setTimeout(() => void begin().catch(() => {}), 300)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [openId, nextId])
}
