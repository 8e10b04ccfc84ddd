/**
 * Did a public answer arrive? The account's own newest posts are read ($0.001 each, once a day). Direct messages cannot be
 * asked for that cheaply (15 looks in 15 minutes for the whole account); they come back as echoes instead.
 *
 * "It did not" is said after three looks only: a new post may take a moment to be listed. X's refusal of the same
 * words twice is the second guard; it knows nothing of a file without words, so of that nothing is said.
 */
import { z } from 'zod'
import { ReadError } from '#channel/errors.ts'
import type { Reply, Sent } from '#channel/reply.ts'
import type { Tools } from '#channel/tools.ts'
import type { Client } from './client.ts'
import { readErrorOf } from './explain.ts'
import { isPostId, placeOf } from './ids.ts'
import { plainText } from './plain-text.ts'
import { addressOf } from './post.ts'
import type { ReadCounter } from './reads.ts'
import { sameText } from './same-text.ts'
import { Post } from './types.ts'
import type { Versions } from './versions.ts'

type Doubted = Omit<Reply, 'signal' | 'media'>

const looksNeeded = 3
const Page = z.object({ data: z.array(z.unknown()).catch([]) })

export function createFindSent(client: Client, versions: Versions, reads: ReadCounter, tools: Tools) {
  const looks = new Map<string, number>()

  return async (reply: Doubted): Promise<Sent | 'absent' | 'cannot-tell'> => {
    const { deliveryId, inReplyTo, text } = reply
    if (placeOf(reply.thread.externalId)?.kind !== 'post' || !isPostId(inReplyTo)) return 'cannot-tell'
    // Files without words all look the same, those of an earlier reply as well.
    if (text.trim() === '') return 'cannot-tell'
    const answered = await versions.all(inReplyTo)
    try {
      const owner = await client.owner()
      for (const post of await ownPosts(client, owner.id, reads)) {
        const parent = post.referenced_tweets.find(({ type }) => type === 'replied_to')?.id
        const { text: words, entities } = post.note_tweet ?? post
        if (parent === undefined || !answered.includes(parent)) continue
        if (!sameText(text, plainText(words, entities ?? post.entities))) continue
        looks.delete(deliveryId)
        return { externalId: post.edit_history_tweet_ids?.[0] ?? post.id, url: addressOf(post.id, owner.username) }
      }
    } catch (error) {
      throw readErrorOf(error, tools.now())
    }
    const seen = (looks.get(deliveryId) ?? 0) + 1
    if (looks.size > 1000) looks.clear()
    looks.set(deliveryId, seen)
    if (seen < looksNeeded) throw new ReadError('later', { text: notYet })
    looks.delete(deliveryId)
    return 'absent'
  }
}

async function ownPosts(client: Client, own: string, reads: ReadCounter): Promise<Post[]> {
  const { data } = await client.call({
    method: 'GET',
    path: `/2/users/${own}/tweets`,
    query: {
      max_results: '20',
      'tweet.fields': 'created_at,entities,note_tweet,referenced_tweets,edit_history_tweet_ids',
    },
  })
  const page = Page.safeParse(data)
  const posts = (page.success ? page.data.data : []).flatMap((item) => {
    const post = Post.safeParse(item)
    return post.success ? [post.data] : []
  })
  await reads.posts(posts.map(({ id }) => id))
  return posts
}

const notYet = { en: 'The answer is not among the newest posts yet.', zh: '在最新帖子中尚未找到该回复。' }
