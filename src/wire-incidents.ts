/** The wire shapes of incidents: one cause behind many tickets, and one answer to all of them. */
import { z } from 'zod'

const Id = z.uuid()
const Time = z.iso.datetime()
const Person = z.object({ id: z.string(), name: z.string() })
const Text = z.object({ en: z.string(), zh: z.string() })
const ids = z.array(Id).min(1).max(500)
const title = z.string().trim().min(1).max(200)

export const IncidentState = z.enum(['open', 'resolved'])
export const AnswerState = z.enum(['running', 'stopped', 'done'])
/** `withdrawn`: was queued, and taken back before it left. */
export const SendState = z.enum(['waiting', 'written', 'refused', 'stopped', 'withdrawn'])

export const IncidentAnswer = z
  .object({
    id: Id,
    state: AnswerState,
    zh: z.string(),
    en: z.string(),
    /** In whose name. */
    by: Person,
    /** Why it stopped by itself: `author_gone`. */
    reason: z.string().nullable(),
    createdAt: Time,
    endedAt: Time.nullable(),
    /** Tickets by what became of it there. `written` is in the queue or beyond; of these `sent` and `failed` are told apart. */
    counts: z.object({
      waiting: z.int(),
      written: z.int(),
      sent: z.int(),
      failed: z.int(),
      refused: z.int(),
      stopped: z.int(),
      withdrawn: z.int(),
      /** Tickets of the incident that came later. */
      missing: z.int(),
    }),
    /** Where it could not be written, and why: the first of them. */
    refusals: z.array(z.object({ ticketId: Id, number: z.int(), name: z.string(), code: z.string() })),
  })
  .meta({ id: 'IncidentAnswer' })
export type IncidentAnswer = z.infer<typeof IncidentAnswer>

export const Incident = z
  .object({
    id: Id,
    number: z.int(),
    brandId: Id,
    title: z.string(),
    state: IncidentState,
    version: z.int(),
    tickets: z.int(),
    /** Of these: a customer waits for an answer. */
    unanswered: z.int(),
    createdBy: Person,
    createdAt: Time,
    resolvedAt: Time.nullable(),
  })
  .meta({ id: 'Incident' })
export type Incident = z.infer<typeof Incident>

/** A ticket, as short as a list of many needs it. */
export const TicketRef = z
  .object({
    id: Id,
    number: z.int(),
    status: z.string(),
    channel: z.string(),
    name: z.string(),
    preview: z.string(),
    category: z.string().nullable(),
    createdAt: Time,
    /** The incident it is in. */
    incident: z.object({ id: Id, number: z.int() }).nullable(),
  })
  .meta({ id: 'TicketRef' })
export type TicketRef = z.infer<typeof TicketRef>

/** Why it is suggested: 0 to 100 of its words are the same; the same category; the same model. */
export const AlikeTicket = TicketRef.extend({
  likeness: z.int(),
  sameCategory: z.boolean(),
  sameModel: z.boolean(),
}).meta({ id: 'AlikeTicket' })
export type AlikeTicket = z.infer<typeof AlikeTicket>

export const IncidentDetail = Incident.extend({
  notes: z.array(z.object({ id: Id, text: z.string(), by: Person, createdAt: Time })),
  /** The newest first. */
  answers: z.array(IncidentAnswer),
}).meta({ id: 'IncidentDetail' })
export type IncidentDetail = z.infer<typeof IncidentDetail>

export const IncidentQuery = z.strictObject({
  state: IncidentState.default('open'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().max(500).optional(),
})
export type IncidentQuery = z.infer<typeof IncidentQuery>
export const IncidentPage = z.object({ incidents: z.array(Incident), next: z.string().nullable() })
export type IncidentPage = z.infer<typeof IncidentPage>

export const MemberQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: Id.optional(),
})
export const MemberPage = z.object({ tickets: z.array(TicketRef), next: Id.nullable() })
export type MemberPage = z.infer<typeof MemberPage>

export const NewIncident = z.strictObject({ title, ticketIds: ids })
export type NewIncident = z.infer<typeof NewIncident>
export const IncidentPatch = z.strictObject({
  title: title.optional(),
  state: IncidentState.optional(),
  /** The version that was changed: 409 `version_conflict` when it is another by now. */
  version: z.int(),
})
export type IncidentPatch = z.infer<typeof IncidentPatch>
export const IncidentMembers = z.strictObject({ ticketIds: ids })
/** What became of each ticket that was named. */
export const MembersChanged = z.object({
  changed: z.array(Id),
  /** In another incident already. */
  elsewhere: z.array(Id),
})
export type MembersChanged = z.infer<typeof MembersChanged>
export const NewIncidentNote = z.strictObject({ text: z.string().trim().min(1).max(20_000) })

const words = z.string().trim().max(20_000)
const oneText = { error: 'one of the two texts is needed', path: ['zh'] }
export const AnswerTexts = z
  .strictObject({ zh: words, en: words })
  .refine(({ zh, en }) => zh !== '' || en !== '', oneText)
export type AnswerTexts = z.infer<typeof AnswerTexts>
export const NewAnswer = z
  .strictObject({ /** Made by the client: the same one twice is started once. */ id: Id, zh: words, en: words })
  .refine(({ zh, en }) => zh !== '' || en !== '', oneText)
export type NewAnswer = z.infer<typeof NewAnswer>

export const AnswerPreview = z
  .object({
    can: z.int(),
    cannot: z.int(),
    /** Those that cannot be answered first; 200 at most. */
    tickets: z.array(
      TicketRef.extend({
        language: z.enum(['zh', 'en']),
        surface: z.enum(['direct', 'public']).nullable(),
        /** Calls to the platform it takes. */
        parts: z.int(),
        /** Becomes a task for a person. */
        byHand: z.boolean(),
        refusal: z.object({ code: z.string(), reason: Text.nullable() }).nullable(),
      }),
    ),
  })
  .meta({ id: 'AnswerPreview' })
export type AnswerPreview = z.infer<typeof AnswerPreview>

/** What may belong together with a ticket. */
export const RelatedTickets = z
  .object({
    incident: Incident.pick({ id: true, number: true, title: true, state: true }).nullable(),
    /** The same person's other tickets, the newest first. */
    person: z.array(TicketRef),
    /** Other tickets about the device with the same serial number. */
    device: z.array(TicketRef),
    /** Other people's tickets that say the same, the likest first. */
    alike: z.array(AlikeTicket),
  })
  .meta({ id: 'RelatedTickets' })
export type RelatedTickets = z.infer<typeof RelatedTickets>
