import type { FastifyBaseLogger } from 'fastify'
import { type Db, isUnavailable } from '../db/client.ts'
import type { Seal } from '../seal.ts'
import { type AuditHead, sealAudit } from './seal-audit.ts'

const EACH_MS = 1_000
const ANCHOR_MS = 300_000

/** Seals what was audited, once a second, on whichever node is first; the others find nothing to do. */
export function startAuditSealer({ db, seal, log }: { db: Db; seal: Seal; log: FastifyBaseLogger }) {
  let running: Promise<void> | null = null
  let anchored = { seq: 0, at: Number.NEGATIVE_INFINITY }
  const timer = setInterval(() => {
    running ??= round().finally(() => {
      running = null
    })
  }, EACH_MS)

  async function round(): Promise<void> {
    try {
      const result = await sealAudit(db, seal)
      if (result) anchor(result.head)
    } catch (error) {
      // The next second tries again; rows wait unsealed meanwhile.
      if (!isUnavailable(error)) log.error({ err: error }, 'audit: sealing failed')
    }
  }

  /** A log that leaves the machine shows what `verifyAudit` cannot: a whole database put back to an earlier state. */
  function anchor(head: AuditHead): void {
    if (head.seq === anchored.seq || performance.now() - anchored.at < ANCHOR_MS) return
    anchored = { seq: head.seq, at: performance.now() }
    log.info({ seq: head.seq, hash: head.hash }, 'audit: head of the chain')
  }

  return {
    async stop(): Promise<void> {
      clearInterval(timer)
      await running
      await round()
    },
  }
}
