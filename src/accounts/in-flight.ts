import type { Connection } from '../channel/adapter.ts'
import type { Reply } from '../channel/reply.ts'
import { withDelivery } from './channel-log.ts'

export interface CountedConnection {
  readonly connection: Connection
  /** Resolves when no call runs any more. `listen` is not counted: it ends by its own signal. */
  idle(): Promise<void>
}

/**
 * Counts the calls that run, so that an old connection is closed behind the last of them; and puts the name of their
 * delivery on the exchanges of a send. Methods the adapter does not have stay absent.
 */
export function countCalls(connection: Connection): CountedConnection {
  let running = 0
  let waiting: (() => void)[] = []
  const done = () => {
    running -= 1
    if (running > 0) return
    for (const resolve of waiting) resolve()
    waiting = []
  }
  const counted = new Map<PropertyKey, unknown>()
  const wrap = (name: PropertyKey, method: (...args: unknown[]) => unknown) => {
    const forDelivery = name === 'send' || name === 'findSent'
    return (...args: unknown[]) => {
      const call = () => Reflect.apply(method, connection, args)
      running += 1
      let result: unknown
      try {
        result = forDelivery ? withDelivery((args[0] as Reply).deliveryId, call) : call()
      } catch (error) {
        done()
        throw error
      }
      if (result instanceof Promise) result.then(done, done)
      else done()
      return result
    }
  }
  const proxy = new Proxy(connection, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      if (name === 'listen') return value.bind(target)
      if (!counted.has(name)) counted.set(name, wrap(name, value as (...args: unknown[]) => unknown))
      return counted.get(name)
    },
  })
  return {
    connection: proxy,
    idle: () => (running === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}
