/** The contact behind an identity, as the puppet knows it in this session. Asking sends nothing: what fails here may be tried again. */
import { SendError } from '#channel/errors.ts'
import { failureOf } from './failure.ts'
import { lookupOf, type Place } from './ids.ts'
import type { PuppetLike } from './sdk-types.ts'
import { contactOf } from './snapshot.ts'
import { texts } from './texts.ts'
import type { Contact } from './types.ts'
import { within } from './wait.ts'

const searchMs = 5000

export async function personAt(puppet: PuppetLike, { roomId, person }: Place): Promise<Contact> {
  const lookup = lookupOf(person)
  const id = lookup ? await theOne(puppet, lookup) : person
  // Its name is wanted in a room alone.
  const contact = roomId === null ? null : await contactOf(puppet, new AbortController().signal, id)
  return contact ?? { id, name: null, alias: null, weixin: null, avatar: null, type: null }
}

/** Looked up each time: a remark name that two people have by now must not bring an answer to the wrong one. */
async function theOne(puppet: PuppetLike, query: { weixin: string } | { alias: string }): Promise<string> {
  let found: string[]
  try {
    found = await within(searchMs, puppet.contactSearch(query), () => new Error('the puppet is silent'))
  } catch (error) {
    throw new SendError('retry', 'unreachable', { text: texts.unreachable, cause: failureOf(error, true) })
  }
  const [first, second] = found
  if (first === undefined) throw new SendError('rejected', 'gone', { text: texts.nobody })
  if (second !== undefined) throw new SendError('rejected', 'invalid', { text: texts.ambiguous })
  return first
}
