/** A bot's queue of updates, and getUpdates on it, as tdlib/telegram-bot-api keeps it (Client.cpp, TQueue @01a3679). */
import { Refusal } from './refusal.ts'
import { randomUpdateId } from './state.ts'

export interface QueuedUpdate {
  readonly id: number
  readonly kind: string
  readonly body: Readonly<Record<string, unknown>>
  /** One first-in-first-out line each: chat and kind. */
  readonly line: string
  readonly at: number
}

export interface UpdateQueue {
  /** Null when the kind is not among the allowed ones: it is lost then, as it is at Telegram. */
  push(kind: string, payload: unknown, line: string): number | null
  /** As it is, any shape. */
  pushRaw(body: Readonly<Record<string, unknown>>): number
  allow(kinds: readonly string[]): void
  allowed(): readonly string[]
  /** Long poll. Rejects with a 409 when another one takes over. */
  read(options: { offset: number; limit: number; timeoutSeconds: number; closed: AbortSignal }): Promise<object[]>
  /** Ends a waiting poll: a webhook is being set. */
  interrupt(): void
  pending(): readonly QueuedUpdate[]
  forget(id: number): void
  clear(): void
  /** After a quiet week the numbers go on somewhere else. */
  jumpTo(nextId: number): void
  onPush(listener: () => void): void
}

/** By default all but these. https://core.telegram.org/bots/api#getupdates */
const notByDefault = new Set(['chat_member', 'message_reaction', 'message_reaction_count'])

export function createUpdateQueue(speed: number): UpdateQueue {
  let queue: QueuedUpdate[] = []
  let nextId = randomUpdateId()
  let allowed: readonly string[] = []
  let waiting: { wake: () => void; refuse: (error: Refusal) => void } | null = null
  let previous: { offset: number; at: number } | null = null
  const listeners: (() => void)[] = []

  function add(kind: string, body: Readonly<Record<string, unknown>>, line: string, id: number): number {
    queue.push({ id, kind, body: { update_id: id, ...body }, line, at: Date.now() })
    waiting?.wake()
    for (const listener of listeners) listener()
    return id
  }

  function from(offset: number, limit: number): QueuedUpdate[] {
    const head = queue[0]
    if (!head) return []
    if (offset < 0) {
      queue = queue.slice(offset)
      return queue.slice(0, limit)
    }
    // An offset of the future is one from before the numbers jumped: reading starts at the head.
    if (offset === 0 || offset > nextId + 10) return queue.slice(0, limit)
    queue = queue.filter(({ id }) => id >= offset)
    return queue.slice(0, limit)
  }

  return {
    push(kind, payload, line) {
      const wanted = allowed.length > 0 ? allowed.includes(kind) : !notByDefault.has(kind)
      return wanted ? add(kind, { [kind]: payload }, line, nextId++) : null
    },
    pushRaw(body) {
      const id = typeof body.update_id === 'number' ? body.update_id : nextId++
      if (id >= nextId) nextId = id + 1
      const kind = Object.keys(body).find((key) => key !== 'update_id') ?? ''
      return add(kind, body, `raw:${id}`, id)
    },
    allow(kinds) {
      allowed = kinds
    },
    allowed: () => allowed,
    async read({ offset, limit, timeoutSeconds, closed }) {
      const now = Date.now()
      // Whoever asks the same again at once gets one, and waits a little: a loop without a pause is slowed down.
      const again = previous?.offset === offset ? now - previous.at : Number.POSITIVE_INFINITY
      const seconds = again < 3000 / speed ? Math.max(timeoutSeconds, 3 / speed) : timeoutSeconds
      const most = again < 500 / speed ? 1 : limit
      previous = { offset, at: now }
      const found = from(offset, most)
      if (found.length > 0 || seconds === 0) return found.map(({ body }) => body)
      waiting?.refuse(
        new Refusal(
          409,
          'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
        ),
      )
      const mine = Promise.withResolvers<void>()
      const place = { wake: mine.resolve, refuse: mine.reject }
      waiting = place
      const timer = setTimeout(mine.resolve, seconds * 1000)
      closed.addEventListener('abort', mine.resolve as () => void, { once: true })
      try {
        await mine.promise
      } finally {
        clearTimeout(timer)
        if (waiting === place) waiting = null
      }
      return from(offset, limit).map(({ body }) => body)
    },
    interrupt() {
      waiting?.refuse(new Refusal(409, 'Conflict: terminated by setWebhook request'))
    },
    pending: () => queue,
    forget(id) {
      queue = queue.filter((update) => update.id !== id)
    },
    clear() {
      queue = []
    },
    jumpTo(id) {
      nextId = id
    },
    onPush(listener) {
      listeners.push(listener)
    },
  }
}
