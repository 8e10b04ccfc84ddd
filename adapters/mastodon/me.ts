/** Which account the token is for. https://docs.joinmastodon.org/methods/accounts/#verify_credentials, read 2026-11-24 */
import { ReadError } from '#channel/errors.ts'
import type { Tools } from '#channel/tools.ts'
import { type Api, isOk } from './api.ts'
import { asReadError, readError } from './refuse.ts'
import { texts } from './texts.ts'
import { Person } from './types.ts'

export async function askWhoWeAre(api: Api, tools: Tools, signal?: AbortSignal, timeoutMs = 8_000): Promise<Person> {
  const answer = await api({
    path: '/api/v1/accounts/verify_credentials',
    timeoutMs,
    ...(signal ? { signal } : {}),
  }).catch((error: unknown) => {
    throw asReadError(error)
  })
  if (!isOk(answer)) throw readError(answer, tools.now())
  const person = Person.safeParse(answer.body)
  if (!person.success) throw new ReadError('later', { text: texts.noServer })
  return person.data
}
