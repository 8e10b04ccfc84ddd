/** The wire shapes of quality review: answers drawn by chance, judged by a score sheet. */
import { z } from 'zod'

const Id = z.uuid()
const Time = z.iso.datetime()
const Person = z.object({ id: z.string(), name: z.string() })

/** One thing an answer is judged by: 0 (not at all) to 4 (fully), weighed against the others. */
export const Criterion = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/u),
  zh: z.string().trim().min(1).max(200),
  en: z.string().trim().min(1).max(200),
  weight: z.int().min(1).max(100),
})
export type Criterion = z.infer<typeof Criterion>

export const mostMarks = 4
export const Mark = z.strictObject({ criterion: z.string().max(40), value: z.int().min(0).max(mostMarks) })
export type Mark = z.infer<typeof Mark>

const distinct = (criteria: readonly Criterion[]) => new Set(criteria.map(({ id }) => id)).size === criteria.length

export const ScoreSheetPut = z.strictObject({
  /** The version that was changed: 409 `sheet_changed` when it is another by now. 0: there was none. */
  version: z.int().min(0),
  criteria: z.array(Criterion).min(1).max(12).refine(distinct, { error: 'every criterion needs an id of its own' }),
  perAgent: z.int().min(1).max(50),
})
export type ScoreSheetPut = z.infer<typeof ScoreSheetPut>

export const ScoreSheet = z
  .object({ version: z.int(), criteria: z.array(Criterion), perAgent: z.int() })
  .meta({ id: 'ScoreSheet' })
export type ScoreSheet = z.infer<typeof ScoreSheet>

export const Review = z
  .object({
    id: Id,
    /** Null: not for the reader to know. */
    reviewer: Person.nullable(),
    sheet: ScoreSheet,
    marks: z.array(Mark),
    score: z.int(),
    comment: z.string(),
    createdAt: Time,
  })
  .meta({ id: 'Review' })
export type Review = z.infer<typeof Review>

export const Sample = z
  .object({
    messageId: Id,
    ticketId: Id,
    number: z.int(),
    brandId: Id,
    channel: z.string(),
    agent: Person,
    answeredAt: Time,
    week: Time,
    /** What the customer had written, the newest last. */
    before: z.array(z.object({ text: z.string(), author: z.string(), at: Time })),
    text: z.string(),
    /** The reader's own, as a supervisor; all there are, as the agent who wrote the answer. */
    reviews: z.array(Review),
  })
  .meta({ id: 'Sample' })
export type Sample = z.infer<typeof Sample>

export const SampleQuery = z.strictObject({
  /**
   * `todo`: not reviewed by you. `done`: reviewed by you. `mine`: your own answers that were reviewed. Left out: what there
   * is to do for who reviews, else your own.
   */
  show: z.enum(['todo', 'done', 'mine']).optional(),
  agent: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(50).default(20),
  after: z.string().max(500).optional(),
})
export type SampleQuery = z.infer<typeof SampleQuery>

export const SamplePage = z.object({ samples: z.array(Sample), next: z.string().nullable() })
export type SamplePage = z.infer<typeof SamplePage>

export const NewReview = z.strictObject({
  sheetVersion: z.int(),
  marks: z.array(Mark).min(1).max(12),
  comment: z.string().trim().max(4_000).default(''),
})
export type NewReview = z.infer<typeof NewReview>
