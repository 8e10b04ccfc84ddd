import type { FastifyBaseLogger } from 'fastify'
import { type Db, isUnavailable } from '../db/client.ts'
import type { Seal } from '../seal.ts'
import { sealAudit } from './seal-audit.ts'

const EACH_MS = 1_000

/** Seals what was audited, once a second, on whichever node is first; the others find nothing to do. */
export function startAuditSealer({ db, seal, log }: { db: Db; seal: Seal; log: FastifyBaseLogger }) {
  let running: Promise<void> | null = null
  const timer = setInterval(() => {
    running ??= round().finally(() => {
      running = null
    })
  }, EACH_MS)

  async function round(): Promise<void> {
    try {
      await sealAudit(db, seal)
    } catch (error) {
      // The next second tries again; rows wait unsealed meanwhile.
      if (!isUnavailable(error)) log.error({ err: error }, 'audit: sealing failed')
    }
  }

  return {
    async stop(): Promise<void> {
      clearInterval(timer)
      await running
      await round()
    },
  }
}
