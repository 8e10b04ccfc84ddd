import { z } from 'zod'

/** What an agent calls a person, whatever the platforms call them. */
export const ContactPatch = z.strictObject({ name: z.string().trim().min(1).max(200) })
export type ContactPatch = z.infer<typeof ContactPatch>
