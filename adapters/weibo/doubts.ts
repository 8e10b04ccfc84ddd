/** When a reply in doubt was sent: of replies that went well, and of those that certainly did not, nothing is kept. */
import { SendError } from '#channel/errors.ts'
import type { Reply, Sent } from '#channel/reply.ts'
import type { Tools } from '#channel/tools.ts'

export interface Tried {
  /** Any of the attempts may be the one that arrived. */
  readonly first: Date
  readonly last: Date
}

export interface Doubts {
  /** Makes a note of an attempt that ends in doubt. */
  watch(reply: Reply, attempt: () => Promise<Sent>): Promise<Sent>
  /** Null where the process died before it could make one. */
  of(deliveryId: string): Promise<Tried | null>
  forget(deliveryId: string): Promise<void>
}

/** Shared by all nodes: another one may look for it. */
export function createDoubts({ state, now, log }: Pick<Tools, 'state' | 'now' | 'log'>): Doubts {
  const keyOf = (deliveryId: string) => `doubt:${deliveryId}`

  async function of(deliveryId: string): Promise<Tried | null> {
    const [first, last] = ((await state.get(keyOf(deliveryId))) ?? '').split(' ').map(readSecond)
    return first && last ? { first, last } : null
  }

  return {
    of,
    forget: (deliveryId) => state.delete(keyOf(deliveryId)),
    async watch(reply, attempt) {
      const began = now()
      try {
        return await attempt()
      } catch (error) {
        if (!(error instanceof SendError) || error.outcome !== 'unknown' || reply.surface === 'direct') throw error
        try {
          const first = (await of(reply.deliveryId))?.first ?? began
          await state.set(keyOf(reply.deliveryId), [first, began].map(writeSecond).join(' '))
        } catch {
          // What is known of the send matters more: then a person decides.
          log.warn({ deliveryId: reply.deliveryId }, 'weibo: the time of a reply in doubt could not be kept')
        }
        throw error
      }
    },
  }
}

/** Short, so that it is not taken for a secret. */
const writeSecond = (at: Date): string => Math.floor(at.getTime() / 1000).toString(36)
const readSecond = (text: string): Date | null =>
  /^[0-9a-z]{5,8}$/u.test(text) ? new Date(Number.parseInt(text, 36) * 1000) : null
