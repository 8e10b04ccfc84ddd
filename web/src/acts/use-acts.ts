import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { allColleaguesQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { TicketAct } from '../api/wire.ts'
import { actText } from './act-text.ts'

export interface ActLine {
  readonly id: number
  readonly at: number
  readonly text: string
}

const actsQuery = (ticketId: string) =>
  queryOptions({
    queryKey: keys.acts(ticketId),
    queryFn: async ({ signal }) =>
      (await request<{ acts: TicketAct[] }>(`/api/tickets/${ticketId}/history`, { signal, later: true })).acts,
    staleTime: 30_000,
  })

/** What was done to the conversation, oldest first, as it stands between the messages. */
export function useActs(ticketId: string): readonly ActLine[] {
  const { t, i18n } = useTranslation()
  const { data } = useQuery(actsQuery(ticketId))
  const { data: colleagues } = useQuery(allColleaguesQuery)
  return useMemo(() => {
    const nameOf = (id: string) => colleagues?.find((one) => one.id === id)?.name ?? id
    return (data ?? []).flatMap((act) => {
      const text = actText(act, t, i18n.language, nameOf)
      return text === null ? [] : [{ id: act.id, at: Date.parse(act.at), text }]
    })
  }, [data, colleagues, t, i18n.language])
}

/** The acts before each message, and those behind the last. Those before what was read are left away while there is more. */
export function actsBetween(
  acts: readonly ActLine[],
  times: readonly number[],
  isWhole: boolean,
): readonly (readonly ActLine[])[] {
  const places: ActLine[][] = Array.from({ length: times.length + 1 }, () => [])
  for (const act of acts) {
    const index = times.findIndex((time) => time > act.at)
    const place = index === -1 ? times.length : index
    if (place > 0 || isWhole) places[place]!.push(act)
  }
  return places
}
