/** The wire shapes of what several people do on one ticket. */
import { z } from 'zod'

const Id = z.uuid()
const Time = z.iso.datetime()
const Person = z.object({ id: z.string(), name: z.string() })
const Name = z.string().trim().min(1).max(60)
const Words = z.string().trim().min(1).max(10_000)

// ── Departments and their tasks ────────────────────────────────────────────────────────────────────────────────────

export const Department = z
  .object({
    id: Id,
    zh: z.string(),
    en: z.string(),
    /** Null: for every brand. */
    brandId: Id.nullable(),
    members: z.array(Person),
    archived: z.boolean(),
    /** Open tasks of the brands you see, and how many of them are late. */
    open: z.int(),
    late: z.int(),
  })
  .meta({ id: 'Department' })
export type Department = z.infer<typeof Department>

export const NewDepartment = z.strictObject({
  zh: Name,
  en: Name,
  brandId: Id.nullable().default(null),
  memberIds: z.array(z.string().max(100)).max(500).default([]),
})
export type NewDepartment = z.infer<typeof NewDepartment>

export const DepartmentPatch = z.strictObject({
  zh: Name.optional(),
  en: Name.optional(),
  memberIds: z.array(z.string().max(100)).max(500).optional(),
  archived: z.boolean().optional(),
})
export type DepartmentPatch = z.infer<typeof DepartmentPatch>

export const NewTask = z.strictObject({
  departmentId: Id,
  text: Words,
  dueAt: Time,
  /** The ticket waits for it meanwhile, and comes back when the last such task ends. */
  wait: z.boolean().default(true),
})
export type NewTask = z.infer<typeof NewTask>

/** Why the department cannot do it. */
export const TaskReturn = z.strictObject({ reason: Words })
export type TaskReturn = z.infer<typeof TaskReturn>

// ── Escalation ─────────────────────────────────────────────────────────────────────────────────────────────────────

export const Escalation = z
  .object({
    id: Id,
    /** Null, and no team: any supervisor of the brand. */
    to: Person.nullable(),
    /** `mine`: the reader is of it, and may answer. */
    team: z.object({ name: z.string(), mine: z.boolean() }).nullable(),
    reason: z.string(),
    by: Person,
    at: Time,
    state: z.enum(['open', 'answered', 'ended']),
  })
  .meta({ id: 'Escalation' })
export type Escalation = z.infer<typeof Escalation>

export const NewEscalation = z
  .strictObject({
    /** A supervisor who sees the brand; null: any of them. */
    to: z.string().max(200).nullable().default(null),
    /** Or anybody of a team. */
    team: Id.nullable().default(null),
    reason: Words,
  })
  .refine(({ to, team }) => to === null || team === null, { message: 'to somebody or to a team', path: ['team'] })
export type NewEscalation = z.infer<typeof NewEscalation>

/** With an answer it is answered, without it it has become needless. */
export const EscalationEnd = z.strictObject({ answer: Words.optional() })
export type EscalationEnd = z.infer<typeof EscalationEnd>

// ── Remedies and results ───────────────────────────────────────────────────────────────────────────────────────────

export const RemedyKind = z.enum(['repair', 'replacement', 'refund', 'compensation', 'coupon', 'extended_warranty'])
export type RemedyKind = z.infer<typeof RemedyKind>
export const RemedyState = z.enum(['offered', 'accepted', 'carried_out', 'refused'])
export type RemedyState = z.infer<typeof RemedyState>
/** In whole minor units of the currency: 9900 CNY is ¥99.00, 500 JPY is ¥500. */
export const Money = z.strictObject({
  minor: z.int().min(0).max(1_000_000_000_000),
  currency: z.string().regex(/^[A-Z]{3}$/u),
})

const reference = z.string().trim().max(100).nullable()

export const Remedy = z
  .object({
    id: Id,
    ticketId: Id,
    kind: RemedyKind,
    money: Money.nullable(),
    serialNumber: z.string().nullable(),
    orderReference: z.string().nullable(),
    note: z.string(),
    state: RemedyState,
    offeredAt: Time,
    decidedAt: Time.nullable(),
    carriedOutAt: Time.nullable(),
    createdBy: Person,
    changedBy: Person,
    changedAt: Time,
    version: z.int(),
  })
  .meta({ id: 'Remedy' })
export type Remedy = z.infer<typeof Remedy>

export const NewRemedy = z.strictObject({
  kind: RemedyKind,
  money: Money.nullable().default(null),
  serialNumber: reference.default(null),
  orderReference: reference.default(null),
  note: z.string().trim().max(2_000).default(''),
  state: RemedyState.default('offered'),
})
export type NewRemedy = z.infer<typeof NewRemedy>

export const RemedyPatch = z.strictObject({
  /** Of the remedy you saw. */
  version: z.int(),
  money: Money.nullable().optional(),
  serialNumber: reference.optional(),
  orderReference: reference.optional(),
  note: z.string().trim().max(2_000).optional(),
  state: RemedyState.optional(),
})
export type RemedyPatch = z.infer<typeof RemedyPatch>

export const Outcome = z.enum(['upheld', 'partly_upheld', 'not_upheld', 'withdrawn', 'not_ours'])
export type Outcome = z.infer<typeof Outcome>
export const TicketResult = z
  .object({ id: Id, ticketId: Id, outcome: Outcome, reason: z.string(), by: Person, at: Time })
  .meta({ id: 'TicketResult' })
export type TicketResult = z.infer<typeof TicketResult>
export const NewResult = z.strictObject({ outcome: Outcome, reason: Words })
export type NewResult = z.infer<typeof NewResult>

/** For exports: what changed since, oldest change first. */
export const ExportQuery = z.strictObject({
  brand: Id.optional(),
  since: Time.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.string().max(500).optional(),
})
export type ExportQuery = z.infer<typeof ExportQuery>
export const RemedyPage = z.object({ remedies: z.array(Remedy), next: z.string().nullable() })
export const ResultPage = z.object({ results: z.array(TicketResult), next: z.string().nullable() })

// ── Approval ───────────────────────────────────────────────────────────────────────────────────────────────────────

export const Approval = z
  .object({
    id: Id,
    state: z.enum(['waiting', 'approved', 'returned', 'withdrawn', 'refused']),
    text: z.string(),
    files: z.int(),
    by: Person,
    at: Time,
    /** When it was to be sent, where that was asked for. */
    sendAt: Time.nullable(),
    lateAt: Time,
    /** When the platform's window closes; null: it does not. */
    closesAt: Time.nullable(),
    /** `version` of the ticket as its author saw it: approved with it, what was written since is shown first. */
    seenVersion: z.int(),
    /** The customer wrote since it was handed in. */
    overtaken: z.boolean(),
    decidedBy: Person.nullable(),
    decidedAt: Time.nullable(),
    comment: z.string().nullable(),
    /** Why the channel refuses it: a code of a refusal. */
    refused: z.string().nullable(),
    ticket: z.object({ id: Id, number: z.int(), contact: z.string(), brandId: Id }),
    /** The customer's message it answers. */
    answers: z.string().nullable(),
  })
  .meta({ id: 'Approval' })
export type Approval = z.infer<typeof Approval>

export const Approve = z.strictObject({
  /** Other words than the agent's. */
  text: z.string().max(100_000).optional(),
  /** `version` of the ticket as the approver saw it; 409 `seen_conflict` when the customer or a colleague wrote since. */
  seenVersion: z.int().optional(),
})
export type Approve = z.infer<typeof Approve>
export const SendBack = z.strictObject({ comment: Words })
export const ApprovalPage = z.object({
  /** Oldest first, at most 200. Supervisors: all that wait. Agents: their own that wait or came back. */
  approvals: z.array(Approval),
  waiting: z.int(),
  /** A brand you see wants them, or some wait. */
  inUse: z.boolean(),
})
export type ApprovalPage = z.infer<typeof ApprovalPage>

export const Conduct = z
  .object({
    /** Agents' public replies wait for a supervisor. */
    approvePublic: z.boolean(),
    approveWithinMs: z.int(),
    /** A ticket is resolved only with a formal result. */
    resultNeeded: z.boolean(),
  })
  .meta({ id: 'Conduct' })
export type Conduct = z.infer<typeof Conduct>
export const ConductPatch = z.strictObject({
  approvePublic: z.boolean().optional(),
  approveWithinMs: z
    .int()
    .min(60_000)
    .max(30 * 86_400_000)
    .optional(),
  resultNeeded: z.boolean().optional(),
})
export type ConductPatch = z.infer<typeof ConductPatch>

// ── Named statuses ─────────────────────────────────────────────────────────────────────────────────────────────────

export const StatusColor = z.enum(['grey', 'teal', 'blue', 'violet', 'green', 'amber', 'red', 'pink'])
export type StatusColor = z.infer<typeof StatusColor>
const FixedStatus = z.enum(['new', 'open', 'waiting_customer', 'waiting_other', 'resolved', 'closed'])
export const NamedStatus = z
  .object({
    id: Id,
    /** The fixed one it is a finer name of. */
    status: FixedStatus,
    zh: z.string(),
    en: z.string(),
    color: StatusColor,
    archived: z.boolean(),
  })
  .meta({ id: 'NamedStatus' })
export type NamedStatus = z.infer<typeof NamedStatus>
export const NewNamedStatus = z.strictObject({ status: FixedStatus, zh: Name, en: Name, color: StatusColor })
export type NewNamedStatus = z.infer<typeof NewNamedStatus>
export const NamedStatusPatch = z.strictObject({
  zh: Name.optional(),
  en: Name.optional(),
  color: StatusColor.optional(),
  archived: z.boolean().optional(),
})
export type NamedStatusPatch = z.infer<typeof NamedStatusPatch>
export const NamedOrder = z.strictObject({ ids: z.array(Id).max(200) })

// ── On the ticket ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Something done on the ticket beside its messages. */
export const TogetherAct = z.object({
  id: Id,
  kind: z.string(),
  by: Person,
  at: Time,
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
})
export type TogetherAct = z.infer<typeof TogetherAct>

/** What several people do on this ticket. */
export const Together = z
  .object({
    escalation: Escalation.nullable(),
    remedies: z.array(Remedy),
    /** Newest first: the first one holds. */
    results: z.array(TicketResult),
    /** Those that wait, and one's own that came back. */
    approvals: z.array(Approval),
    /** Your public replies wait for a supervisor. */
    needsApproval: z.boolean(),
    /** What templates' variables stand for here, beside what every ticket shows. */
    values: z.object({
      model: z.string().nullable(),
      serial: z.string().nullable(),
      purchased: z.string().nullable(),
      order: z.string().nullable(),
    }),
    /** It can be resolved only with a result. */
    resultNeeded: z.boolean(),
    /** Oldest first, the newest 200. */
    acts: z.array(TogetherAct),
  })
  .meta({ id: 'Together' })
export type Together = z.infer<typeof Together>
