/** Writes down whose desk is open on this node: once a minute for all of them, and when one opens or closes. */
import type { FastifyBaseLogger } from 'fastify'
import type { Db } from '../db/client.ts'
import { seen } from './agents.ts'

export interface Attendance {
  /** A desk of this user opened; call what it returns when it is closed. */
  enter(userId: string): () => void
  close(): Promise<void>
}

const beatMs = 60_000

export function createAttendance(deps: {
  readonly db: Db
  readonly now: () => Date
  readonly nudge: () => void
  readonly log: Pick<FastifyBaseLogger, 'warn'>
}): Attendance {
  const open = new Map<string, number>()
  let writing: Promise<void> = Promise.resolve()
  const timer = setInterval(() => write([...open.keys()]), beatMs).unref()

  function write(userIds: readonly string[]): void {
    writing = writing.then(async () => {
      try {
        if (await seen(deps.db, userIds, deps.now())) deps.nudge()
      } catch (error) {
        // The next beat says it again; until then they are away by at most one.
        deps.log.warn({ err: error }, 'whose desk is open could not be written down')
      }
    })
  }

  return {
    enter(userId) {
      open.set(userId, (open.get(userId) ?? 0) + 1)
      write([userId])
      return () => {
        const left = (open.get(userId) ?? 1) - 1
        if (left > 0) open.set(userId, left)
        else open.delete(userId)
        write([userId])
      }
    },
    async close() {
      clearInterval(timer)
      await writing
    },
  }
}
