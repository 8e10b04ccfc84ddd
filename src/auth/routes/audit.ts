import { z } from 'zod'
import type { App } from '../../deps.ts'
import { AuditEntry } from '../../wire.ts'
import { listAudit } from '../list-audit.ts'
import type { AuthRouteDeps } from '../routes.ts'
import { verifyAudit } from '../seal-audit.ts'

const tags = ['Audit']
const Verdict = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), head: z.object({ seq: z.int(), hash: z.string() }) }),
  z.object({ ok: z.literal(false), seq: z.int(), reason: z.enum(['changed', 'missing', 'cut']) }),
])

export async function auditRoutes(app: App, { db, seal }: AuthRouteDeps): Promise<void> {
  app.get(
    '/api/audit',
    {
      config: { access: 'administrator' },
      schema: {
        tags,
        summary: 'Who did what, newest first',
        querystring: z.strictObject({
          actor: z.string().max(100).optional(),
          action: z.string().max(100).optional(),
          subject: z.string().max(200).optional(),
          after: z.string().max(500).optional(),
          limit: z.coerce.number().int().min(1).max(100).default(50),
        }),
        response: { 200: z.object({ entries: z.array(AuditEntry), next: z.string().nullable() }) },
      },
    },
    async (request) => listAudit(db, request.query),
  )

  app.get(
    '/api/audit/verify',
    {
      config: { access: 'administrator' },
      schema: { tags, summary: 'Check the hash chain from its first entry to its head', response: { 200: Verdict } },
    },
    async () => verifyAudit(db, seal),
  )
}
