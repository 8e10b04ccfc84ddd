import type { Deps } from '../deps.ts'
import type { Actor } from './actor.ts'
import { stillValid } from './resolve.ts'

/** How long a question waits for others to be asked with it. */
const gatherMs = 50

/**
 * Whether an actor may go on with what it began (an open stream). Questions that come close together are one read: five
 * hundred desks asked every few seconds cost no more than one.
 */
export function batchStillValid({ db, now }: Pick<Deps, 'db' | 'now'>): (actor: Actor) => Promise<boolean> {
  let waiting: { actors: Actor[]; answer: Promise<Set<Actor>> } | null = null
  return async (actor) => {
    if (!waiting) {
      const batch: Actor[] = []
      const answer = new Promise<Set<Actor>>((resolve, reject) => {
        setTimeout(() => {
          waiting = null
          stillValid(db, batch, now()).then(resolve, reject)
        }, gatherMs)
      })
      waiting = { actors: batch, answer }
    }
    waiting.actors.push(actor)
    return (await waiting.answer).has(actor)
  }
}
