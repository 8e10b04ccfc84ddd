/** In which of the two languages a customer is spoken to: by what they wrote last. */
import { sql } from 'drizzle-orm'
import type { Db, Tx } from '../db/client.ts'
import { languageOf } from '../mentions/language.ts'
import type { Language } from './texts.ts'

export async function languageOfTicket(db: Db | Tx, ticketId: string, otherwise: Language): Promise<Language> {
  const rows = await db.execute<{ text: string }>(sql`
    select coalesce(text, '') as text from messages
    where ticket_id = ${ticketId} and direction = 'inbound' and deleted_at is null
    order by ordered_at desc limit 10`)
  const language = languageOf(rows.map(({ text }) => text).join('\n'))
  if (language === 'zh') return 'zh'
  // Digits and pictures say nothing; whoever writes another language reads English sooner than Chinese.
  return language === 'und' ? otherwise : 'en'
}
