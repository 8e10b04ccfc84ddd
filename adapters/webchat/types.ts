import { z } from 'zod'

/** Made by the widget for each message, so that the same one twice is one. */
export const ClientId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/u)
export const Language = z.enum(['zh-CN', 'en'])
export type Language = z.infer<typeof Language>

export const longestText = 4000

export const MessagePost = z.strictObject({
  id: ClientId,
  text: z.string().refine((text) => text.trim() !== '' && [...text].length <= longestText),
  language: Language.default('zh-CN'),
})

export const FileQuery = z.strictObject({
  id: ClientId,
  name: z.string().max(300).default(''),
  language: Language.default('zh-CN'),
})

export const ReceiptPost = z.strictObject({
  status: z.enum(['delivered', 'read']),
  lines: z
    .array(z.strictObject({ id: z.uuid(), code: z.string().max(100) }))
    .min(1)
    .max(100),
})

const Visitor = z.object({
  id: z.string().min(1).max(300),
  /** Null: unknown. */
  name: z.string().max(200).nullable(),
  handle: z.string().max(300).nullable(),
})
export type Visitor = z.infer<typeof Visitor>

/** A message as it is kept, and read again. */
export const Payload = z.object({
  visitor: Visitor,
  id: ClientId,
  text: z.string().max(longestText * 2),
  at: z.iso.datetime(),
  language: Language,
  file: z
    .object({
      key: z.string(),
      kind: z.enum(['photo', 'video', 'audio', 'document']),
      name: z.string().nullable(),
      mimeType: z.string(),
      bytes: z.number().int().nonnegative(),
      width: z.number().int().nonnegative().nullable(),
      height: z.number().int().nonnegative().nullable(),
    })
    .nullable(),
})
export type Payload = z.infer<typeof Payload>
