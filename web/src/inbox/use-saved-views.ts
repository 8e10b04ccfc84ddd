/** The saved views, and keeping, renaming and deleting them. */
import { useQuery } from '@tanstack/react-query'
import i18next from 'i18next'
import { keys } from '../api/keys.ts'
import { savedViewsQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { NewSavedView, SavedView } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { toast } from '../ui/toast.ts'
import { isViewName, type ViewName } from './views.ts'

export type KnownView = SavedView & { readonly view: ViewName }

/** Those this desk knows how to show. */
export function useSavedViews(): readonly KnownView[] {
  const { data = [] } = useQuery(savedViewsQuery)
  return data.filter((one): one is KnownView => isViewName(one.view))
}

/** Throws what the server says. */
export async function saveView(body: NewSavedView, id?: string): Promise<void> {
  await (id === undefined
    ? request<SavedView>('/api/views', { method: 'POST', body })
    : request<SavedView>(`/api/views/${id}`, { method: 'PUT', body }))
  await queryClient.invalidateQueries({ queryKey: keys.savedViews })
}

/** At once, with a way back. */
export function deleteView({ id, name, view, search, shared }: SavedView): void {
  const { t } = i18next
  const fail = (error: unknown) => toast(problemText(error, t), { tone: 'danger' })
  const again = () => void saveView({ name, view, search, shared }).catch(fail)
  request(`/api/views/${id}`, { method: 'DELETE' })
    .then(() => toast(t('saved.deleted', { name }), { action: { label: t('saved.undo'), run: again } }), fail)
    .finally(() => queryClient.invalidateQueries({ queryKey: keys.savedViews }))
}
