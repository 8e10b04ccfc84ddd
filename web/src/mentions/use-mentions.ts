/** The mentions as they are shown: held still while somebody points at them. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import type { Mention } from '../api/wire.ts'
import { type HeldList, holdOrder } from '../inbox/held-order.ts'
import { mentionsQuery } from './queries.ts'
import type { MentionSearch } from './search.ts'

export function useMentions(search: MentionSearch, held: boolean) {
  const result = useInfiniteQuery(mentionsQuery(search))
  const fresh = useMemo(() => {
    // One that came between two reads moved the others: it stands on both pages.
    const all = new Map((result.data?.pages ?? []).flatMap(({ mentions }) => mentions).map((one) => [one.id, one]))
    return [...all.values()]
  }, [result.data])
  const shown = useRef<{ readonly search: MentionSearch; readonly rows: readonly Mention[] }>({ search, rows: [] })
  const list = useMemo((): HeldList<Mention> => {
    const holds = held && shown.current.search === search && shown.current.rows.length > 0
    const next = holds ? holdOrder(shown.current.rows, fresh) : { rows: fresh, pending: 0 }
    shown.current = { search, rows: next.rows }
    return next
  }, [fresh, held, search])
  return { ...result, rows: list.rows, pending: list.pending }
}
