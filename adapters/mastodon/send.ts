/** A reply → one post. https://docs.joinmastodon.org/methods/statuses/#create, read 2026-11-24 */
import { NoAnswer, ReadError, SendError } from '#channel/errors.ts'
import type { Reply, Sent } from '#channel/reply.ts'
import type { Tools } from '#channel/tools.ts'
import { type Answer, type Api, isOk } from './api.ts'
import { capabilities } from './capabilities.ts'
import { keptWarning, withMention } from './compose.ts'
import { isWeb } from './media.ts'
import { findPlace, type Place } from './place.ts'
import { failure, refusalOfPost } from './refuse.ts'
import { texts } from './texts.ts'
import { forgetUploads, upload } from './upload.ts'

export async function send(api: Api, tools: Tools, reply: Reply): Promise<Sent> {
  const place = await findPlace(api, reply, tools.now())
  const files = await upload(api, tools, reply)
  try {
    const sent = await post(api, tools, reply, place, files)
    await forgetUploads(tools, reply)
    return sent
  } catch (error) {
    if (error instanceof SendError && error.outcome === 'rejected') await forgetUploads(tools, reply)
    throw error
  }
}

async function post(api: Api, tools: Tools, reply: Reply, place: Place, files: readonly string[]): Promise<Sent> {
  const status = withMention(reply.text, place.acct)
  const warning = keptWarning(place.warning)
  const body = JSON.stringify({
    status,
    in_reply_to_id: place.parentId,
    visibility: place.visibility,
    ...(warning === '' ? {} : { spoiler_text: warning }),
    ...(files.length === 0 ? {} : { media_ids: files }),
    // Who is named in a private post can read it: the server refuses names that are not here.
    ...(place.visibility === 'direct' ? { allowed_mentions: place.readers } : {}),
  })
  const answer = await ask(api, {
    method: 'POST',
    path: '/api/v1/statuses',
    // The same answer for the same key, and no second post, for an hour.
    headers: { 'content-type': 'application/json', 'idempotency-key': reply.deliveryId },
    body,
    signal: reply.signal,
    timeoutMs: capabilities.timeoutMs.call,
  })
  const { id, url } = (answer.body ?? {}) as { id?: unknown; url?: unknown }
  if (!isOk(answer) || typeof id !== 'string' || id === '') {
    throw refusalOfPost(answer, tools.now(), [...`${warning}${status}`].length)
  }
  const address = place.visibility !== 'direct' && typeof url === 'string' && isWeb(url) ? url : null
  return { externalId: id, url: address }
}

async function ask(api: Api, request: Parameters<Api>[0]): Promise<Answer> {
  try {
    return await api(request)
  } catch (cause) {
    // An answer too large to read is an answer: the post may be there.
    if (cause instanceof ReadError) throw failure('unknown', 'platform_error', texts.unclear, { cause })
    if (!(cause instanceof NoAnswer)) throw cause
    if (cause.mayHaveLeft) throw failure('unknown', 'no_answer', texts.unclear, { cause })
    throw failure('retry', 'unreachable', texts.away, { cause })
  }
}
