/** A reply → a post or a direct message → what is known about it. */
import { z } from 'zod'
import { SendError } from '#channel/errors.ts'
import type { Reply, Sent } from '#channel/reply.ts'
import type { Tools } from '#channel/tools.ts'
import type { Call } from './api.ts'
import { capabilities } from './capabilities.ts'
import type { Client } from './client.ts'
import { sendErrorOf } from './explain.ts'
import { ApiFailure } from './failure.ts'
import { dmId, isPostId, placeOf } from './ids.ts'
import { addressOf } from './post.ts'
import { Id } from './types.ts'
import { createUpload } from './upload.ts'
import type { Versions } from './versions.ts'

const Posted = z.object({ data: z.object({ id: Id, edit_history_tweet_ids: z.array(Id).optional().catch(undefined) }) })
const Delivered = z.object({ data: z.object({ dm_event_id: Id }) })

export function createSend(client: Client, versions: Versions, tools: Tools): (reply: Reply) => Promise<Sent> {
  const upload = createUpload(client)

  return async (reply) => {
    const place = placeOf(reply.thread.externalId)
    if (!place || (place.kind === 'post') !== (reply.surface === 'public')) {
      throw invalid('This conversation has no place on X.', '该会话在 X 上没有对应的位置。')
    }
    if (reply.text === '' && reply.media.length === 0) throw invalid('There is nothing to send.', '没有可发送的内容。')
    let files: string[]
    try {
      files = await upload(reply)
    } catch (error) {
      throw sendErrorOf(error, tools.now(), true)
    }
    try {
      if (place.kind === 'post') return await post(client, await answerTo(reply, versions), reply, files)
      const to = place.kind === 'group' ? place.conversationId : `with/${place.personId}`
      return await message(client, to, reply, files)
    } catch (error) {
      const failure = sendErrorOf(error, tools.now())
      // The same words twice are refused: after a doubt it says that the first time they arrived.
      if (reply.doubted && failure instanceof SendError && failure.code === 'duplicate') return { externalId: null }
      throw failure
    }
  }
}

/** Always as an answer: a name at the head of a post of its own would stand on the account's page for everybody. */
async function answerTo({ inReplyTo }: Reply, versions: Versions): Promise<string> {
  if (!isPostId(inReplyTo)) throw invalid('There is no post to answer.', '没有可回复的帖子。')
  return await versions.latest(inReplyTo)
}

async function post(client: Client, answered: string, reply: Reply, files: readonly string[]): Promise<Sent> {
  const { data } = await client.call({
    ...call(reply, '/2/tweets'),
    body: {
      ...(reply.text === '' ? {} : { text: reply.text }),
      reply: { in_reply_to_tweet_id: answered },
      ...(files.length > 0 ? { media: { media_ids: files } } : {}),
    },
  })
  const posted = Posted.safeParse(data)
  if (!posted.success) throw new ApiFailure('unreadable', 'an answer without a post')
  const { id, edit_history_tweet_ids } = posted.data.data
  return { externalId: edit_history_tweet_ids?.[0] ?? id, url: addressOf(id, client.knownOwner()?.username) }
}

async function message(client: Client, to: string, reply: Reply, files: readonly string[]): Promise<Sent> {
  const { data } = await client.call({
    ...call(reply, `/2/dm_conversations/${to}/messages`),
    body: {
      ...(reply.text === '' ? {} : { text: reply.text }),
      ...(files.length > 0 ? { attachments: files.map((media_id) => ({ media_id })) } : {}),
    },
  })
  const delivered = Delivered.safeParse(data)
  if (!delivered.success) throw new ApiFailure('unreadable', 'an answer without a message')
  return { externalId: dmId(delivered.data.data.dm_event_id) }
}

function call({ signal }: Reply, path: string): Pick<Call, 'method' | 'path' | 'signal' | 'timeoutMs'> {
  return { method: 'POST', path, signal, timeoutMs: capabilities.timeoutMs.call }
}

function invalid(en: string, zh: string): SendError {
  return new SendError('rejected', 'invalid', { text: { en, zh } })
}
