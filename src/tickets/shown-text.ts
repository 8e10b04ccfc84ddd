import { sql } from 'drizzle-orm'

/** The text that is shown of a message `m`: the newest revision's, else the first. */
export const shownText = sql`coalesce((
  select r.text from message_revisions r where r.message_id = m.id order by r.edited_at desc, r.id desc limit 1
), m.text, '')`
