import type { Connection } from '../channel/adapter.ts'
import { withDelivery } from './channel-log.ts'

export interface CountedConnection {
  readonly connection: Connection
  /** Resolves when no call runs any more. `listen` is not counted: it ends by its own signal. */
  idle(): Promise<void>
}

/** The compiler asks for a line here for every method of the contract. */
const methods: { readonly [name in keyof Required<Connection>]: 'counted' | 'uncounted' } = {
  webhook: 'counted',
  streams: 'counted',
  poll: 'counted',
  listen: 'uncounted',
  reread: 'counted',
  externalIdOf: 'counted',
  openFile: 'counted',
  enter: 'counted',
  send: 'counted',
  acknowledge: 'counted',
  typing: 'counted',
  findSent: 'counted',
  sameText: 'counted',
  edit: 'counted',
  remove: 'counted',
  download: 'counted',
  check: 'counted',
  release: 'counted',
  close: 'uncounted',
}

type Method = (...args: unknown[]) => unknown

/**
 * Counts the calls that run, so that an old connection is closed behind the last of them; and writes down with the
 * exchanges of a send which delivery they were made for. Methods the adapter does not have stay absent.
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
  const counting =
    (call: Method): Method =>
    (...args) => {
      running += 1
      let result: unknown
      try {
        result = call(...args)
      } catch (error) {
        done()
        throw error
      }
      if (result instanceof Promise) result.then(done, done)
      else done()
      return result
    }

  const wrapped: Record<string, Method> = {}
  for (const [name, kind] of Object.entries(methods)) {
    const method: unknown = Reflect.get(connection, name)
    if (typeof method !== 'function') continue
    const call: Method = (...args) => Reflect.apply(method, connection, args)
    wrapped[name] = kind === 'counted' ? counting(call) : call
  }
  for (const name of ['send', 'findSent']) {
    const call = wrapped[name]
    if (call)
      wrapped[name] = (...args) => withDelivery((args[0] as { deliveryId: string }).deliveryId, () => call(...args))
  }
  return {
    connection: wrapped as unknown as Connection,
    idle: () => (running === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}
