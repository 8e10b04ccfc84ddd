/** Did it arrive? Our posts among the answers to the post that was answered. Asking changes nothing at the server. */
import type { Reply, Sent } from '#channel/reply.ts'
import type { Tools } from '#channel/tools.ts'
import { type Api, isOk } from './api.ts'
import { isSameText } from './compose.ts'
import { textOfHtml } from './html.ts'
import { isWeb } from './media.ts'
import { findPlace } from './place.ts'
import { readError } from './refuse.ts'
import { Context, Status } from './types.ts'
import { surfaceOf } from './visibility.ts'

export async function findSent(
  api: Api,
  tools: Tools,
  me: string,
  reply: Omit<Reply, 'signal' | 'media'>,
): Promise<Sent | 'absent' | 'cannot-tell'> {
  // Files alone: two posts without words cannot be told apart.
  if (reply.text.trim() === '') return 'cannot-tell'
  const { parentId, acct } = await findPlace(api, reply, tools.now())
  // https://docs.joinmastodon.org/methods/statuses/#context, read 2026-11-24: with a token up to 4,096 answers.
  const answer = await api({ path: `/api/v1/statuses/${encodeURIComponent(parentId)}/context` })
  if (!isOk(answer)) throw readError(answer, tools.now())
  const context = Context.safeParse(answer.body)
  if (!context.success) return 'cannot-tell'
  const ours = context.data.descendants
    .flatMap((given) => Status.safeParse(given).data ?? [])
    .filter(({ account, in_reply_to_id: parent }) => account.id === me && parent === parentId)
    .find(({ content }) => isSameText(reply.text, textOfHtml(content), acct))
  if (!ours) return 'absent'
  const open = surfaceOf(ours.visibility) === 'public' && ours.url && isWeb(ours.url)
  return { externalId: ours.id, url: open ? ours.url! : null }
}
