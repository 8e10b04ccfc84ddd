import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { isViewName, readInboxSearch } from '../inbox/views.ts'

/** Opens another conversation beside the list that is shown. */
export function useOpenTicket(): (ticketId: string) => void {
  const navigate = useNavigate()
  const { view = 'all' } = useParams({ strict: false })
  const search = readInboxSearch(useSearch({ strict: false }))
  return (ticketId) =>
    void navigate({ to: '/inbox/$view/$ticketId', params: { view: isViewName(view) ? view : 'all', ticketId }, search })
}
