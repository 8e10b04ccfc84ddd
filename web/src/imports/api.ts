import { queryOptions } from '@tanstack/react-query'
import { keys } from '../api/keys.ts'
import { ApiError, toApiError } from '../api/problem.ts'
import { request } from '../api/request.ts'
import type { Import, Uploaded } from '../api/wire.ts'

export type Mapping = Readonly<Record<string, number>>

/** The body is the file itself. A long one takes the server seconds to read. */
export async function uploadFile(accountId: string, file: File): Promise<Uploaded> {
  let response: Response
  try {
    response = await fetch(
      `/api/accounts/${accountId}/imports?${new URLSearchParams({ name: file.name.slice(0, 255) })}`,
      {
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/octet-stream' },
        body: file,
        credentials: 'same-origin',
        signal: AbortSignal.timeout(120_000),
      },
    )
  } catch (error) {
    throw new ApiError(0, 'offline', 'No answer', { cause: error })
  }
  const answer: unknown = await response.json().catch(() => null)
  if (!response.ok) throw toApiError(response.status, answer, response.headers.get('retry-after'))
  return answer as Uploaded
}

export const previewFile = (id: string, mapping: Mapping) =>
  request<Uploaded>(`/api/imports/${id}/preview`, { method: 'POST', body: { mapping }, timeoutMs: 60_000 })

export const startImport = async (id: string, mapping: Mapping) =>
  (
    await request<{ import: Import }>(`/api/imports/${id}/start`, {
      method: 'POST',
      body: { mapping },
      timeoutMs: 60_000,
    })
  ).import

export const discardFile = (id: string) => request(`/api/imports/${id}`, { method: 'DELETE' })

export const badRowsPath = (id: string) => `/api/imports/${id}/bad-rows`

export const importsQuery = (accountId: string) =>
  queryOptions({
    queryKey: keys.imports(accountId),
    queryFn: async ({ signal }) =>
      (await request<{ imports: Import[] }>(`/api/accounts/${accountId}/imports`, { signal })).imports,
  })

/** Asked again each second until it is over. */
export const importQuery = (id: string) =>
  queryOptions({
    queryKey: keys.import(id),
    queryFn: async ({ signal }) => (await request<{ import: Import }>(`/api/imports/${id}`, { signal })).import,
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : 1_000),
  })

export const isOver = ({ state }: Pick<Import, 'state'>): boolean => state === 'done' || state === 'failed'
