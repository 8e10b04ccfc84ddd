/** The wire shapes of tasks: what a person has to do by a time. */
import { z } from 'zod'

const Id = z.uuid()
const Time = z.iso.datetime()
const Text = z.object({ en: z.string(), zh: z.string() })
const Person = z.object({ id: z.string(), name: z.string() })

export const TaskState = z.enum(['open', 'done', 'cancelled', 'returned'])

export const Task = z
  .object({
    id: Id,
    /** `reply`: an answer that a person carries out, with a call or in a store. `department`: work for another department. */
    kind: z.enum(['reply', 'department']),
    /** Of `department`: which one. */
    department: z.object({ id: Id, zh: z.string(), en: z.string() }).nullable(),
    state: TaskState,
    /** What the person does, as a button says it: *Call back*. Null where the account is gone. */
    act: Text.nullable(),
    /** What is to be done, or said. */
    text: z.string(),
    dueAt: Time,
    assignee: Person.nullable(),
    ticket: z.object({ id: Id, number: z.int() }),
    accountId: Id,
    channel: z.string(),
    contact: z.object({ id: Id, name: z.string(), handle: z.string().nullable() }),
    /** The reply it carries out. */
    messageId: Id.nullable(),
    /** Tries that did not reach the person, oldest first. */
    tries: z.array(z.object({ at: Time, by: z.string(), name: z.string(), note: z.string().nullable() })),
    result: z.string().nullable(),
    createdBy: Person,
    doneBy: Person.nullable(),
    doneAt: Time.nullable(),
    createdAt: Time,
  })
  .meta({ id: 'Task' })
export type Task = z.infer<typeof Task>

export const TaskQuery = z.strictObject({
  state: TaskState.default('open'),
  /** A user's id, `me`, or `none`. */
  assignee: z.string().max(200).optional(),
  /** `now`: only what is due. */
  due: z.enum(['now']).optional(),
  ticket: Id.optional(),
  department: Id.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().max(500).optional(),
})
export type TaskQuery = z.infer<typeof TaskQuery>

export const TaskPage = z.object({
  /** Open ones by when they are due, the others newest first. */
  tasks: z.array(Task),
  next: z.string().nullable(),
  /** How many of your brands' open tasks are due now. */
  due: z.int(),
})
export type TaskPage = z.infer<typeof TaskPage>

/** What was said, or done: it becomes the reply. */
export const TaskDone = z.strictObject({ text: z.string().trim().min(1).max(100_000) })
export type TaskDone = z.infer<typeof TaskDone>

/** Not reached: when it is tried again. */
export const TaskAgain = z.strictObject({ dueAt: Time, note: z.string().trim().max(1_000).optional() })
export type TaskAgain = z.infer<typeof TaskAgain>

export const TaskPatch = z.strictObject({
  dueAt: Time.optional(),
  /** A user's id, `me`, or null. */
  assignee: z.string().max(200).nullable().optional(),
})
export type TaskPatch = z.infer<typeof TaskPatch>
