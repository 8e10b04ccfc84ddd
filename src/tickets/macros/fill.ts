import { eq } from 'drizzle-orm'
import type { Actor } from '../../auth/actor.ts'
import type { Tx } from '../../db/client.ts'
import { brands, contacts } from '../../db/schema.ts'
import { quickReplyVariables } from '../../wire-quick-replies.ts'
import type { TicketRow } from '../lock-ticket.ts'

/** A macro's text for one ticket, with what stands between braces filled in. */
export async function fillWords(tx: Tx, actor: Actor, ticket: TicketRow, text: string): Promise<string> {
  if (!text.includes('{{')) return text
  const [contact] = await tx.select({ name: contacts.name }).from(contacts).where(eq(contacts.id, ticket.contactId))
  const [brand] = await tx.select({ name: brands.name }).from(brands).where(eq(brands.id, ticket.brandId))
  const values = {
    customer: contact?.name ?? '',
    ticket: `#${ticket.number}`,
    agent: actor.name,
    brand: brand?.name ?? '',
  }
  return text.replace(/\{\{(?<name>[^{}]*)\}\}/gu, (whole: string, name: string) => {
    const known = Object.entries(quickReplyVariables).find(([word]) => word === name.trim())
    return (known && (values as { readonly [word: string]: string | undefined })[known[1]]) ?? whole
  })
}
