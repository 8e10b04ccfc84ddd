/** The wire shapes of what is known of a person: notes, fields, a block, and people who may be one. */
import { z } from 'zod'
import { Id } from './wire.ts'

const Time = z.iso.datetime()
const By = z.object({ id: z.string(), name: z.string() })

export const ContactNote = z
  .object({ id: Id, text: z.string(), by: By, createdAt: Time, mine: z.boolean() })
  .meta({ id: 'ContactNote' })
export type ContactNote = z.infer<typeof ContactNote>
export const NewContactNote = z.strictObject({ text: z.string().trim().min(1).max(4_000) })

export const FieldType = z.enum(['text', 'date', 'choice'])
const Title = z.object({ en: z.string().trim().min(1).max(60), zh: z.string().trim().min(1).max(60) })
export const ContactField = z
  .object({
    id: Id,
    /** For programs and rules; never changes. */
    key: z.string(),
    title: Title,
    type: FieldType,
    choices: z.array(z.string()),
  })
  .meta({ id: 'ContactField' })
export type ContactField = z.infer<typeof ContactField>

const Choices = z.array(z.string().trim().min(1).max(100)).max(100)
const needsChoices = ({ type, choices }: { type?: string | undefined; choices?: readonly string[] | undefined }) =>
  type !== 'choice' || (choices?.length ?? 0) > 0
export const NewContactField = z
  .strictObject({
    key: z
      .string()
      .trim()
      .regex(/^[a-z][a-z0-9_]{0,39}$/u),
    title: Title,
    type: FieldType,
    choices: Choices.default([]),
  })
  .refine(needsChoices, { path: ['choices'], error: 'A choice needs something to choose.' })
export type NewContactField = z.infer<typeof NewContactField>
/** The type and the key stay: values are there already. */
export const ContactFieldPatch = z.strictObject({
  title: Title.optional(),
  choices: Choices.min(1).optional(),
  /** Where it stands among the others, from 1. */
  position: z.int().min(1).max(1_000).optional(),
})
export type ContactFieldPatch = z.infer<typeof ContactFieldPatch>

/** By the field's id; null takes it away. */
export const ContactValues = z.strictObject({ values: z.record(Id, z.string().trim().max(500).nullable()) })
export type ContactValues = z.infer<typeof ContactValues>

export const PersonLike = z.object({
  id: Id,
  name: z.string(),
  /** What the platforms call them, and where. */
  identities: z.array(z.object({ channel: z.string(), name: z.string(), handle: z.string().nullable() })),
  tickets: z.int(),
})

export const PersonMerge = z.object({ id: Id, at: Time, by: By, from: PersonLike.pick({ id: true, name: true }) })

/** What the panel shows beside the person themselves. */
export const PersonDetail = z
  .object({
    id: Id,
    notes: z.array(ContactNote),
    /** By the field's id. */
    values: z.record(z.string(), z.string()),
    block: z.object({ by: By, at: Time }).nullable(),
    /** What they wrote while blocked: in no ticket. The newest 20 of all. */
    kept: z.object({ count: z.int(), posts: z.array(z.object({ id: Id, text: z.string(), at: Time })) }),
    /** People who may be the same, and why. */
    alike: z.array(PersonLike.extend({ why: z.enum(['phone', 'email', 'handle', 'serial']) })),
    /** Merges that can be taken back, newest first. */
    merges: z.array(PersonMerge),
  })
  .meta({ id: 'PersonDetail' })
export type PersonDetail = z.infer<typeof PersonDetail>

export const PersonMergeInto = z.strictObject({ into: Id })
export const PersonMerged = z.object({ mergeId: Id, contactId: Id })
export type PersonMerged = z.infer<typeof PersonMerged>
/** The unfinished tickets that are closed with it. */
export const Blocked = z.object({ closed: z.int() })
