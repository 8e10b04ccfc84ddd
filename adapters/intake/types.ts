/** What the brand's program posts. Strict: a field with another name is an error, not silence. */
import { z } from 'zod'
import type { Kind } from './settings.ts'

/** No control characters: ids stand in logs and addresses. */
const id = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, { error: 'holds characters that are none' })

export const maxFiles = 10
const fileType = z
  .string()
  .max(100)
  .regex(/^[a-z]+\/[a-z0-9.+-]+$/u, { error: 'must be a media type such as image/jpeg' })
const fileName = z.string().trim().min(1).max(200)

const File = z.union(
  [
    z.strictObject({ name: fileName, type: fileType.optional(), data: z.base64({ error: 'must be base64' }).min(4) }),
    z.strictObject({
      name: fileName,
      type: fileType.optional(),
      url: z.url({ protocol: /^https?$/u, error: 'must be an http(s) address' }).max(2_000),
    }),
  ],
  { error: 'must have a name, and data in base64 or a url' },
)
export type PostedFile = z.infer<typeof File>

export const Post = z
  .strictObject({
    /** Of this message, unique for ever: the same id again changes nothing. */
    id: id(200),
    author: z
      .strictObject({
        /** The program's own id of the person. */
        id: id(200).optional(),
        number: z.string().trim().min(1).max(40).optional(),
        name: z.string().trim().max(200).optional(),
        email: z.email().max(254).optional(),
      })
      .refine(({ id: own, number, email }) => own !== undefined || number !== undefined || email !== undefined, {
        error: 'needs an id, a number or an email',
      }),
    /** The conversation, where a person has several. */
    thread: id(200).optional(),
    text: z.string().max(20_000).default(''),
    fields: z
      .record(z.string().trim().min(1).max(60), z.union([z.string().max(1_000), z.number(), z.boolean()]))
      .refine((fields) => Object.keys(fields).length <= 30, { error: 'may be at most 30' })
      .optional(),
    files: z.array(File).max(maxFiles).optional(),
    sentAt: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ text, files = [] }) => text.trim() !== '' || files.length > 0, {
    path: ['text'],
    error: 'says nothing, and there is no file',
  })
export type Post = z.infer<typeof Post>

/** A post with what the account knows of it: `parse` needs nothing else, so the same payload is the same event for ever. */
export const Payload = z.strictObject({
  kind: z.enum(['phone', 'store', 'form', 'app']) satisfies z.ZodType<Kind>,
  country: z.string(),
  receivedAt: z.iso.datetime(),
  post: Post,
})
export type Payload = z.infer<typeof Payload>
