import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { messagesQuery } from '../api/queries.ts'

/** The messages of a ticket, oldest first, as far back as they were read. */
export function useMessages(ticketId: string) {
  const result = useInfiniteQuery(messagesQuery(ticketId))
  const messages = useMemo(() => {
    const seen = new Set<string>()
    // Pages are newest first; a message that moved between two reads stands on both.
    const all = (result.data?.pages ?? []).toReversed().flatMap((page) => page.messages)
    return all.filter(({ id }) => !seen.has(id) && seen.add(id))
  }, [result.data])
  return { ...result, messages }
}
