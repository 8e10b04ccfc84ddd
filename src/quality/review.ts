import { eq, sql } from 'drizzle-orm'
import { type Actor, inScope } from '../auth/actor.ts'
import { writeAudit } from '../auth/audit.ts'
import { cleanText } from '../channel/text.ts'
import { newId } from '../db/id.ts'
import { qualityReviews, qualitySamples } from '../db/schema.ts'
import { conflict, notFound, unprocessable } from '../problem.ts'
import { type Criterion, type Mark, mostMarks, type NewReview } from '../wire-quality.ts'
import { currentSheet, type QualityDeps } from './sheet.ts'

/** Of 100: full marks in everything. */
export function scoreOf(criteria: readonly Criterion[], marks: readonly Mark[]): number {
  const value = new Map(marks.map((mark) => [mark.criterion, mark.value]))
  const weights = criteria.reduce((sum, { weight }) => sum + weight, 0)
  const reached = criteria.reduce((sum, { id, weight }) => sum + weight * (value.get(id) ?? 0), 0)
  return Math.round((100 * reached) / (mostMarks * weights))
}

/**
 * Once for each reviewer and answer. Throws 404, 409 `reviewed_already`, 409 `sheet_changed`, 422 `own_answer`, and 422
 * `marks_incomplete` when a criterion has no mark, or two.
 */
export async function reviewAnswer(
  deps: QualityDeps,
  actor: Actor,
  messageId: string,
  body: NewReview,
): Promise<{ readonly id: string; readonly score: number }> {
  return deps.db.transaction(async (tx) => {
    const [sample] = await tx
      .select()
      .from(qualitySamples)
      .where(sql`${eq(qualitySamples.messageId, messageId)} and ${inScope(actor, qualitySamples.brandId)}`)
    if (!sample) throw notFound('sample')
    if (sample.userId === actor.id) throw unprocessable('own_answer', 'Nobody reviews their own answers.')
    const sheet = await currentSheet(tx)
    if (sheet.version !== body.sheetVersion) {
      throw conflict('sheet_changed', 'The score sheet was changed meanwhile.', { sheet })
    }
    const given = body.marks.map(({ criterion }) => criterion).sort()
    const wanted = sheet.criteria.map(({ id }) => id).sort()
    if (given.join('\n') !== wanted.join('\n')) {
      throw unprocessable('marks_incomplete', 'Every criterion of the sheet needs one mark.')
    }
    const [review] = await tx
      .insert(qualityReviews)
      .values({
        id: newId(),
        messageId,
        reviewerId: actor.id,
        reviewerName: actor.name,
        sheetVersion: sheet.version,
        marks: body.marks,
        score: scoreOf(sheet.criteria, body.marks),
        comment: cleanText(body.comment),
        createdAt: deps.now(),
      })
      .onConflictDoNothing()
      .returning()
    if (!review) throw conflict('reviewed_already', 'You have reviewed this answer already.')
    await writeAudit(tx, actor, 'quality.reviewed', `message:${messageId}`, { score: review.score })
    return { id: review.id, score: review.score }
  })
}
