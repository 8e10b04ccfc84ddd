import { and, eq, sql } from 'drizzle-orm'
import type { Actor } from '../auth/actor.ts'
import { cleanText } from '../channel/text.ts'
import type { Tx } from '../db/client.ts'
import { authUser } from '../db/schema.ts'
import { unprocessable } from '../problem.ts'

/** Who a ticket or a task is given to: `me`, an id, or null. Throws 422 `assignee_unknown`. */
export async function assigneeOf(
  tx: Tx,
  actor: Actor,
  work: { readonly brandId: string; readonly assigneeId: string | null },
  wanted: string | null,
): Promise<string | null> {
  const id = wanted === 'me' ? actor.id : wanted
  if (id === null || id === work.assigneeId) return id
  const [user] = await tx
    .select({ id: authUser.id })
    .from(authUser)
    .where(
      and(
        eq(authUser.id, cleanText(id)),
        eq(authUser.banned, false),
        sql`(${authUser.role} = 'administrator' or exists (
          select from brand_members where user_id = ${authUser.id} and brand_id = ${work.brandId}
        ))`,
      ),
    )
  // The same answer for nobody, a disabled user, a program, and one who does not see this brand.
  if (!user) throw unprocessable('assignee_unknown', 'Nobody of that name can work on this ticket.')
  return user.id
}
