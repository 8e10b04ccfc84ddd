/** The wire shapes of what is done to many tickets at once, and of macros: named lists of such acts. */
import { z } from 'zod'
import { Id, Priority, Status, TicketQuery } from './wire.ts'
import { unknownVariables } from './wire-quick-replies.ts'

const Time = z.iso.datetime()
const Tags = z.array(z.string().trim().min(1).max(50)).min(1).max(30)

const fields = {
  status: Status.optional(),
  priority: Priority.optional(),
  /** A user's id, `me`, or null. */
  assignee: z.string().min(1).max(200).nullable().optional(),
  addTags: Tags.optional(),
  removeTags: Tags.optional(),
  /** Milliseconds from when it is run. */
  snoozeForMs: z
    .int()
    .min(60_000)
    .max(366 * 86_400_000)
    .optional(),
  /** An internal note. */
  note: z.string().trim().min(1).max(4_000).optional(),
  /** Goes into the draft of whoever runs it, and is never sent by itself. Variables as in quick replies. */
  reply: z
    .string()
    .trim()
    .min(1)
    .max(4_000)
    .refine((text) => unknownVariables(text).length === 0, { error: 'An unknown variable stands between braces.' })
    .optional(),
}
const doesSomething = (acts: object) => Object.values(acts).some((value) => value !== undefined)
const nothing = { error: 'Nothing would be done.' }

/** What a macro does. */
export const MacroActs = z.strictObject(fields).refine(doesSomething, nothing)
export type MacroActs = z.infer<typeof MacroActs>

/** What is done to many tickets. */
export const TicketActs = z
  .strictObject({ ...fields, snoozedUntil: Time.nullable().optional() })
  .refine(doesSomething, nothing)
export type TicketActs = z.infer<typeof TicketActs>

export const mostChosen = 200
/** What one change may take: more is many days' work, and a mistake. */
export const mostMatching = 10_000

export const NewBulk = z
  .strictObject({
    /** Those chosen, one by one … */
    ids: z.array(Id).min(1).max(mostChosen).optional(),
    /** … or all that this list shows now, whatever its `limit`. */
    query: TicketQuery.optional(),
    acts: TicketActs.optional(),
    /** In place of `acts`. */
    macro: Id.optional(),
  })
  .refine(({ ids, query }) => (ids === undefined) !== (query === undefined), { error: 'Either ids or a query.' })
  .refine(({ acts, macro }) => (acts === undefined) !== (macro === undefined), { error: 'Either acts or a macro.' })
export type NewBulk = z.infer<typeof NewBulk>

export const Bulk = z
  .object({
    id: Id,
    state: z.enum(['running', 'done', 'stopped', 'undoing', 'undone']),
    /** Why it was stopped by itself. */
    reason: z.string().nullable(),
    /** The macro's name. */
    macro: z.string().nullable(),
    total: z.int(),
    /** Chosen, and not there (any more). */
    missing: z.int(),
    waiting: z.int(),
    changed: z.int(),
    /** There was nothing to change. */
    same: z.int(),
    failed: z.int(),
    /** Put back; and those left as they are, because somebody changed them since. */
    undone: z.int(),
    kept: z.int(),
    /** The first 50 that failed or were kept, and why. */
    problems: z.array(z.object({ ticketId: Id, number: z.int(), name: z.string(), code: z.string() })),
    createdAt: Time,
    endedAt: Time.nullable(),
  })
  .meta({ id: 'Bulk' })
export type Bulk = z.infer<typeof Bulk>

export const BulkCount = z.object({ count: z.int(), most: z.int() })

export const Macro = z
  .object({
    id: Id,
    name: z.string(),
    acts: MacroActs,
    shared: z.boolean(),
    brandId: Id.nullable(),
    /** May you change it? */
    mine: z.boolean(),
    updatedAt: Time,
  })
  .meta({ id: 'Macro' })
export type Macro = z.infer<typeof Macro>

export const NewMacro = z.strictObject({
  name: z.string().trim().min(1).max(100),
  acts: MacroActs,
  shared: z.boolean().default(false),
  /** Only of a shared one; null: every brand. */
  brandId: Id.nullable().default(null),
})
export type NewMacro = z.infer<typeof NewMacro>

/** One thing that was done to a ticket, as its audit has it. */
export const TicketAct = z
  .object({
    id: z.int(),
    at: Time,
    by: z.object({ id: z.string(), name: z.string() }),
    /** `ticket.changed`, `ticket.merged` … */
    action: z.string(),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'TicketAct' })
export type TicketAct = z.infer<typeof TicketAct>
