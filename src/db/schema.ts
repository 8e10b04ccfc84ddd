/**
 * Every table but better-auth's, which are in `auth-schema.ts`.
 *
 * - Ids are UUIDv7 made by `db/id.ts`. External ids are text.
 * - `sealed` columns hold AES-256-GCM ciphertext (`src/seal.ts`).
 * - Accounts and brands are never deleted, so the busy tables do not refer to them by a constraint: each row's check would
 *   lock the one account's row, for every post of it.
 * - Times are `timestamptz`; spans are integers that end in `_ms`.
 */
import { type SQL, sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Intake } from '../channel/adapter.ts'
import type { Bilingual } from '../channel/errors.ts'
import type { Location, MediaKind, Surface } from '../channel/events.ts'
import type { Health } from '../channel/tools.ts'
import { teams } from './schema-teams.ts'

export * from './auth-schema.ts'
export * from './schema-accounts.ts'
export * from './schema-bulk.ts'
export * from './schema-customer.ts'
export * from './schema-desk.ts'
export * from './schema-figures.ts'
export * from './schema-merge.ts'
export * from './schema-people.ts'
export * from './schema-promises.ts'
export * from './schema-teams.ts'
export * from './schema-together.ts'
export * from './schema-triage.ts'

const bytea = customType<{ data: Buffer; driverData: Buffer }>({
  dataType: () => 'bytea',
})
const xid8 = customType<{ data: string; driverData: string }>({
  dataType: () => 'xid8',
})
const tsvector = customType<{ data: string; driverData: string }>({
  dataType: () => 'tsvector',
})
const at = (name?: string) => (name ? timestamp(name, { withTimezone: true }) : timestamp({ withTimezone: true }))
/** The characters of a name: the indexes `*_name` are of this, and `tickets/search.ts` asks with it. */
export const nameVector = (name: SQL) => sql`array_to_tsvector(string_to_array(lower(normalize(${name}, NFKC)), null))`
const serial64 = () => bigint({ mode: 'number' }).generatedAlwaysAsIdentity()

export const ticketStatuses = ['new', 'open', 'waiting_customer', 'waiting_other', 'resolved', 'closed'] as const
export type TicketStatus = (typeof ticketStatuses)[number]
export const priorities = ['low', 'normal', 'high', 'urgent'] as const
export type Priority = (typeof priorities)[number]
export const deliveryStates = [
  'queued',
  'claimed',
  'sending',
  'sent',
  'delivered',
  'read',
  'failed',
  'unknown',
  'cancelled',
] as const
export type DeliveryState = (typeof deliveryStates)[number]
/** `person`: a person's open ticket takes all their threads. `conversation`: a public post has one ticket for everybody. */
export const ticketPers = ['person', 'conversation'] as const
export type TicketPer = (typeof ticketPers)[number]
export const importStates = ['uploaded', 'running', 'done', 'failed'] as const
export type ImportState = (typeof importStates)[number]
/** `returned`: the department cannot do it, and says why. */
export const taskStates = ['open', 'done', 'cancelled', 'returned'] as const
export type TaskState = (typeof taskStates)[number]
/** `reply`: a reply that is carried out by hand. `department`: work for another department. */
export const taskKinds = ['reply', 'department'] as const
export type TaskKind = (typeof taskKinds)[number]
export type Direction = 'inbound' | 'outbound' | 'note'
export type MediaState = 'pending' | 'ready' | 'failed'

/** One row a fact about this installation: the stream's epoch, the probe of the secret, the hash of the setup code. */
export const installation = pgTable('installation', {
  key: text().primaryKey(),
  value: text().notNull(),
})

export const brands = pgTable('brands', {
  id: uuid().primaryKey(),
  name: text().notNull(),
  createdAt: at().notNull().defaultNow(),
  /** Out of use: offered nowhere, but its tickets stay to be read. */
  archivedAt: at(),
})

/** Who sees which brand. Administrators see all and have no rows here. */
export const brandMembers = pgTable(
  'brand_members',
  {
    brandId: uuid()
      .notNull()
      .references(() => brands.id, { onDelete: 'cascade' }),
    userId: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.brandId, t.userId] }), index().on(t.userId)],
)

export const accounts = pgTable('accounts', {
  id: uuid().primaryKey(),
  brandId: uuid()
    .notNull()
    .references(() => brands.id),
  channel: text().notNull(),
  name: text().notNull(),
  settingsSealed: bytea().notNull(),
  /** Raised with every change of settings: nodes reopen the connection. */
  settingsVersion: integer().notNull().default(1),
  /** A resolved ticket reopens when the person writes within this time, else a new one is opened. */
  reopenWithinMs: bigint({ mode: 'number' })
    .notNull()
    .default(72 * 3_600_000),
  /** Null: the channel's own. */
  undoMs: integer(),
  /** What becomes one ticket: all that a person says here, or all that is said under one public post. */
  ticketPer: text().$type<TicketPer>().notNull().default('person'),
  intake: text().$type<Intake>().notNull().default('tickets'),
  health: jsonb().$type<Health>().notNull().default({ state: 'ok' }),
  /** Sends of the whole account wait until then. */
  pausedUntil: at(),
  createdAt: at().notNull().defaultNow(),
  /** Deleted accounts keep their tickets; their webhooks answer 404. */
  removedAt: at(),
})

export const contacts = pgTable(
  'contacts',
  {
    id: uuid().primaryKey(),
    brandId: uuid()
      .notNull()
      .references(() => brands.id),
    name: text().notNull(),
    createdAt: at().notNull().defaultNow(),
  },
  () => [index('contacts_name').using('gin', nameVector(sql`name`))],
)

export const identities = pgTable(
  'identities',
  {
    id: uuid().primaryKey(),
    accountId: uuid().notNull(),
    externalId: text().notNull(),
    contactId: uuid()
      .notNull()
      .references(() => contacts.id),
    name: text().notNull(),
    handle: text(),
    avatarUrl: text(),
    followers: integer(),
    reachable: boolean().notNull().default(true),
    unreachableReason: text(),
    /** Null: nowhere. */
    unreachableOn: text().$type<Surface>(),
    /** The platform's time of the newest reachability event. */
    reachabilityAt: at(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex().on(t.accountId, t.externalId),
    index().on(t.contactId),
    index('identities_handle').on(sql`lower(handle)`).where(sql`handle is not null`),
    index('identities_name').using('gin', nameVector(sql`(name || ' ' || coalesce(handle, ''))`)),
  ],
)

export const threads = pgTable(
  'threads',
  {
    id: uuid().primaryKey(),
    accountId: uuid().notNull(),
    externalId: text().notNull(),
    rootId: text(),
    surface: text().$type<Surface>().notNull(),
    identityId: uuid()
      .notNull()
      .references(() => identities.id),
    /** Where the next message goes. */
    currentTicketId: uuid(),
    /** Newest customer message and newest `opened` event: what windows are counted from. */
    lastInboundAt: at(),
    openedAt: at(),
    openedKind: text(),
    /** Sends of this thread wait until then. */
    pausedUntil: at(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex().on(t.accountId, t.externalId),
    index().on(t.currentTicketId),
    index().on(t.identityId),
    index('threads_root').on(t.accountId, t.rootId).where(sql`root_id is not null`),
  ],
)

export const tickets = pgTable(
  'tickets',
  {
    id: uuid().primaryKey(),
    number: serial64(),
    brandId: uuid().notNull(),
    accountId: uuid().notNull(),
    contactId: uuid()
      .notNull()
      .references(() => contacts.id),
    status: text().$type<TicketStatus>().notNull().default('new'),
    priority: text().$type<Priority>().notNull().default('normal'),
    category: text(),
    assigneeId: text(),
    /** Null where its team was deleted, too. */
    teamId: uuid().references(() => teams.id, { onDelete: 'set null' }),
    tags: text().array().notNull().default(sql`'{}'`),
    snoozedUntil: at(),
    surface: text().$type<Surface>().notNull(),
    /** Raised by every message, note and change of the ticket; not by delivery states. */
    version: integer().notNull().default(1),
    preview: text().notNull().default(''),
    lastMessageAt: at().notNull(),
    /** The customer's first message nobody has answered yet. */
    unansweredSince: at(),
    /** Deliveries in `failed` or `unknown` that a person has to look at. */
    resolvedAt: at(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex().on(t.number),
    index('tickets_inbox').on(t.brandId, t.lastMessageAt.desc(), t.id.desc()),
    index('tickets_inbox_by_status').on(t.brandId, t.status, t.lastMessageAt.desc(), t.id.desc()),
    // Most tickets that a message comes for have no assignee yet, and every message writes each index of its ticket anew.
    index('tickets_by_assignee')
      .on(t.assigneeId, t.lastMessageAt.desc(), t.id.desc())
      .where(sql`assignee_id is not null`),
    index('tickets_by_team').on(t.teamId, t.lastMessageAt.desc(), t.id.desc()).where(sql`team_id is not null`),
    index('tickets_waiting').on(t.brandId, t.unansweredSince, t.id).where(sql`unanswered_since is not null`),
    index().on(t.contactId),
  ],
)

export const messages = pgTable(
  'messages',
  {
    id: uuid().primaryKey(),
    /** Null: a mention, until somebody makes a ticket of it. Only inbound ones may be. */
    ticketId: uuid().references(() => tickets.id),
    threadId: uuid().references(() => threads.id),
    accountId: uuid().notNull(),
    direction: text().$type<Direction>().notNull(),
    /** The platform's id, of inbound messages and of ours that were written outside Huixin. Deliveries hold the rest. */
    externalId: text(),
    sequence: text(),
    parentExternalId: text(),
    surface: text().$type<Surface>().notNull(),
    /** Exactly one of the two, but for messages written in the platform's own app. */
    identityId: uuid().references(() => identities.id),
    userId: text(),
    /** As it was when the message was written. */
    authorName: text().notNull(),
    /** The first text, never overwritten; null while only an edit of it was seen. */
    text: text(),
    context: jsonb().$type<{ text: string; author: string }>(),
    location: jsonb().$type<Location>(),
    url: text(),
    replyable: boolean().notNull().default(true),
    notReplyableReason: jsonb().$type<Bilingual>(),
    /** May be answered until then; null: as long as the surface's windows allow. */
    replyableUntil: at(),
    /** The customer's message this reply answers. */
    inReplyTo: uuid(),
    groupKey: text(),
    /** A program's or a rule's message: never stands in front of a human's. */
    automatic: boolean().notNull().default(false),
    sentAt: at().notNull(),
    receivedAt: at().notNull(),
    /** min(sentAt, receivedAt): a platform's clock in the future does not sort a message last for ever. */
    orderedAt: at().notNull(),
    deletedAt: at(),
    /** The ticket's version once this message was in it; what `seenVersion` is compared with. 0: in none. */
    ticketVersion: integer().notNull(),
    search: tsvector(),
  },
  (t) => [
    uniqueIndex('messages_external').on(t.accountId, t.externalId),
    uniqueIndex('messages_group').on(t.threadId, t.groupKey).where(sql`group_key is not null`),
    // Not the bare column: row comparisons of a page's cursor know no null.
    index('messages_order').on(t.ticketId, t.orderedAt, sql`coalesce(sequence, '')`, t.id),
    index('messages_ours').on(t.threadId, t.orderedAt).where(sql`direction = 'outbound'`),
    index('messages_search').using('gin', t.search),
    check('messages_ticket', sql`ticket_id is not null or direction = 'inbound'`),
  ],
)

/**
 * One row for each message that came in without a ticket: what its list is filtered and counted by. It stays when a ticket
 * is made of it, so that this can be undone.
 */
export const mentions = pgTable(
  'mentions',
  {
    messageId: uuid()
      .primaryKey()
      .references(() => messages.id, { onDelete: 'cascade' }),
    brandId: uuid().notNull(),
    accountId: uuid().notNull(),
    threadId: uuid().notNull(),
    surface: text().$type<Surface>().notNull(),
    /** ISO 639-1, by `mentions/language.ts`; `und`: cannot be told. */
    language: text().notNull(),
    /** The message's `orderedAt`. */
    at: at().notNull(),
    /** Seen, and nothing to be done. */
    dismissedAt: at(),
    dismissedBy: text(),
    /** The ticket that was made of it. */
    ticketId: uuid(),
  },
  (t) => [
    index('mentions_open')
      .on(t.brandId, t.at.desc(), t.messageId.desc())
      .where(sql`dismissed_at is null and ticket_id is null`),
    index('mentions_all').on(t.brandId, t.at.desc(), t.messageId.desc()),
    index().on(t.threadId),
  ],
)

/** Files brought by hand into an account whose platform has no way to be read. */
export const imports = pgTable(
  'imports',
  {
    id: uuid().primaryKey(),
    accountId: uuid().notNull(),
    state: text().$type<ImportState>().notNull().default('uploaded'),
    fileName: text().notNull(),
    /** Gone once it is done. */
    fileSealed: bytea(),
    /** Field → column. */
    mapping: jsonb().$type<Record<string, number>>().notNull(),
    rows: integer().notNull(),
    /** Of these are done: the next run begins behind them. */
    doneRows: integer().notNull().default(0),
    fresh: integer().notNull().default(0),
    known: integer().notNull().default(0),
    bad: integer().notNull().default(0),
    /** The bad rows with their reasons, as a CSV. */
    badSealed: bytea(),
    /** Why it failed: a stable code. */
    reason: text(),
    startedBy: text().notNull(),
    createdAt: at().notNull().defaultNow(),
    endedAt: at(),
  },
  (t) => [index().on(t.accountId, t.createdAt.desc()), index('imports_old').on(t.createdAt)],
)

/** The parts of albums: which message each part's external id went into. */
export const messageParts = pgTable(
  'message_parts',
  {
    accountId: uuid().notNull(),
    externalId: text().notNull(),
    messageId: uuid()
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.externalId] })],
)

/** Edits. The newest by `editedAt` is shown. */
export const messageRevisions = pgTable(
  'message_revisions',
  {
    id: uuid().primaryKey(),
    messageId: uuid()
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
    text: text().notNull(),
    editedAt: at().notNull(),
    receivedAt: at().notNull().defaultNow(),
  },
  (t) => [uniqueIndex('revisions_unique').on(t.messageId, t.editedAt, sql`md5(text)`)],
)

/** Raw payloads for support; deleted after 30 days. */
export const rawPayloads = pgTable(
  'raw_payloads',
  {
    messageId: uuid()
      .primaryKey()
      .references(() => messages.id, { onDelete: 'cascade' }),
    sealed: bytea().notNull(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [index().on(t.createdAt)],
)

export const media = pgTable(
  'media',
  {
    id: uuid().primaryKey(),
    brandId: uuid().notNull(),
    accountId: uuid(),
    /** Null: uploaded by an agent and not attached yet. */
    messageId: uuid().references(() => messages.id, { onDelete: 'cascade' }),
    position: integer().notNull().default(0),
    kind: text().$type<MediaKind>().notNull(),
    state: text().$type<MediaState>().notNull(),
    /** Why it failed: a stable code. */
    reason: text(),
    /** The platform's id of the file; with the message unique, so that a repeated edit adds nothing. */
    externalId: text(),
    /** `ExternalMedia`, sealed: what `download` needs. */
    referenceSealed: bytea(),
    name: text(),
    /** Sniffed once the file is here; the platform's claim before. */
    mimeType: text(),
    bytes: bigint({ mode: 'number' }),
    /** Hex SHA-256: the file's name in the store. */
    sha256: text(),
    width: integer(),
    height: integer(),
    durationMs: integer(),
    uploadedBy: text(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [index().on(t.messageId), uniqueIndex('media_external').on(t.messageId, t.externalId), index().on(t.sha256)],
)

/** What was already taken in. Holds only an HMAC, so it may outlive erasure. */
export const inboundKeys = pgTable(
  'inbound_keys',
  {
    accountId: uuid().notNull(),
    key: bytea().notNull(),
    /** For deletes: the platform's time of it. For the rest: when it came. */
    at: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.key] })],
)

/** Genuine, but could not be read or stored. Nothing is lost: replayed after a fix. */
export const inboundUnread = pgTable(
  'inbound_unread',
  {
    id: uuid().primaryKey(),
    accountId: uuid()
      .notNull()
      .references(() => accounts.id),
    /** `request`: a whole HTTP request; `raw`: a payload for `reread`; `event`: a parsed event that could not be stored. */
    kind: text().$type<'request' | 'raw' | 'event'>().notNull(),
    sealed: bytea().notNull(),
    reason: text().notNull(),
    attempts: integer().notNull().default(0),
    receivedAt: at().notNull().defaultNow(),
    /** Done with: it was read, or somebody discarded it. */
    replayedAt: at(),
    discardedBy: text(),
  },
  (t) => [index('inbound_unread_open').on(t.receivedAt).where(sql`replayed_at is null`)],
)

export const deliveries = pgTable(
  'deliveries',
  {
    id: uuid().primaryKey(),
    /** Order within a thread. */
    position: serial64(),
    messageId: uuid()
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
    ticketId: uuid().notNull(),
    threadId: uuid()
      .notNull()
      .references(() => threads.id),
    accountId: uuid().notNull(),
    part: integer().notNull(),
    text: text().notNull(),
    mediaIds: uuid().array().notNull().default(sql`'{}'`),
    state: text().$type<DeliveryState>().notNull().default('queued'),
    attempt: integer().notNull().default(0),
    notBefore: at().notNull().defaultNow(),
    /** A retry after this time fails as expired. */
    expiresAt: at().notNull(),
    leaseUntil: at(),
    /** Fence of the account lease it was claimed under. */
    fence: bigint({ mode: 'number' }),
    externalId: text(),
    reasonCode: text(),
    reason: jsonb().$type<Bilingual>(),
    automatic: boolean().notNull().default(false),
    /** An attempt ended in doubt once: the adapter is told, when a person asks for another. */
    doubted: boolean().notNull().default(false),
    /** What the platform bills for this one, should it be sent; in the currency of the channel's capabilities. */
    cost: doublePrecision(),
    /** A person carries it out, with a task: it is never claimed. */
    byHand: boolean().notNull().default(false),
    /** An unknown one a person chose to write past. */
    passedOver: boolean().notNull().default(false),
    createdAt: at().notNull().defaultNow(),
    settledAt: at(),
  },
  (t) => [
    index('deliveries_message').on(t.messageId, t.part),
    index('deliveries_due').on(t.accountId, t.position).where(sql`state = 'queued' and not by_hand`),
    index('deliveries_open').on(t.threadId, t.position).where(sql`state in ('queued','claimed','sending','unknown')`),
    index('deliveries_leased').on(t.leaseUntil).where(sql`state in ('claimed','sending')`),
    index('deliveries_external').on(t.accountId, t.externalId),
    index('deliveries_attention').on(t.ticketId).where(sql`state in ('failed','unknown')`),
    index('deliveries_thread_time').on(t.threadId, t.createdAt),
    index('deliveries_billed').on(t.accountId, t.settledAt).where(sql`state in ('sent','delivered','read')`),
    check('deliveries_state', sql.raw(`state in (${deliveryStates.map((s) => `'${s}'`).join(',')})`)),
  ],
)

/** Something a person has to do by a time: a reply that is carried out by hand, or work for another department. */
export const tasks = pgTable(
  'tasks',
  {
    id: uuid().primaryKey(),
    brandId: uuid().notNull(),
    ticketId: uuid()
      .notNull()
      .references(() => tickets.id),
    kind: text().$type<TaskKind>().notNull(),
    /** Of `department`: which one. */
    departmentId: uuid(),
    /** The reply it carries out. */
    messageId: uuid().references(() => messages.id, { onDelete: 'cascade' }),
    /** What is to be done, or said. */
    text: text().notNull(),
    dueAt: at().notNull(),
    assigneeId: text(),
    state: text().$type<TaskState>().notNull().default('open'),
    /** Tries that did not reach the person, oldest first. */
    tries: jsonb().$type<{ at: string; by: string; name: string; note: string | null }[]>().notNull().default([]),
    /** What came of it. */
    result: text(),
    createdBy: text().notNull(),
    createdName: text().notNull(),
    doneBy: text(),
    doneName: text(),
    doneAt: at(),
    createdAt: at().notNull(),
  },
  (t) => [
    index('tasks_due').on(t.brandId, t.dueAt, t.id).where(sql`state = 'open'`),
    index('tasks_ticket').on(t.ticketId),
    index('tasks_department').on(t.departmentId, t.dueAt, t.id).where(sql`department_id is not null`),
    uniqueIndex('tasks_message').on(t.messageId),
    check('tasks_state', sql.raw(`state in (${taskStates.map((s) => `'${s}'`).join(',')})`)),
  ],
)

/** The live stream. Read after a cursor of (xid, id) below the snapshot's horizon: see `live/read.ts`. */
export const events = pgTable(
  'events',
  {
    id: serial64(),
    xid: xid8().notNull().default(sql`pg_current_xact_id()`),
    brandId: uuid().notNull(),
    type: text().notNull(),
    ticketId: uuid(),
    version: integer(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.xid, t.id] }), index().on(t.createdAt)],
)

/** Everything that must follow, as a row with a due time. Handlers are idempotent. */
export const dueWork = pgTable(
  'due_work',
  {
    id: uuid().primaryKey(),
    kind: text().notNull(),
    accountId: uuid(),
    /** The thing it is about: a message, a ticket, a delivery. One open row per kind and subject. */
    subject: text().notNull(),
    /** Sealed when it holds a person's words. */
    payload: jsonb(),
    payloadSealed: bytea(),
    dueAt: at().notNull().defaultNow(),
    leaseUntil: at(),
    /** Rises with every claim: who holds an older number has lost the row. */
    claims: integer().notNull().default(0),
    /** Runs since it was last asked for; zero while claimed: it was asked for again meanwhile. */
    attempts: integer().notNull().default(0),
    /** Failed too often: waits for a person, with the reason and a replay button. */
    parkedAt: at(),
    reason: text(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('due_work_subject').on(t.kind, t.subject),
    // With 100,000 rows of one kind due and no statistics yet, a claim by `due_at` alone took 400 ms; so it takes 2.
    index('due_work_due').on(t.kind, t.dueAt).where(sql`parked_at is null`),
  ],
)

export const pollCursors = pgTable(
  'poll_cursors',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id),
    stream: text().notNull(),
    cursor: text(),
    hint: text(),
    nextAt: at().notNull().defaultNow(),
    updatedAt: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.stream] })],
)

/** One node polls, listens and sends for an account. `fence` rises with every change of hands. */
export const accountLeases = pgTable('account_leases', {
  accountId: uuid()
    .primaryKey()
    .references(() => accounts.id),
  node: text().notNull(),
  fence: bigint({ mode: 'number' }).notNull(),
  expiresAt: at().notNull(),
})

export const adapterState = pgTable(
  'adapter_state',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id),
    key: text().notNull(),
    valueSealed: bytea(),
    leaseHolder: text(),
    leaseUntil: at(),
    updatedAt: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.key] })],
)

/** What an account used, by the hour: calls, reads, replies, and what they cost. */
export const accountUsage = pgTable(
  'account_usage',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id),
    hour: at().notNull(),
    kind: text().notNull(),
    count: integer().notNull(),
    cost: doublePrecision().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.hour, t.kind] })],
)

/** One redacted exchange with a platform. */
export const channelLog = pgTable(
  'channel_log',
  {
    id: uuid().primaryKey(),
    accountId: uuid().notNull(),
    deliveryId: uuid(),
    at: at().notNull().defaultNow(),
    method: text().notNull(),
    url: text().notNull(),
    status: integer(),
    durationMs: integer().notNull(),
    request: text(),
    response: text(),
    error: text(),
  },
  (t) => [index().on(t.accountId, t.at), index().on(t.deliveryId)],
)

/** What an agent is writing, and scheduled replies (`sendAt`) until they are due. */
export const drafts = pgTable(
  'drafts',
  {
    id: uuid().primaryKey(),
    ticketId: uuid()
      .notNull()
      .references(() => tickets.id),
    userId: text().notNull(),
    /** The whole request, as `POST /replies` takes it. */
    body: jsonb().notNull(),
    revision: integer().notNull().default(1),
    sendAt: at(),
    /** Why a scheduled reply was not sent: a refusal code. */
    refused: text(),
    createdAt: at().notNull().defaultNow(),
    updatedAt: at().notNull().defaultNow(),
  },
  (t) => [uniqueIndex('drafts_one').on(t.ticketId, t.userId).where(sql`send_at is null`), index().on(t.ticketId)],
)

/**
 * Who has which ticket open, a row for each open page of the desk; made UNLOGGED by its migration. Rows count until
 * `expiresAt` and are renewed meanwhile; a crash of the database may empty it.
 */
export const presence = pgTable(
  'presence',
  {
    userId: text().notNull(),
    /** The page's own id: one page shows one ticket. */
    page: uuid().notNull(),
    /** Null: the page shows none any more. */
    ticketId: uuid(),
    brandId: uuid(),
    typing: boolean().notNull().default(false),
    /** Since when this page means to answer the customer: the newest of a ticket holds it. */
    claimedAt: at(),
    /** Counts the page's own reports: one that comes late changes nothing. */
    sequence: bigint({ mode: 'number' }).notNull(),
    expiresAt: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.page] }), index().on(t.ticketId)],
)

/** Texts agents insert by `/`. */
export const quickReplies = pgTable(
  'quick_replies',
  {
    id: uuid().primaryKey(),
    /** Null: shared. */
    ownerId: text(),
    /** Of a shared one; null: for every brand. */
    brandId: uuid().references(() => brands.id, { onDelete: 'cascade' }),
    /** In lower case. */
    shortcut: text().notNull(),
    title: text().notNull(),
    zh: text().notNull(),
    en: text().notNull(),
    createdAt: at().notNull().defaultNow(),
    updatedAt: at().notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('quick_replies_own').on(t.ownerId, t.shortcut).where(sql`owner_id is not null`),
    uniqueIndex('quick_replies_shared')
      .on(sql`coalesce(brand_id, '00000000-0000-0000-0000-000000000000')`, t.shortcut)
      .where(sql`owner_id is null`),
  ],
)

/** Lists of the queue somebody kept: a view with its filters and its order. What each shows is what its reader may see. */
export const savedViews = pgTable(
  'saved_views',
  {
    id: uuid().primaryKey(),
    /** Null: shared. */
    ownerId: text(),
    name: text().notNull(),
    view: text().notNull(),
    /** The part of the desk's address behind `?`. */
    search: jsonb().$type<Record<string, string>>().notNull(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [index().on(t.ownerId)],
)

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    actor: text().notNull(),
    ticketId: uuid().notNull(),
    key: text().notNull(),
    bodyHash: text().notNull(),
    status: integer().notNull(),
    response: jsonb().notNull(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.actor, t.ticketId, t.key] }), index().on(t.createdAt)],
)

/** Keys for programs: `hx_<id>_<secret>`; only a hash of the secret is kept. */
export const apiKeys = pgTable('api_keys', {
  id: uuid().primaryKey(),
  name: text().notNull(),
  secretHash: bytea().notNull(),
  role: text().$type<'administrator' | 'supervisor' | 'agent'>().notNull(),
  /** Null: every brand. */
  brandIds: uuid().array(),
  expiresAt: at(),
  createdBy: text(),
  createdAt: at().notNull().defaultNow(),
  lastUsedAt: at(),
  revokedAt: at(),
})

/** People's and administrators' acts. `seq` and `hash` are filled by the sealer, once a second. */
export const audit = pgTable(
  'audit',
  {
    id: serial64(),
    at: at().notNull().defaultNow(),
    actor: text().notNull(),
    action: text().notNull(),
    subject: text().notNull(),
    detail: jsonb().notNull().default({}),
    seq: bigint({ mode: 'number' }),
    hash: bytea(),
  },
  (t) => [
    primaryKey({ columns: [t.id] }),
    uniqueIndex().on(t.seq),
    index('audit_unsealed').on(t.id).where(sql`seq is null`),
    // A ticket's history is read from here.
    index('audit_tickets').on(t.subject, t.id).where(sql`starts_with(subject, 'ticket:')`),
  ],
)
