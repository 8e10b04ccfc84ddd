/** The rows of the queue, as they are shown: held still while somebody points at them. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import { queueQuery } from '../api/queries.ts'
import type { Ticket } from '../api/wire.ts'
import { assume, usePendingPatches } from '../ticket/patch.ts'
import { type HeldList, holdOrder } from './held-order.ts'
import type { QueueQuery } from './views.ts'

export function useQueue(query: QueueQuery, held: boolean) {
  const result = useInfiniteQuery(queueQuery(query))
  const patches = usePendingPatches()
  const fresh = useMemo(() => {
    const seen = new Set<string>()
    const rows: Ticket[] = []
    for (const page of result.data?.pages ?? []) {
      for (const ticket of page.tickets) {
        // A ticket that moved between two reads stands on both pages.
        if (seen.has(ticket.id)) continue
        seen.add(ticket.id)
        rows.push(assume(ticket, patches))
      }
    }
    return rows
  }, [result.data, patches])

  const unread = useMemo(() => new Set((result.data?.pages ?? []).flatMap((page) => page.unread)), [result.data])

  // What stands on the screen belongs to one query; another view starts with its own order.
  const shown = useRef<{ readonly query: QueueQuery; readonly rows: readonly Ticket[] }>({ query, rows: [] })
  const list = useMemo((): HeldList<Ticket> => {
    const holds = held && shown.current.query === query && shown.current.rows.length > 0
    const next = holds ? holdOrder(shown.current.rows, fresh) : { rows: fresh, pending: 0 }
    shown.current = { query, rows: next.rows }
    return next
  }, [fresh, held, query])

  return { ...result, rows: list.rows, pending: list.pending, unread }
}
