/**
 * The shapes of the public API, both ways. Routes validate with them, OpenAPI is made from them, and the desk imports
 * their types. Times are ISO 8601 strings in UTC; ids are strings; unknown fields in a body are refused.
 */
import { z } from 'zod'
import { Hold } from './wire-accounts.ts'
import { EntryForm as EntryFormShape } from './wire-entry.ts'
import { Clock, NextClock } from './wire-promises.ts'
import { Task } from './wire-tasks.ts'
import { Together } from './wire-together.ts'
import { Usage } from './wire-usage.ts'

export {
  AccountGlance,
  Hold,
  NewHold,
  Replayed,
  UnreadChoice,
  UnreadContent,
  UnreadItem,
  UnreadPage,
  UnreadQuery,
} from './wire-accounts.ts'
export { NewAnswered } from './wire-answered.ts'
export { AroundQuery, OtherLine, OtherLines } from './wire-around.ts'
export type { AutomaticAccount, AutomaticKind, AutomaticSettings, CustomerSide } from './wire-automatic.ts'
export type { Bulk, BulkCount, Macro, MacroActs, NewBulk, NewMacro, TicketAct, TicketActs } from './wire-bulk.ts'
export type { Category, CategoryPatch, NewCategory } from './wire-categories.ts'
export { ContactPatch } from './wire-contact.ts'
export { Entry, EntryForm, NewEntry } from './wire-entry.ts'
export type {
  FactField,
  FactsPatch,
  RepairImported,
  RepairPreview,
  TicketFacts,
  WarrantySource,
  WarrantySourcePut,
} from './wire-facts.ts'
export type { Dimension, FigureReport, FigureRow, Figures, Spread } from './wire-figures.ts'
export type { Import, ImportPreview, Uploaded } from './wire-imports.ts'
export type {
  AlikeTicket,
  AnswerPreview,
  Incident,
  IncidentAnswer,
  IncidentDetail,
  IncidentPage,
  MemberPage,
  MembersChanged,
  RelatedTickets,
  TicketRef,
} from './wire-incidents.ts'
export type { Mention, MentionCounts, MentionPage, MentionTicket } from './wire-mentions.ts'
export type { MoveDone, TicketRelations } from './wire-moves.ts'
export {
  type FreshKind,
  FreshNotices,
  FreshQuery,
  type KeptNoticeKind,
  Notice,
  NoticeListQuery,
  NoticeMarks,
  NoticePage,
} from './wire-notices.ts'
export type { NewOtherParty, NotOursClosed, OtherParty } from './wire-other-parties.ts'
export type { ContactField, ContactNote, NewContactField, PersonDetail, PersonMerged } from './wire-people.ts'
export { Presence, PresenceEvent, PresencePut } from './wire-presence.ts'
export {
  ClockKind,
  EscalationStep,
  NewPolicy,
  NewWorkCalendar,
  Policy,
  PolicyOrder,
  Substance,
  WorkCalendar,
} from './wire-promises.ts'
export type { Mark, Review, Sample, SamplePage, ScoreSheet } from './wire-quality.ts'
export { NewQuickReply, QuickReply } from './wire-quick-replies.ts'
export type {
  NewRule,
  PreparedQuestion,
  Rule,
  RuleAction,
  RuleCondition,
  RuleDryRun,
  RuleMark,
  RuleTest,
  RuleTestResult,
  RuleVerdict,
} from './wire-rules.ts'
export { NewSavedView, SavedView } from './wire-saved-views.ts'
export { TaskAgain, TaskDone, TaskPage, TaskPatch, TaskQuery } from './wire-tasks.ts'
export { Agent, AgentPut, AgentState, AgentStatePut, NewTeam, Team } from './wire-teams.ts'
export {
  Approval,
  ApprovalPage,
  Approve,
  Conduct,
  ConductPatch,
  Department,
  DepartmentPatch,
  Escalation,
  EscalationEnd,
  ExportQuery,
  NamedOrder,
  NamedStatus,
  NamedStatusPatch,
  NewDepartment,
  NewEscalation,
  NewNamedStatus,
  NewRemedy,
  NewResult,
  NewTask,
  Outcome,
  Remedy,
  RemedyKind,
  RemedyPage,
  RemedyPatch,
  RemedyState,
  ResultPage,
  SendBack,
  StatusColor,
  TaskReturn,
  TicketResult,
  TogetherAct,
} from './wire-together.ts'
export { Clock, Task, Together, Usage }

export const Id = z.uuid()
const Time = z.iso.datetime()
const Text = z.object({ en: z.string(), zh: z.string() })

export const Status = z.enum(['new', 'open', 'waiting_customer', 'waiting_other', 'resolved', 'closed'])
export const Priority = z.enum(['low', 'normal', 'high', 'urgent'])
export const Surface = z.enum(['direct', 'public'])
/** What becomes one ticket: all that a person says to the account, or all that is said under one public post. */
export const TicketPer = z.enum(['person', 'conversation'])
/** What becomes of a post: a ticket, or a mention that waits without a clock until somebody makes a ticket of it. */
export const Intake = z.enum(['tickets', 'watch'])
export type Intake = z.infer<typeof Intake>
export const Role = z.enum(['administrator', 'supervisor', 'agent'])
export type Role = z.infer<typeof Role>
export const DeliveryState = z.enum([
  'queued',
  'claimed',
  'sending',
  'sent',
  'delivered',
  'read',
  'failed',
  'unknown',
  'cancelled',
])
export const MediaKind = z.enum(['photo', 'video', 'voice', 'audio', 'document', 'sticker'])

/** RFC 9457. `code` is stable; `requestId` finds the log line. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string().optional(),
    requestId: z.string(),
    /** Figures and what is new, by code. */
    details: z.record(z.string(), z.unknown()).optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>

// ── Channels and accounts ──────────────────────────────────────────────────────────────────────────────────────────

const Imports = z.object({
  extensions: z.array(z.string()),
  maxBytes: z.int(),
  maxRows: z.int(),
  fields: z.array(z.object({ name: z.string(), title: Text, help: Text, required: z.boolean() })),
})

export const Channel = z
  .object({
    channel: z.string(),
    title: Text,
    icon: z.object({ path: z.string() }),
    /** JSON Schema with `title`, `help` and `secret` on each field. */
    settings: z.record(z.string(), z.unknown()),
    /** See `Capabilities` in src/channel/capabilities.ts. */
    capabilities: z.record(z.string(), z.unknown()),
    /** What a new account does with posts, unless told otherwise. */
    intake: Intake,
    /** What files its accounts take; null: none. */
    imports: Imports.nullable(),
  })
  .meta({ id: 'Channel' })
export type Channel = z.infer<typeof Channel>

export const Health = z.object({
  state: z.enum(['ok', 'warning', 'refused']),
  name: z.string().optional(),
  text: Text.optional(),
  /** To be scanned to sign in; administrators only. */
  scan: z.string().optional(),
  /** How long the credentials are good, where the channel knows. */
  credentials: z.object({ until: Time, renews: z.boolean() }).nullable().optional(),
})

export const Account = z
  .object({
    id: Id,
    brandId: Id,
    channel: z.string(),
    name: z.string(),
    /** Secret fields are left out; `secretsSet` names those that hold a value. */
    settings: z.record(z.string(), z.unknown()),
    secretsSet: z.array(z.string()),
    webhookUrl: z.string().nullable(),
    reopenWithinMs: z.number(),
    undoMs: z.number().nullable(),
    ticketPer: TicketPer,
    intake: Intake,
    /** What people call the place behind it, where that is not the channel's title. */
    platform: z.string().nullable(),
    health: Health,
    pausedUntil: Time.nullable(),
    unread: z.int(),
    usage: Usage,
    /** What can be written down for it by hand; null: nothing. */
    entry: EntryFormShape.nullable(),
    createdAt: Time,
  })
  .meta({ id: 'Account' })
export type Account = z.infer<typeof Account>

export const NewAccount = z.strictObject({
  channel: z.string(),
  name: z.string().trim().min(1).max(100),
  brandId: Id.optional(),
  settings: z.record(z.string(), z.unknown()),
  reopenWithinMs: z
    .int()
    .min(0)
    .max(365 * 86_400_000)
    .optional(),
  undoMs: z.int().min(0).max(60_000).nullable().optional(),
  /** Default: `person`. A change holds for what comes from then on. */
  ticketPer: TicketPer.optional(),
  /** Default: the channel's own. A change holds for what comes from then on. */
  intake: Intake.optional(),
})
export const AccountPatch = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  brandId: Id.optional(),
  /** Merged over the present settings: what is left out stays, secrets too; null takes a field away. */
  settings: z.record(z.string(), z.unknown()).optional(),
  reopenWithinMs: z
    .int()
    .min(0)
    .max(365 * 86_400_000)
    .optional(),
  undoMs: z.int().min(0).max(60_000).nullable().optional(),
  ticketPer: TicketPer.optional(),
  intake: Intake.optional(),
})

/** One exchange with a platform, redacted, texts cut to 4 KB. */
export const ChannelLogLine = z
  .object({
    id: Id,
    at: Time,
    deliveryId: Id.nullable(),
    /** Of the delivery, where it is one's business. */
    ticketId: Id.nullable(),
    method: z.string(),
    url: z.string(),
    /** Null when no answer came. */
    status: z.int().nullable(),
    durationMs: z.int(),
    request: z.string().nullable(),
    response: z.string().nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'ChannelLogLine' })
export type ChannelLogLine = z.infer<typeof ChannelLogLine>
export const ChannelLogPage = z.object({
  /** Newest first. */
  lines: z.array(ChannelLogLine),
  next: z.string().nullable(),
})
export type ChannelLogPage = z.infer<typeof ChannelLogPage>
export const ChannelLogQuery = z.strictObject({
  /** Only the exchanges of this delivery. */
  delivery: Id.optional(),
  /** `failed`: those without an answer, and those answered with an error. */
  result: z.enum(['failed']).optional(),
  /** Words in the address, the request, the answer or the error. */
  q: z.string().trim().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().max(500).optional(),
})
export type ChannelLogQuery = z.infer<typeof ChannelLogQuery>

/** What came in and could not be read: how much and why. */
export const UnreadSummary = z.object({
  count: z.int(),
  reasons: z.array(z.object({ reason: z.string(), count: z.int(), oldest: Time })),
})
export type UnreadSummary = z.infer<typeof UnreadSummary>

export const Brand = z.object({ id: Id, name: z.string() }).meta({ id: 'Brand' })
export type Brand = z.infer<typeof Brand>
/** A brand as those see it who look after it. */
export const BrandOverview = Brand.extend({
  archived: z.boolean(),
  /** Connected ones. */
  accounts: z.int(),
  /** Tickets that are not resolved. */
  open: z.int(),
  /** Who was given it; administrators see it anyway. */
  userIds: z.array(z.string()),
}).meta({ id: 'BrandOverview' })
export type BrandOverview = z.infer<typeof BrandOverview>
export const BrandPatch = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  /** 409 `brand_in_use` while it has accounts or open tickets, `last_brand` when no other would be left. */
  archived: z.boolean().optional(),
})
export type BrandPatch = z.infer<typeof BrandPatch>
export const BrandName = z.strictObject({ name: z.string().trim().min(1).max(100) })

// ── People ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export const User = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role: Role,
    disabled: z.boolean(),
    /** The brands given to the user; null: every one (administrators). */
    brandIds: z.array(Id).nullable(),
    createdAt: Time,
  })
  .meta({ id: 'User' })
export type User = z.infer<typeof User>

const PersonName = z.string().trim().min(1).max(100)
const Email = z.string().trim().toLowerCase().max(254).pipe(z.email())
/** No rules about kinds of characters: length is what counts. */
export const NewPassword = z.string().min(10).max(128)

export const NewUser = z.strictObject({
  name: PersonName,
  email: Email,
  role: Role,
  /** Left out: one is made and answered once. */
  password: NewPassword.optional(),
  /** Left out: the default brand. Administrators see every brand and are given none. */
  brandIds: z.array(Id).max(1000).optional(),
})
export type NewUser = z.infer<typeof NewUser>

export const UserPatch = z.strictObject({
  name: PersonName.optional(),
  role: Role.optional(),
  /** Ends the user's sessions, and lets no new one begin. */
  disabled: z.boolean().optional(),
  brandIds: z.array(Id).max(1000).optional(),
})
export type UserPatch = z.infer<typeof UserPatch>

export const SignIn = z.strictObject({
  email: z.string().trim().max(254),
  password: z.string().max(1000),
  /** False: the session ends with the browser. */
  rememberMe: z.boolean().default(true),
})
export type SignIn = z.input<typeof SignIn>

export const ChangePassword = z.strictObject({
  currentPassword: z.string().max(1000),
  newPassword: NewPassword,
})

/** `POST /api/setup`: makes the first administrator. `code` is the one printed at start. */
export const Setup = z.strictObject({
  code: z.string().trim().max(100),
  name: PersonName,
  email: Email,
  password: NewPassword,
})
export type Setup = z.infer<typeof Setup>

/** One place a user is signed in. */
export const Session = z
  .object({
    id: z.string(),
    current: z.boolean(),
    address: z.string().nullable(),
    userAgent: z.string().nullable(),
    createdAt: Time,
    expiresAt: Time,
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof Session>

/** A program's key, without its secret. */
export const ApiKey = z
  .object({
    id: Id,
    name: z.string(),
    role: Role,
    /** Null: every brand. */
    brandIds: z.array(Id).nullable(),
    expiresAt: Time.nullable(),
    createdAt: Time,
    /** To the minute. */
    lastUsedAt: Time.nullable(),
    revokedAt: Time.nullable(),
  })
  .meta({ id: 'ApiKey' })
export type ApiKey = z.infer<typeof ApiKey>

export const NewApiKey = z.strictObject({
  name: PersonName,
  role: Role,
  /** Left out or null: every brand. */
  brandIds: z.array(Id).min(1).max(1000).nullable().optional(),
  /** Left out or null: it does not expire. */
  expiresAt: Time.nullable().optional(),
})
export type NewApiKey = z.infer<typeof NewApiKey>

export const AuditEntry = z
  .object({
    id: z.int(),
    at: Time,
    /** A user's id, `key:<id>` or `system`. */
    actor: z.string(),
    /** What was done: `user.created`, `ticket.changed` … */
    action: z.string(),
    /** To what: `user:<id>`, `ticket:<id>` … */
    subject: z.string(),
    detail: z.record(z.string(), z.unknown()),
    /** Its place in the hash chain; null until it is sealed, a second or so. */
    seq: z.int().nullable(),
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof AuditEntry>

/** `GET /api/me`. `kind: 'key'` for programs. */
export const Me = z
  .object({
    kind: z.enum(['user', 'key']),
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    role: Role,
    /** Null: every brand. */
    brandIds: z.array(Id).nullable(),
  })
  .meta({ id: 'Me' })
export type Me = z.infer<typeof Me>

/** Somebody a ticket can be given to: what an agent may know of a colleague. */
export const Colleague = z.object({
  id: z.string(),
  name: z.string(),
  role: Role,
})
export type Colleague = z.infer<typeof Colleague>

// ── Tickets ────────────────────────────────────────────────────────────────────────────────────────────────────────

export const Ticket = z
  .object({
    id: Id,
    number: z.int(),
    status: Status,
    priority: Priority,
    channel: z.string(),
    accountId: Id,
    brandId: Id,
    contact: z.object({
      id: Id,
      name: z.string(),
      handle: z.string().nullable(),
    }),
    assignee: z.object({ id: z.string(), name: z.string() }).nullable(),
    team: z.object({ id: Id, name: z.string() }).nullable(),
    tags: z.array(z.string()),
    category: z.string().nullable(),
    preview: z.string(),
    surface: Surface,
    lastMessageAt: Time,
    unansweredSince: Time.nullable(),
    snoozedUntil: Time.nullable(),
    createdAt: Time,
    version: z.int(),
    /** The finer name of its status, by its id; null: the fixed one's own. */
    named: Id.nullable(),
    /** A supervisor has been asked, and has not answered yet. */
    escalated: z.boolean(),
    /** Deliveries a person has to look at. */
    failed: z.int(),
    unknown: z.int(),
    /**
     * In lists: until when it can be answered where the platform closes a window (`until` null: closed) and how often
     * still; null: at any time.
     */
    window: z.object({ until: Time.nullable(), left: z.int().nullable() }).nullable().optional(),
    /** The promise that is due first; null: none runs. */
    clock: NextClock.nullable(),
  })
  .meta({ id: 'Ticket' })
export type Ticket = z.infer<typeof Ticket>

/** See `Standing` in src/channel/standing.ts; times as strings. */
export const Standing = z
  .object({
    surface: Surface,
    reachable: z.boolean(),
    unreachableReason: z.string().nullable(),
    replyable: z.boolean(),
    notReplyableReason: Text.nullable(),
    windows: z.array(z.object({ until: Time, left: z.int().nullable() })).nullable(),
  })
  .meta({ id: 'Standing' })

export const TicketDetail = Ticket.extend({
  threads: z.array(
    z.object({
      id: Id,
      accountId: Id,
      channel: z.string(),
      surface: Surface,
      /** Of the public post, group or topic it stands in; others write there too. */
      rootId: z.string().nullable(),
      identity: z.object({
        id: Id,
        /** As the platform calls them; `contact` has what they are called here. */
        name: z.string(),
        handle: z.string().nullable(),
        reachable: z.boolean(),
        contact: z.object({ id: Id, name: z.string() }),
      }),
      standing: Standing,
      /** What this account can do, where it differs from its channel; null: as the channel. */
      capabilities: z.record(z.string(), z.unknown()).nullable(),
      /** Undo time a person's reply gets here, milliseconds. */
      undoMs: z.int(),
      pausedUntil: Time.nullable(),
      /** A person paused the account's sends. */
      hold: Hold.nullable(),
    }),
  ),
  clocks: z.array(Clock),
  /** Open ones, first due first. */
  tasks: z.array(Task),
  together: Together,
  /** Scheduled replies that wait for their time, and those refused when it came. */
  scheduled: z.array(
    z.object({
      id: Id,
      text: z.string(),
      sendAt: Time,
      by: z.object({ id: z.string(), name: z.string() }),
      refused: z.string().nullable(),
    }),
  ),
}).meta({ id: 'TicketDetail' })
export type TicketDetail = z.infer<typeof TicketDetail>

const One = <T extends z.ZodType>(schema: T) =>
  z
    .union([schema, z.array(schema)])
    .transform((value): z.output<T>[] => (Array.isArray(value) ? value : [value]) as z.output<T>[])
/** `status=new,open` and `status=new&status=open` are the same. */
const List = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value), One(schema))

export const TicketQuery = z.strictObject({
  status: List(Status).optional(),
  /** Named statuses. */
  named: List(Id).optional(),
  /** `any`: a supervisor has been asked; `me`: you, or any supervisor. */
  escalated: z.enum(['any', 'me']).optional(),
  priority: List(Priority).optional(),
  /** A user's id, `me`, or `none`. */
  assignee: z.string().max(200).optional(),
  /** Teams' ids, `mine` for those you are in, `none`. */
  team: List(z.union([Id, z.enum(['mine', 'none'])])).optional(),
  channel: List(z.string().max(50)).optional(),
  /** ISO 639-1, of the words it began with; `und`: cannot be told. */
  language: List(z.string().regex(/^[a-z]{2,3}$/u)).optional(),
  account: List(Id).optional(),
  brand: List(Id).optional(),
  tag: z.string().max(100).optional(),
  /** With all below them; `none`: those without one. */
  category: List(z.string().max(100)).optional(),
  /** `failed`, `unknown`: tickets with such a delivery. */
  delivery: z.enum(['failed', 'unknown']).optional(),
  snoozed: z.enum(['true', 'false']).optional(),
  surface: List(Surface).optional(),
  /** `closing`: the customer waits, and the reply window closes within 24 hours. */
  window: z.enum(['closing']).optional(),
  /** `breached`: a promise is over its time; `soon`: one will be, and its warning has come. */
  clock: z.enum(['breached', 'soon']).optional(),
  q: z.string().max(200).optional(),
  sort: z.enum(['newest', 'oldest', 'waiting', 'window', 'priority', 'due']).default('newest'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().max(500).optional(),
})
export type TicketQuery = z.infer<typeof TicketQuery>
export const TicketCountQuery = z.strictObject({ queries: z.array(TicketQuery).max(60) })
export const TicketCounts = z.object({ counts: z.array(z.int().nullable()) })
export type TicketCounts = z.infer<typeof TicketCounts>
export const TicketPage = z.object({
  tickets: z.array(Ticket),
  /** Of these, where a customer wrote what you have not seen; where you never were, only while somebody waits. */
  unread: z.array(Id),
  next: z.string().nullable(),
})
export type TicketPage = z.infer<typeof TicketPage>

/** The newest version that was on the screen. */
export const SeenPut = z.strictObject({ version: z.int().min(0).max(2_147_483_647) })

export const TicketPatch = z.strictObject({
  version: z.int().optional(),
  status: Status.optional(),
  /** A named status, which brings its fixed one along; null: the fixed one's own name. */
  named: Id.nullable().optional(),
  priority: Priority.optional(),
  /** A user's id, `me`, or null. */
  assignee: z.string().max(200).nullable().optional(),
  /** An assignee who is not in it lets go of the ticket, unless one is named too. */
  team: Id.nullable().optional(),
  tags: z.array(z.string().trim().min(1).max(50)).max(30).optional(),
  /** Of `GET /api/categories`, not archived; empty or null: none. */
  category: z.string().trim().max(100).nullable().optional(),
  snoozedUntil: Time.nullable().optional(),
})
export type TicketPatch = z.infer<typeof TicketPatch>

// ── Messages ───────────────────────────────────────────────────────────────────────────────────────────────────────

export const Media = z
  .object({
    id: Id,
    kind: MediaKind,
    state: z.enum(['pending', 'ready', 'failed']),
    reason: z.string().nullable(),
    name: z.string().nullable(),
    mimeType: z.string().nullable(),
    bytes: z.number().nullable(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    durationMs: z.int().nullable(),
  })
  .meta({ id: 'Media' })
export type Media = z.infer<typeof Media>

export const Delivery = z
  .object({
    id: Id,
    part: z.int(),
    state: DeliveryState,
    externalId: z.string().nullable(),
    /** Why it failed, waits or is in doubt: a stable code and a sentence. */
    reason: z.object({ code: z.string(), text: Text.nullable() }).nullable(),
    attempt: z.int(),
    notBefore: Time,
    passedOver: z.boolean(),
    /** Carried out by a person, with a task. */
    byHand: z.boolean(),
  })
  .meta({ id: 'Delivery' })
export type Delivery = z.infer<typeof Delivery>

export const Message = z
  .object({
    id: Id,
    direction: z.enum(['inbound', 'outbound', 'note']),
    /** The latest text. */
    text: z.string(),
    /** The earlier ones, oldest first. */
    revisions: z.array(z.object({ text: z.string(), at: Time })),
    surface: Surface,
    /** Customers by the name they have now, everybody else by the one they had then. */
    author: z.object({
      id: z.string().nullable(),
      name: z.string(),
      kind: z.enum(['contact', 'user', 'program', 'outside']),
    }),
    context: z.object({ text: z.string(), author: z.string() }).nullable(),
    location: z
      .object({
        latitude: z.number(),
        longitude: z.number(),
        title: z.string().nullable(),
      })
      .nullable(),
    url: z.string().nullable(),
    inReplyTo: Id.nullable(),
    threadId: Id.nullable(),
    replyable: z.boolean(),
    /** Said by Huixin itself, as the account's settings allow. Left out: by somebody. */
    automatic: z.literal(true).optional(),
    /** One of ours that Huixin did not send: written in the platform's own app. It has no deliveries. */
    outside: z.boolean(),
    sentAt: Time,
    receivedAt: Time,
    deletedAt: Time.nullable(),
    media: z.array(Media),
    deliveries: z.array(Delivery),
    /** The ticket's version once this message was in it. */
    version: z.int(),
    /** Only of a reply that waits for its time; it has no deliveries yet, and undo cancels it. */
    scheduledAt: Time.optional(),
    /** A supervisor has to approve it first; it is no message yet, and undo takes it back. */
    waitsForApproval: z.boolean().optional(),
  })
  .meta({ id: 'Message' })
export type Message = z.infer<typeof Message>

export const MessagePage = z.object({
  /** Oldest first. */
  messages: z.array(Message),
  /** Pass as `before` to read earlier ones. */
  next: z.string().nullable(),
})
export type MessagePage = z.infer<typeof MessagePage>

export const MessageQuery = z.strictObject({
  before: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})

export const NewReply = z.strictObject({
  text: z.string().max(100_000).default(''),
  mediaIds: z.array(Id).max(10).default([]),
  surface: Surface.optional(),
  /** Default: the customer's newest message that may be answered. */
  inReplyTo: Id.optional(),
  /** `version` of the ticket as the agent saw it; 409 when a customer or colleague wrote since. */
  seenVersion: z.int().optional(),
  sendAt: Time.optional(),
})
export type NewReply = z.infer<typeof NewReply>
export const NewNote = z.strictObject({
  text: z.string().trim().min(1).max(100_000),
  mediaIds: z.array(Id).max(10).default([]),
})
export type NewNote = z.infer<typeof NewNote>

/** What somebody is writing; nobody else sees it. */
export const DraftBody = z.object({
  text: z.string().max(100_000).default(''),
  mediaIds: z.array(Id).max(10).default([]),
  surface: Surface.optional(),
  inReplyTo: Id.optional(),
})
export type DraftBody = z.infer<typeof DraftBody>
export const DraftPut = z.strictObject({
  ...DraftBody.shape,
  /** Of the draft this one replaces, as it was answered; 0: there was none. */
  revision: z.int().min(0).default(0),
})
export type DraftPut = z.infer<typeof DraftPut>
export const Draft = DraftBody.extend({ revision: z.int(), updatedAt: Time }).meta({ id: 'Draft' })
export type Draft = z.infer<typeof Draft>

export const ResolveDelivery = z.strictObject({
  as: z.enum(['sent', 'queued', 'dropped']),
})

// ── Contacts ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** The person behind one or several identities, with their newest tickets. */
export const Contact = z
  .object({
    id: Id,
    brandId: Id,
    name: z.string(),
    createdAt: Time,
    identities: z.array(
      z.object({
        id: Id,
        accountId: Id,
        channel: z.string(),
        name: z.string(),
        handle: z.string().nullable(),
        followers: z.int().nullable(),
        reachable: z.boolean(),
        unreachableReason: z.string().nullable(),
      }),
    ),
    /** Newest first, at most 50. */
    tickets: z.array(Ticket),
  })
  .meta({ id: 'Contact' })
export type Contact = z.infer<typeof Contact>

// ── Work that failed too often ─────────────────────────────────────────────────────────────────────────────────────

/** Background work that waits for a person: what it was about, how often it was tried, and a code that says why it failed. */
export const ParkedWork = z
  .object({
    id: Id,
    kind: z.string(),
    subject: z.string(),
    accountId: Id.nullable(),
    attempts: z.int(),
    reason: z.string().nullable(),
    parkedAt: Time,
  })
  .meta({ id: 'ParkedWork' })
export type ParkedWork = z.infer<typeof ParkedWork>
export const ParkedQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().max(500).optional(),
})

// ── The stream ─────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * One event of `GET /api/events`, as the SSE `data`. `type` is also the SSE event name.
 * - `ticket`: something of the ticket changed (status, assignee, version …).
 * - `message`: a message was added, edited or deleted, or its author was given another name. - `delivery`: a delivery changed its state.
 * - `task`: a task of the ticket was opened, changed or done.
 * - `notice`: somebody who sees the brand has something to hear of.
 * - `mention`: the brand's list of mentions changed; has no ticket.
 * - `notice`: somebody of the brand has a new notice. - `agent`: somebody is here, busy or away now. Neither has a ticket.
 * - `media`: a file became ready or failed. - `account`: an account's settings or health changed.
 * - `reset`: the cursor is too old or of another epoch: fetch everything again. Has no ticket.
 */
export const StreamEvent = z
  .object({
    id: z.string(),
    type: z.enum([
      'ticket',
      'message',
      'delivery',
      'media',
      'task',
      'account',
      'mention',
      'notice',
      'agent',
      'reset',
      'typing',
    ]),
    ticketId: Id.nullable(),
    version: z.int().nullable(),
  })
  .meta({ id: 'StreamEvent' })
export type StreamEvent = z.infer<typeof StreamEvent>
