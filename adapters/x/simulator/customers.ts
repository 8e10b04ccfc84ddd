/** People of the simulated platform, and what they do. */
import type { Deliverer } from './deliver.ts'
import { addMessage } from './messages.ts'
import { sizeOfPicture } from './picture.ts'
import { addPost } from './posts.ts'
import { includesOf, mentionsIn, renderLegacy, renderPerson, renderPost } from './render.ts'
import type { Person, SimMedia, SimPost, World } from './state.ts'

export interface PostOptions {
  readonly replyTo?: string
  readonly quotes?: string
  readonly photos?: readonly Buffer[]
  readonly video?: Buffer
  /** Is listed among the mentions only so much later. */
  readonly listedAfterMs?: number
  /** Takes the account's name out of the head of an answer. */
  readonly untags?: boolean
}

export interface Customer {
  readonly person: Person
  /** Resolves to nothing: the post is there at once. */
  posts(text: string, options?: PostOptions): SimPost
  edits(id: string, text: string): SimPost
  deletes(id: string): void
  /** A direct message. */
  writes(text: string, photo?: Buffer): string
  /** An encrypted one, of which only the envelope is told. */
  writesEncrypted(): string
  /** Has read the account's messages up to this one. */
  reads(messageId: string): void
  types(): void
  /** Takes no more messages. */
  closes(): void
  /** Leaves X: the account is gone, its posts stay referenced. */
  leaves(): void
}

export function customerOf(world: World, deliver: Deliverer, person: Person): Customer {
  world.people.set(person.id, person)
  const { account } = world

  function tell(type: string, post: SimPost): void {
    const { includes } = includesOf(world, [post])
    const users = [...(includes.users as object[]), renderPerson(account)]
    // The post itself stands among what is included, as in X's own samples.
    const tweets = [renderPost(world, post)]
    deliver.push(type, renderPost(world, post), { ...includes, users, tweets })
  }

  function announce(post: SimPost): void {
    const parent = post.replyTo ? world.posts.get(post.replyTo) : undefined
    const quoted = post.quotes ? world.posts.get(post.quotes) : undefined
    // "explicit mentions only", "direct replies only"
    if (mentionsIn(world, post.typed).some(({ id }) => id === account.id)) tell('post.mention.create', post)
    if (parent?.authorId === account.id) tell('post.reply.create', post)
    if (quoted?.authorId === account.id) tell('post.quote.create', post)
  }

  return {
    person,
    posts(text, { replyTo, quotes, photos = [], video, listedAfterMs = 0, untags = false } = {}) {
      const mediaKeys = [
        ...photos.map((bytes) => addMedia(world, 'photo', bytes)),
        ...(video ? [addMedia(world, 'video', video)] : []),
      ]
      const post = addPost(world, {
        authorId: person.id,
        typed: text,
        replyTo: replyTo ?? null,
        quotes: quotes ?? null,
        mediaKeys,
        listedAt: world.now() + listedAfterMs,
        untags: untags ? [account.id] : [],
      })
      announce(post)
      return post
    },
    edits(id, text) {
      const before = world.posts.get(id)
      if (!before) throw new Error('no such post')
      const { replyTo, quotes, mediaKeys } = before
      const post = addPost(world, { authorId: person.id, typed: text, replyTo, quotes, mediaKeys, edits: before })
      announce(post)
      return post
    },
    deletes(id) {
      const first = world.posts.get(id)?.versions[0] ?? id
      world.deleted.add(first)
      deliver.push('post.delete', { id, author_id: person.id })
    },
    writes(text, photo) {
      const mediaKey = photo ? addMedia(world, 'photo', photo) : null
      const message = addMessage(world, { senderId: person.id, recipientId: account.id, text, mediaKey })
      deliver.push('dm.received', renderLegacy(world, message))
      return message.id
    },
    writesEncrypted() {
      const id = `e4f4d3fc-8bbf-4928-92eb-${world.nextId().slice(-12)}`
      deliver.push('chat.received', {
        id,
        conversation_token: 'eyJhbGciOiJIUzI1NiJ9.sealed',
        created_at_msec: String(world.now()),
        sender_id: person.id,
        conversation_id: `${person.id}:${account.id}`,
        conversation_key_version: '1768236281331',
        encoded_event: 'CwABAAAAEzIwODA0MDA4MjUyMjcxMDAxNjAL',
      })
      return id
    },
    reads(messageId) {
      deliver.push('dm.read', {
        direct_message_mark_read_events: [
          {
            created_timestamp: String(world.now()),
            sender_id: person.id,
            target: { recipient_id: account.id },
            last_read_event_id: messageId,
          },
        ],
        users: {},
      })
    },
    types() {
      const event = {
        created_timestamp: String(world.now()),
        sender_id: person.id,
        target: { recipient_id: account.id },
      }
      deliver.push('dm.indicate_typing', { direct_message_indicate_typing_events: [event], users: {} })
    },
    closes: () => void world.closed.add(person.id),
    leaves: () => void world.people.delete(person.id),
  }
}

function addMedia(world: World, kind: SimMedia['kind'], bytes: Buffer): string {
  const key = `${kind === 'photo' ? 3 : 7}_${world.nextId()}`
  const { width, height } = sizeOfPicture(bytes) ?? { width: 720, height: 1280 }
  world.media.set(key, { key, kind, bytes, width, height })
  return key
}
