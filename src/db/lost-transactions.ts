import type { Sql } from './client.ts'

type Work = (tx: object) => unknown
type Begin = (...given: unknown[]) => Promise<unknown>

/**
 * A transaction whose connection was lost is over, though its function may still wait for something else. What that
 * function then says, and the driver's own `rollback` or `commit` after it, would go to the connection's successor,
 * inside a transaction of somebody else. So nothing is let through any more, and the function is never heard to end.
 */
export function endWithConnection(sql: Sql): Sql {
  const begin = Reflect.get(sql, 'begin').bind(sql) as Begin
  const guardedBegin: Begin = (...given) => {
    const work = given.pop() as Work
    let over = false
    const result = begin(...given, async (tx: object) => {
      try {
        const value = await work(guard(tx, () => over))
        return over ? await never() : value
      } catch (error) {
        if (over) await never()
        throw error
      }
    })
    const end = () => {
      over = true
    }
    result.then(end, end)
    return result
  }
  return Object.assign(sql, { begin: guardedBegin }) as Sql
}

function guard(tx: object, isOver: () => boolean): object {
  const check = () => {
    if (isOver()) throw Object.assign(new Error('the connection was lost'), { code: 'CONNECTION_CLOSED' })
  }
  return new Proxy(tx, {
    apply(target, self, args) {
      check()
      return Reflect.apply(target as (...args: unknown[]) => unknown, self, args)
    },
    get(target, name) {
      if (name === 'unsafe' || name === 'savepoint') check()
      return Reflect.get(target, name)
    },
  })
}

const never = () => new Promise<never>(() => {})
