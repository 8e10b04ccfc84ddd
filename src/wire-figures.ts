/** The wire shapes of the figures: what came, what was done about it, and how long that took. */
import { z } from 'zod'

const Time = z.iso.datetime()
const list = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value),
    z.array(schema).min(1).max(100),
  )

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== undefined
  } catch {
    return false
  }
}

const dayMs = 86_400_000
/** A year and a few days: this year beside the last one's end. */
export const longestRangeMs = 400 * dayMs

const range = {
  from: Time,
  /** Not included. */
  to: Time,
  /** IANA. Days and hours are cut by it. */
  zone: z
    .string()
    .max(60)
    // Names only: an offset such as `+08:00` means the opposite to the database.
    .regex(/^[A-Za-z][A-Za-z0-9_+\-/]*$/u)
    .refine(isZone, { error: 'no such time zone' })
    .default('UTC'),
  brand: list(z.uuid()).optional(),
  channel: list(z.string().max(50)).optional(),
}
const spans = (value: { from: string; to: string }) => {
  const span = Date.parse(value.to) - Date.parse(value.from)
  return span > 0 && span <= longestRangeMs
}
const wrongSpan = { error: 'from must lie before to, by 400 days at most', path: ['to'] }

export const FigureQuery = z.strictObject(range).refine(spans, wrongSpan)
export type FigureQuery = z.infer<typeof FigureQuery>

export const Dimension = z.enum(['time', 'channel', 'brand', 'category', 'agent', 'hour'])
export type Dimension = z.infer<typeof Dimension>

export const FigureCsvQuery = z
  .strictObject({ ...range, by: Dimension, language: z.enum(['zh-CN', 'en']).default('zh-CN') })
  .refine(spans, wrongSpan)
export type FigureCsvQuery = z.infer<typeof FigureCsvQuery>

/** Of so many: milliseconds, by the clock on the wall, nights and weekends included. */
const Spread = z.object({ count: z.int(), median: z.number().nullable(), p90: z.number().nullable() })
export type Spread = z.infer<typeof Spread>
/** Of so many: their average. */
const Mean = z.object({ count: z.int(), mean: z.number().nullable() })

export const Figures = z
  .object({
    /** Tickets that came in. */
    opened: z.int(),
    /** Of those: nobody has answered them so far. */
    unanswered: z.int(),
    /** Of those: from the customer's first message to the first answer a person gave. */
    firstAnswer: Spread,
    /** Answers people wrote. */
    answers: z.int(),
    /** Tickets that were resolved or closed; each once, at the last time. */
    resolved: z.int(),
    /** Of those: from when the ticket came in. */
    resolution: Spread,
    /** How often a resolved or closed ticket was opened again. */
    reopened: z.int(),
    /** Tickets neither resolved nor closed at the end. Null: has no meaning here. */
    backlog: z.int().nullable(),
    /** Quality reviews made, of 100. */
    quality: Mean,
    /** Promises whose time came, and how many of a hundred were kept. */
    kept: Mean,
    /** What customers said, from 1 to 5. */
    satisfaction: Mean,
  })
  .meta({ id: 'Figures' })
export type Figures = z.infer<typeof Figures>

export const FigureRow = z.object({
  /** A time, a channel, an id, an hour from 0 to 23; null: none. */
  key: z.string().nullable(),
  /** People's and brands' names. */
  name: z.string().nullable(),
  /** Categories’. */
  title: z.object({ en: z.string(), zh: z.string() }).nullable(),
  figures: Figures,
})
export type FigureRow = z.infer<typeof FigureRow>

export const FigureReport = z
  .object({
    from: Time,
    to: Time,
    zone: z.string(),
    /** What a row of `by.time` spans. */
    step: z.enum(['hour', 'day', 'week']),
    total: Figures,
    /** The same span just before. */
    before: Figures,
    by: z.record(Dimension, z.array(FigureRow)),
  })
  .meta({ id: 'FigureReport' })
export type FigureReport = z.infer<typeof FigureReport>
