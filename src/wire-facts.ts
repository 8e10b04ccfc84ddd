/** The product a ticket is about, its warranty and its repairs. */
import { z } from 'zod'

const Time = z.iso.datetime()
const Day = z.iso.date()

export const FactField = z.enum(['model', 'serial', 'purchasedOn', 'proofId'])
export type FactField = z.infer<typeof FactField>
/** `text`: read from a message by a pattern. */
export const FactSource = z.enum(['text', 'agent', 'customer'])
export const FactSources = z.partialRecord(FactField, FactSource)
export type FactSources = z.infer<typeof FactSources>

/** Something that stands in a message and may be a fact. */
export const Proposal = z.object({
  field: z.enum(['serial', 'model', 'purchasedOn']),
  value: z.string(),
  messageId: z.uuid(),
})
export type Proposal = z.infer<typeof Proposal>

export const Repair = z.object({
  repairedOn: Day,
  fault: z.string(),
  result: z.string(),
  place: z.string(),
  reference: z.string(),
})
export type Repair = z.infer<typeof Repair>

/** What a brand's own system answers for a serial number; what else it sends is not read. */
export const WarrantyAnswer = z.object({
  model: z.string().max(200).nullish(),
  purchasedOn: Day.nullish(),
  warrantyUntil: Day.nullish(),
  repairs: z
    .array(
      z.object({
        repairedOn: Day,
        fault: z.string().max(2000).default(''),
        result: z.string().max(2000).default(''),
        place: z.string().max(200).default(''),
        reference: z.string().max(100).default(''),
      }),
    )
    .max(200)
    .default([]),
})
export type WarrantyAnswer = z.infer<typeof WarrantyAnswer>

export const TicketFacts = z
  .object({
    model: z.string().nullable(),
    serial: z.string().nullable(),
    purchasedOn: Day.nullable(),
    /** One of the ticket's files. */
    proofId: z.uuid().nullable(),
    sources: FactSources,
    proposals: z.array(Proposal),
    /** 0: nothing was ever written down. */
    revision: z.int(),
    /** By the serial number; null without one, or when nobody knows it. */
    device: z
      .object({
        model: z.string().nullable(),
        purchasedOn: Day.nullable(),
        warrantyUntil: Day.nullable(),
        /** `unknown`: no record says until when. */
        warranty: z.enum(['inside', 'over', 'unknown']),
      })
      .nullable(),
    /** Newest first. */
    repairs: z.array(Repair),
    /** Other tickets of the brand with this serial number. */
    otherTickets: z.array(z.object({ id: z.uuid(), number: z.int() })),
    /** The brand's own system: `none` is configured, it is `asked` now, it `answered`, or could not be asked. */
    source: z.object({
      state: z.enum(['none', 'asked', 'answered', 'failed']),
      reason: z.string().nullable(),
      askedAt: Time.nullable(),
    }),
    /** Files of the customer's messages, of which one may be the proof. */
    files: z.array(z.object({ id: z.uuid(), name: z.string().nullable(), kind: z.string() })),
  })
  .meta({ id: 'TicketFacts' })
export type TicketFacts = z.infer<typeof TicketFacts>

export const FactsPatch = z.strictObject({
  model: z.string().trim().max(200).nullable().optional(),
  serial: z.string().trim().max(40).nullable().optional(),
  purchasedOn: Day.nullable().optional(),
  proofId: z.uuid().nullable().optional(),
  /** Who told it: the agent found out, or the customer said so. */
  source: FactSource.default('agent'),
  /** Proposals that are no facts: `field value`. */
  dismiss: z.array(z.string().max(250)).max(20).optional(),
  /** As it was read; 409 when it is another. */
  revision: z.int().min(0),
})
export type FactsPatch = z.infer<typeof FactsPatch>

export const RepairPreview = z
  .object({
    columns: z.array(z.string()),
    /** Which column holds what; those that were not found are left out. */
    mapping: z.record(z.string(), z.int()),
    /** Fields without which nothing can be imported. */
    missing: z.array(z.string()),
    good: z.int(),
    /** Of the good ones, those that are here already. */
    known: z.int(),
    bad: z.int(),
    first: z.array(z.object({ line: z.int(), serial: z.string(), cells: z.array(z.string()) })),
    problems: z.array(z.object({ line: z.int(), field: z.string(), code: z.string(), value: z.string() })),
  })
  .meta({ id: 'RepairPreview' })
export type RepairPreview = z.infer<typeof RepairPreview>
export const RepairImported = z.object({ added: z.int(), known: z.int(), bad: z.int(), devices: z.int() })
export type RepairImported = z.infer<typeof RepairImported>

/** Where a brand's own system is asked. The token is never answered. */
export const WarrantySource = z
  .object({ brandId: z.uuid(), url: z.string(), hasToken: z.boolean(), updatedAt: Time })
  .meta({ id: 'WarrantySource' })
export type WarrantySource = z.infer<typeof WarrantySource>
export const WarrantySourcePut = z.strictObject({
  /** https, with `{serial}` where the serial number stands. */
  url: z
    .string()
    .trim()
    .max(2000)
    .refine((url) => URL.parse(url.replaceAll('{serial}', '0'))?.protocol === 'https:' && url.includes('{serial}'), {
      error: 'An https address with {serial} in it is needed.',
    })
    .refine(
      (url) => {
        const read = URL.parse(url.replaceAll('{serial}', '0'))
        return read !== null && read.username === '' && read.password === '' && !/^https:\/\/[^/?#]*\{/iu.test(url)
      },
      { error: 'No user or password may stand in the address.' },
    ),
  /** Left out: the one that is there stays. Null: none. */
  token: z.string().max(2000).nullable().optional(),
})
export type WarrantySourcePut = z.infer<typeof WarrantySourcePut>
