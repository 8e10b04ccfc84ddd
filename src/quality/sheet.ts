/** The score sheet: what answers are judged by. A change is a new version; reviews keep the one they were made with. */
import { desc } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import type { Db, Tx } from '../db/client.ts'
import { scoreSheets } from '../db/schema.ts'
import { conflict } from '../problem.ts'
import type { Criterion, ScoreSheet, ScoreSheetPut } from '../wire-quality.ts'

export interface QualityDeps {
  readonly db: Db
  readonly now: () => Date
}

const shipped: { readonly criteria: Criterion[]; readonly perAgent: number } = {
  perAgent: 3,
  criteria: [
    { id: 'right', zh: '答复正确，符合政策', en: 'Right, and as the policy has it', weight: 35 },
    {
      id: 'complete',
      zh: '问到的都答了，下一步清楚',
      en: 'Answers all that was asked; the next step is clear',
      weight: 30,
    },
    { id: 'kind', zh: '语气友善，理解客户处境', en: 'Friendly, and sees the customer’s trouble', weight: 20 },
    { id: 'clear', zh: '通顺易懂，没有错别字', en: 'Plain, and without mistakes in writing', weight: 15 },
  ],
}

/** The one in force. There is always one: the shipped one is put down when it is first asked for. */
export async function currentSheet(db: Db | Tx): Promise<ScoreSheet> {
  const read = () => db.select().from(scoreSheets).orderBy(desc(scoreSheets.version)).limit(1)
  let [sheet] = await read()
  if (!sheet) {
    const row = { version: 1, ...shipped, createdBy: 'system', createdAt: new Date() }
    await db.insert(scoreSheets).values(row).onConflictDoNothing()
    ;[sheet] = await read()
  }
  const { version, criteria, perAgent } = sheet!
  return { version, criteria, perAgent }
}

/** Throws 409 `sheet_changed`. */
export async function putSheet(deps: QualityDeps, actor: Actor, put: ScoreSheetPut): Promise<ScoreSheet> {
  return deps.db.transaction(async (tx) => {
    const present = await currentSheet(tx)
    if (present.version !== put.version) throw changed()
    const criteria = put.criteria.map((one) => ({ ...one, zh: cleanText(one.zh), en: cleanText(one.en) }))
    const version = present.version + 1
    const row = { version, criteria, perAgent: put.perAgent, createdBy: actor.id, createdAt: deps.now() }
    // Of two who save at once the second finds the version taken.
    const saved = await tx.insert(scoreSheets).values(row).onConflictDoNothing().returning()
    if (saved.length === 0) throw changed()
    await writeAudit(tx, actor, 'quality.sheet_changed', `score_sheet:${version}`, { criteria: criteria.length })
    return { version, criteria, perAgent: put.perAgent }
  })
}

const changed = () => conflict('sheet_changed', 'The score sheet was changed meanwhile.')
