/** What is read and changed of a person. */
import { queryOptions } from '@tanstack/react-query'
import i18next from 'i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { Contact, ContactField, PersonDetail, PersonMerged } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { toast } from '../ui/toast.ts'

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.contact(id), 'identities'] as const,
    queryFn: ({ signal }) => request<Contact>(`/api/contacts/${id}`, { signal }),
    staleTime: 30_000,
  })

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.contact(id), 'detail'] as const,
    queryFn: ({ signal }) => request<PersonDetail>(`/api/contacts/${id}/detail`, { signal }),
    staleTime: 30_000,
  })

export const fieldsQuery = queryOptions({
  queryKey: keys.contactFields,
  queryFn: async ({ signal }) => (await request<{ fields: ContactField[] }>('/api/contact-fields', { signal })).fields,
  staleTime: 5 * 60_000,
})

/** Everything that shows a person is read again. */
export function readPeopleAgain(): Promise<unknown> {
  queryClient.invalidateQueries({ queryKey: ['ticket'] })
  queryClient.invalidateQueries({ queryKey: keys.queues })
  queryClient.invalidateQueries({ queryKey: keys.counts })
  return queryClient.invalidateQueries({ queryKey: ['contact'] })
}

/** False: it was refused, and that was said. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    await readPeopleAgain()
    return true
  } catch (error) {
    toast(problemText(error, i18next.t), { tone: 'danger' })
    return false
  }
}

export function mergePeople(from: { readonly id: string; readonly name: string }, into: string): Promise<boolean> {
  return attempt(async () => {
    const { mergeId } = await request<PersonMerged>(`/api/contacts/${from.id}/merge`, {
      method: 'POST',
      body: { into },
    })
    toast(i18next.t('person.merged', { name: from.name }), {
      action: { label: i18next.t('ticket.undo'), run: () => void undoPeopleMerge(mergeId) },
      durationMs: 20_000,
    })
  })
}

export function undoPeopleMerge(mergeId: string): Promise<boolean> {
  return attempt(async () => {
    await request<PersonMerged>(`/api/contact-merges/${mergeId}/undo`, { method: 'POST' })
    toast(i18next.t('person.unmerged'))
  })
}
