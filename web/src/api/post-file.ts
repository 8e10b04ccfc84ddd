/** One request whose body is a file itself. A long one takes the server seconds to read. */
import { ApiError, toApiError } from './problem.ts'

export async function postFile<T>(path: string, file: File): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/octet-stream' },
      body: file,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(120_000),
    })
  } catch (error) {
    throw new ApiError(0, 'offline', 'No answer', { cause: error })
  }
  const answer: unknown = await response.json().catch(() => null)
  if (!response.ok) throw toApiError(response.status, answer, response.headers.get('retry-after'))
  return answer as T
}
