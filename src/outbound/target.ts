import { eq } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Reply } from '../channel/reply.ts'
import type { Db, Tx } from '../db/client.ts'
import { identities, messages, threads } from '../db/schema.ts'

/** Where a delivery goes, in the platform's ids. Read before every call: a thread may have moved since. */
export async function readTarget(
  db: Db | Tx,
  delivery: { readonly messageId: string },
): Promise<Pick<Reply, 'thread' | 'surface' | 'to' | 'inReplyTo'>> {
  const answered = alias(messages, 'answered')
  const [row] = await db
    .select({
      thread: { externalId: threads.externalId, rootId: threads.rootId },
      surface: messages.surface,
      to: identities.externalId,
      inReplyTo: answered.externalId,
    })
    .from(messages)
    .innerJoin(threads, eq(threads.id, messages.threadId))
    .innerJoin(identities, eq(identities.id, threads.identityId))
    .leftJoin(answered, eq(answered.id, messages.inReplyTo))
    .where(eq(messages.id, delivery.messageId))
  if (!row) throw new Error('a delivery without its message')
  return row
}
