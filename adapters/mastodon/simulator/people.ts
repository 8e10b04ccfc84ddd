/** What people do on the simulated server. */
import { mentionsIn, type SimFile, type SimPerson, type SimPost, type World } from './world.ts'

export interface Draft {
  readonly text: string
  readonly id?: string
  readonly warning?: string
  readonly visibility?: SimPost['visibility']
  readonly replyTo?: string
  readonly files?: readonly Omit<SimFile, 'id' | 'pending'>[]
  readonly poll?: NonNullable<SimPost['poll']>
  readonly quotes?: SimPost
  /** Put aside by the account's policy. */
  readonly filtered?: boolean
}

export interface People {
  meet(person: Partial<SimPerson> & { readonly username: string }): SimPerson
  /** Writes a post; whoever it names is told. */
  write(by: SimPerson, draft: Draft): SimPost
  edit(post: SimPost, text: string): void
  erase(post: SimPost): void
  /** Something else the server tells of: `favourite`, `update`. Returns the notification's id. */
  notify(type: string, from: SimPerson, post: SimPost | null): string
}

export function createPeople(world: World): People {
  let lastNotification = 34_975_000
  function notify(type: string, from: SimPerson, post: SimPost | null, filtered = false): string {
    lastNotification += 1
    const id = String(lastNotification)
    world.notifications.push({ id, type, from, post, filtered })
    return id
  }

  return {
    meet(given) {
      const person = { id: String(20_000 + world.people.length), domain: null, name: given.username, ...given }
      world.people.push(person)
      return person
    },
    write(by, draft) {
      const post: SimPost = {
        id: draft.id ?? world.nextId(),
        by,
        text: draft.text,
        warning: draft.warning ?? '',
        visibility: draft.visibility ?? 'public',
        replyTo: draft.replyTo ?? null,
        files: (draft.files ?? []).map((file) => ({ ...file, id: world.nextId(), pending: 0 })),
        poll: draft.poll ?? null,
        quotes: draft.quotes ?? null,
        createdAt: new Date(),
        editedAt: null,
      }
      world.posts.set(post.id, post)
      // Nobody is told of a mention by themselves.
      if (by !== world.me && mentionsIn(world, post.text).includes(world.me))
        notify('mention', by, post, draft.filtered)
      else if (by !== world.me && post.quotes?.by === world.me) notify('quote', by, post)
      return post
    },
    edit(post, text) {
      post.text = text
      post.editedAt = new Date(Math.max(Date.now(), (post.editedAt?.getTime() ?? 0) + 1))
    },
    erase: (post) => void world.posts.delete(post.id),
    notify,
  }
}
