/** Triage rules: what they ask of a new message, and what they do to its ticket. */
import { z } from 'zod'

const Time = z.iso.datetime()
const Surface = z.enum(['direct', 'public'])
const Priority = z.enum(['low', 'normal', 'high', 'urgent'])
/** One entry of a list of words: `word`, `begin*`, or `one & other` in one sentence. */
const Word = z.string().trim().min(1).max(100)

/** `not: true`: the condition holds where it otherwise would not. */
const not = z.boolean().default(false)

export const RuleCondition = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('words'),
    not,
    /** One of them is enough. */
    words: z.array(Word).min(1).max(400),
    /** Sayings in which the words mean something else. */
    except: z.array(Word).max(400).default([]),
    /** `skip`: “no smoke” is no hit. `count`: it is. */
    negated: z.enum(['skip', 'count']).default('skip'),
  }),
  z.strictObject({ type: z.literal('pattern'), not, pattern: z.string().min(1).max(500) }),
  z.strictObject({ type: z.literal('channel'), not, any: z.array(z.string().max(50)).min(1).max(50) }),
  z.strictObject({ type: z.literal('surface'), not, any: z.array(Surface).min(1).max(2) }),
  /** Never holds where nobody knows how many. */
  z.strictObject({ type: z.literal('followers'), not, min: z.int().min(0).max(1_000_000_000) }),
  z.strictObject({ type: z.literal('language'), not, any: z.array(z.string().max(8)).min(1).max(20) }),
  z.strictObject({
    type: z.literal('hour'),
    not,
    /** From this hour on, to the end of the hour before `to`; over midnight where `from` is the later. */
    from: z.int().min(0).max(23),
    to: z.int().min(0).max(24),
    timeZone: z.string().max(60).default('Asia/Shanghai'),
  }),
  /** The person has had at least so many tickets in so many days, this one among them. */
  z.strictObject({
    type: z.literal('history'),
    not,
    tickets: z.int().min(1).max(1000),
    days: z.int().min(1).max(3650),
  }),
  /** As the ticket is by then, rules before this one included; a category counts for all below it. Null: it has none. */
  z.strictObject({ type: z.literal('category'), not, any: z.array(z.string().max(100).nullable()).min(1).max(100) }),
  /** One of these facts is neither known nor written in this message. */
  z.strictObject({
    type: z.literal('missing'),
    not,
    facts: z
      .array(z.enum(['model', 'serial', 'purchasedOn', 'proofId']))
      .min(1)
      .max(4),
  }),
])
export type RuleCondition = z.infer<typeof RuleCondition>

export const RuleAction = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('category'),
    to: z.string().min(1).max(100),
    /** Also over one that another rule has set. Never over a person's. */
    replace: z.boolean().default(false),
  }),
  z.strictObject({
    type: z.literal('priority'),
    to: Priority,
    /** Left false, it only ever raises. */
    lower: z.boolean().default(false),
  }),
  z.strictObject({ type: z.literal('tag'), tag: z.string().trim().min(1).max(50) }),
  z.strictObject({ type: z.literal('team'), to: z.uuid() }),
  /** Only where nobody has it yet. */
  z.strictObject({ type: z.literal('assignee'), to: z.string().min(1).max(200) }),
  z
    .strictObject({ type: z.literal('question'), en: z.string().trim().max(2000), zh: z.string().trim().max(2000) })
    .refine(({ en, zh }) => en !== '' || zh !== '', {
      path: ['zh'],
      error: 'A text in one of the languages is needed.',
    }),
])
export type RuleAction = z.infer<typeof RuleAction>

export const NewRule = z.strictObject({
  en: z.string().trim().min(1).max(100),
  zh: z.string().trim().min(1).max(100),
  enabled: z.boolean().default(false),
  /** Null: every brand. */
  brandIds: z.array(z.uuid()).min(1).max(1000).nullable().default(null),
  /** All of them have to hold. */
  conditions: z.array(RuleCondition).min(1).max(20),
  actions: z.array(RuleAction).min(1).max(20),
  stops: z.boolean().default(false),
})
export type NewRule = z.infer<typeof NewRule>
export const RulePut = NewRule.extend({
  /** Of the rule as it was read; 409 when it is another. */
  revision: z.int(),
})
export type RulePut = z.infer<typeof RulePut>
export const RuleSwitch = z.strictObject({ enabled: z.boolean() })
export const RuleOrder = z.strictObject({ ids: z.array(z.uuid()).min(1).max(500) })

export const Rule = z
  .object({
    ...NewRule.shape,
    id: z.uuid(),
    revision: z.int(),
    shipped: z.boolean(),
    /** May you change it? */
    mine: z.boolean(),
    /** In 30 days. */
    hits: z.int(),
    lastHit: z.object({ at: Time, ticketId: z.uuid(), number: z.int() }).nullable(),
    failures: z.array(
      z.object({
        code: z.string(),
        at: Time,
        /** Null: no ticket was to blame, or you do not see it. */
        ticket: z.object({ id: z.uuid(), number: z.int() }).nullable(),
      }),
    ),
    /** When failures switched it off. */
    failedAt: Time.nullable(),
    /** What it names and is not there any more: `category_gone`, `team_gone`, `assignee_gone`. */
    gone: z.array(z.string()),
  })
  .meta({ id: 'Rule' })
export type Rule = z.infer<typeof Rule>

export const RuleTest = z.strictObject({
  text: z.string().min(1).max(10_000),
  channel: z.string().max(50).optional(),
  surface: Surface.default('direct'),
  brandId: z.uuid().optional(),
  /** Left out: as the text seems to be. */
  language: z.string().max(8).optional(),
  /** 0–23, in `timeZone`. Left out: now. */
  hour: z.int().min(0).max(23).optional(),
  timeZone: z.string().max(60).default('Asia/Shanghai'),
  followers: z.int().min(0).nullable().default(null),
  /** Tickets this person has had lately, this one included. */
  history: z.int().min(1).max(1000).default(1),
  /** Also those that are switched off. */
  all: z.boolean().default(false),
})
export type RuleTest = z.infer<typeof RuleTest>

/** A piece of the text, and why it counts or does not. */
export const RuleMark = z.object({
  word: z.string(),
  from: z.int(),
  to: z.int(),
  why: z.enum(['hit', 'negated', 'except', 'quoted']),
  /** The negation, or the saying. */
  by: z.string().nullable(),
})
export type RuleMark = z.infer<typeof RuleMark>

export const RuleVerdict = z.object({
  id: z.uuid(),
  en: z.string(),
  zh: z.string(),
  enabled: z.boolean(),
  hits: z.boolean(),
  /** Not asked: a rule before it stopped the rest. */
  stopped: z.boolean(),
  failure: z.string().nullable(),
  conditions: z.array(z.object({ type: z.string(), holds: z.boolean(), marks: z.array(RuleMark) })),
  /** Codes of what it would change. */
  does: z.array(z.string()),
})
export type RuleVerdict = z.infer<typeof RuleVerdict>

const Outcome = z.object({
  category: z.string().nullable(),
  priority: Priority,
  tags: z.array(z.string()),
  team: z.string().nullable(),
  assignee: z.string().nullable(),
  question: z.object({ en: z.string(), zh: z.string() }).nullable(),
})
export const RuleTestResult = z
  .object({ language: z.string(), rules: z.array(RuleVerdict), outcome: Outcome })
  .meta({ id: 'RuleTestResult' })
export type RuleTestResult = z.infer<typeof RuleTestResult>

/** The last tickets, as the rules would have them. Nothing is changed. */
export const RuleDryRun = z
  .object({
    tickets: z.array(
      z.object({
        id: z.uuid(),
        number: z.int(),
        preview: z.string(),
        hits: z.array(z.uuid()),
        now: z.object({ category: z.string().nullable(), priority: Priority }),
        /** What they would be. */
        would: z.object({ category: z.string().nullable(), priority: Priority }),
      }),
    ),
  })
  .meta({ id: 'RuleDryRun' })
export type RuleDryRun = z.infer<typeof RuleDryRun>

export const PreparedQuestion = z
  .object({ en: z.string(), zh: z.string(), rule: z.object({ id: z.uuid(), en: z.string(), zh: z.string() }) })
  .meta({ id: 'PreparedQuestion' })
export type PreparedQuestion = z.infer<typeof PreparedQuestion>
