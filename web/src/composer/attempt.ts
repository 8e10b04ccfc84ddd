/**
 * The same words are handed in under the same key, so that a reply whose answer was lost on the way is not sent twice.
 * The first request may have had its effect: the repeat has to be that request, to the letter, even if the agent has
 * seen more of the conversation meanwhile.
 */
import type { NewReply } from '../api/wire.ts'

export interface Attempt<Body = NewReply> {
  readonly key: string
  readonly body: Body
}

/** `last` is the request that got no answer, if there is one. */
export function attemptFor<Body extends object>(last: Attempt<Body> | null, wanted: Body): Attempt<Body> {
  return last && words(last.body) === words(wanted) ? last : { key: newKey(), body: wanted }
}

/** What the agent decided; what they had seen is not part of it. */
function words(body: object): string {
  const { seenVersion: _, ...rest } = body as Partial<NewReply>
  return JSON.stringify(rest, Object.keys(rest).sort())
}

/** `crypto.randomUUID` exists in secure contexts only, and desks run on plain http in a company's network. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
