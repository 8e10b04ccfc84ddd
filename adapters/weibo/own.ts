/** Who we are, and what other people are called. */
import type { Author } from '#channel/events.ts'
import type { CallOptions } from './api.ts'
import type { Calls } from './calls.ts'
import { field } from './plain-text.ts'
import type { Settings } from './settings.ts'
import { Id } from './types.ts'

export interface Own {
  /** Null while nobody has been asked. */
  uid(): string | null
  /** Asks Weibo when it is not known yet: without it our own words would become tickets. Rejects with `ReadError`. */
  ask(options: CallOptions & { readonly purpose: 'read' | 'reply' }): Promise<string | null>
  learn(uid: string): void
}

export function createOwn(settings: Pick<Settings, 'uid'>, calls: Calls): Own {
  let known: string | null = settings.uid || null
  let asking: Promise<string | null> | null = null
  return {
    uid: () => known,
    async ask(options) {
      if (known !== null) return known
      // Three lists begin at once, and one call is enough for them.
      asking ??= calls.read('account/get_uid', {}, options).then(uidIn)
      try {
        known = await asking
        return known
      } finally {
        asking = null
      }
    },
    learn: (uid) => {
      known ??= uid
    },
  }
}

export function uidIn(answer: unknown): string | null {
  const uid = Id.safeParse(field(answer, 'uid'))
  return uid.success ? uid.data : null
}

export interface People {
  remember(person: Author): void
  of(uid: string): Author | null
}

/** Private messages tell an id alone. Whoever wrote in public before has a name and a face already. */
export function createPeople(most = 5000): People {
  const people = new Map<string, Author>()
  return {
    remember(person) {
      people.delete(person.externalId)
      people.set(person.externalId, person)
      const [oldest] = people.keys()
      if (people.size > most && oldest !== undefined) people.delete(oldest)
    },
    of: (uid) => people.get(uid) ?? null,
  }
}
