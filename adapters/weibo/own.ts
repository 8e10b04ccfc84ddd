/** Who we are, and what other people are called. */
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

export interface Names {
  remember(uid: string, name: string): void
  of(uid: string): string | null
}

/** Private messages tell an id alone. Whoever wrote in public before has a name already. */
export function createNames(most = 5000): Names {
  const names = new Map<string, string>()
  return {
    remember(uid, name) {
      names.delete(uid)
      names.set(uid, name)
      const [oldest] = names.keys()
      if (names.size > most && oldest !== undefined) names.delete(oldest)
    },
    of: (uid) => names.get(uid) ?? null,
  }
}
