/** Who did what. Rows are written unchained with the act itself, and sealed into a hash chain by `seal-audit.ts`. */
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { audit } from '../db/schema.ts'
import type { Actor } from './actor.ts'

/** Plain JSON: ids, codes, names of fields, figures. Never a customer's words, an address or a secret. */
export type AuditDetail = Readonly<Record<string, unknown>>

/**
 * Writes one act in the transaction that does it. `action` is `<thing>.<past tense>` (`ticket.assigned`), `subject` is
 * `<thing>:<id>`.
 */
export async function writeAudit(
  tx: Tx | Db,
  actor: Pick<Actor, 'id'>,
  action: string,
  subject: string,
  detail: AuditDetail = {},
): Promise<void> {
  await tx.insert(audit).values({ actor: actor.id, action, subject, detail: clean(detail) })
}

/** jsonb refuses NUL and lone surrogates. */
const clean = (detail: AuditDetail): AuditDetail =>
  JSON.parse(JSON.stringify(detail, (_key, value) => (typeof value === 'string' ? cleanText(value) : value)))
