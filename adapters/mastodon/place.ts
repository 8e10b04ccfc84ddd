/**
 * Where an answer goes, read from the post it answers at the moment of sending: who may read it, under which warning, whom
 * it has to name. None of that is in an id, an author can change the warning by an edit, and a post that cannot be read
 * cannot be answered either.
 */
import type { Reply } from '#channel/reply.ts'
import { type Api, isOk } from './api.ts'
import { before } from './before.ts'
import { failure, refusalBefore } from './refuse.ts'
import { texts } from './texts.ts'
import { Person, Status } from './types.ts'
import { type Visibility, visibilityOfAnswer } from './visibility.ts'

export interface Place {
  readonly parentId: string
  readonly visibility: Visibility
  readonly warning: string
  /** Whom to name. */
  readonly acct: string
  /** The person's account, and the one it moved to. */
  readonly readers: readonly string[]
}

type Where = Pick<Reply, 'thread' | 'surface' | 'to' | 'inReplyTo'> & { readonly signal?: AbortSignal }

export async function findPlace(api: Api, reply: Where, now: Date): Promise<Place> {
  const parentId = reply.inReplyTo ?? reply.thread.rootId
  if (!parentId) throw failure('rejected', 'invalid', texts.noParent)
  const answer = await before(api, `/api/v1/statuses/${encodeURIComponent(parentId)}`, reply.signal)
  if (!isOk(answer)) throw refusalBefore(answer, now)
  const parent = Status.safeParse(answer.body)
  if (!parent.success) throw failure('retry', 'unreachable', texts.noServer)
  const { visibility, spoiler_text: warning, account } = parent.data
  const person = account.id === reply.to ? account : await findPerson(api, reply, now)
  return {
    parentId: parent.data.id,
    visibility: visibilityOfAnswer(visibility, reply.surface),
    warning,
    // Nobody reads an account that was left.
    acct: person.moved?.acct ?? person.acct,
    readers: person.moved ? [person.id, person.moved.id] : [person.id],
  }
}

/** The post that is answered is not the person's own: the thread's first post, where there is no other yet. */
async function findPerson(api: Api, { to, signal }: Where, now: Date): Promise<Person> {
  const answer = await before(api, `/api/v1/accounts/${encodeURIComponent(to)}`, signal)
  if (!isOk(answer)) throw refusalBefore(answer, now)
  const person = Person.safeParse(answer.body)
  if (!person.success) throw failure('retry', 'unreachable', texts.noServer)
  return person.data
}
