import { z } from 'zod'

const Time = z.iso.datetime()
const Text = z.object({ en: z.string(), zh: z.string() })

/** Field → column, counted from 0. */
export const ImportMapping = z.record(z.string().max(50), z.int().min(0).max(999))

export const Import = z
  .object({
    id: z.uuid(),
    accountId: z.uuid(),
    /** `uploaded`: looked at, and not begun. `running`, also while it waits for its turn. */
    state: z.enum(['uploaded', 'running', 'done', 'failed']),
    fileName: z.string(),
    rows: z.int(),
    /** Of `rows`, so far. */
    doneRows: z.int(),
    fresh: z.int(),
    /** There already. */
    known: z.int(),
    bad: z.int(),
    /** Why it failed: a stable code. */
    reason: z.string().nullable(),
    startedBy: z.object({ id: z.string(), name: z.string() }),
    createdAt: Time,
    endedAt: Time.nullable(),
  })
  .meta({ id: 'Import' })
export type Import = z.infer<typeof Import>

/** What would come of a file. */
export const ImportPreview = z
  .object({
    columns: z.array(z.string()),
    encoding: z.string(),
    mapping: ImportMapping,
    /** Fields that no column is chosen for, and without which nothing can be imported. */
    missing: z.array(z.string()),
    good: z.int(),
    bad: z.int(),
    /** The first rows, as they will be shown. */
    first: z.array(
      z.object({
        line: z.int(),
        author: z.string(),
        text: z.string(),
        context: z.string().nullable(),
        url: z.string().nullable(),
        sentAt: Time,
      }),
    ),
    /** The first bad ones. `column`s are not told: the reason is. */
    problems: z.array(z.object({ line: z.int(), code: z.string(), text: Text, cells: z.array(z.string()) })),
  })
  .meta({ id: 'ImportPreview' })
export type ImportPreview = z.infer<typeof ImportPreview>

export const Uploaded = z.object({ import: Import, preview: ImportPreview })
export type Uploaded = z.infer<typeof Uploaded>

export const ImportChoice = z.strictObject({ mapping: ImportMapping })
export const UploadQuery = z.strictObject({ name: z.string().trim().min(1).max(255) })
