/**
 * Files go up first, each in a call of its own. What is uploaded is remembered until the post stands: a film may take the
 * server longer than one attempt has, and would otherwise be sent anew each time.
 * https://docs.joinmastodon.org/methods/media/#v2, read 2026-11-24
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { OutboundMedia, Reply } from '#channel/reply.ts'
import type { Tools } from '#channel/tools.ts'
import { type Api, isOk } from './api.ts'
import { before } from './before.ts'
import { capabilities } from './capabilities.ts'
import { failure, refusalBefore } from './refuse.ts'
import { texts } from './texts.ts'

const keyOf = ({ deliveryId }: Reply): string => `uploads:${deliveryId}`

export async function upload(api: Api, tools: Tools, reply: Reply): Promise<readonly string[]> {
  if (reply.media.length === 0) return []
  const ids: string[] = JSON.parse((await tools.state.get(keyOf(reply))) ?? '[]')
  const converting = [...ids]
  for (const file of reply.media.slice(ids.length)) {
    const { id, ready } = await uploadOne(api, tools, reply, file)
    ids.push(id)
    if (!ready) converting.push(id)
    await tools.state.set(keyOf(reply), JSON.stringify(ids))
  }
  for (const id of converting) await waitUntilReady(api, tools, reply, id)
  return ids
}

export async function forgetUploads(tools: Tools, reply: Reply): Promise<void> {
  if (reply.media.length > 0) await tools.state.delete(keyOf(reply))
}

interface Uploaded {
  readonly id: string
  readonly ready: boolean
}

async function uploadOne(api: Api, tools: Tools, { signal }: Reply, file: OutboundMedia): Promise<Uploaded> {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(await file.bytes())], { type: file.mimeType }), file.name)
  const answer = await before(api, '/api/v2/media', signal, {
    method: 'POST',
    body: form,
    timeoutMs: capabilities.timeoutMs.upload,
  })
  const { id } = (answer.body ?? {}) as { id?: unknown }
  if (isOk(answer) && typeof id === 'string' && id !== '') return { id, ready: answer.status === 200 }
  // "Validation failed: File content type is invalid": a refusal here is about the file, whatever its words.
  if (answer.status === 422) throw failure('rejected', 'media_refused', texts.media)
  // "Could not generate a thumbnail for the attachment".
  throw refusalBefore(answer, tools.now())
}

/** A post with files that are still converted is refused. 206: not yet. */
async function waitUntilReady(api: Api, tools: Tools, { signal }: Reply, id: string): Promise<void> {
  for (;;) {
    const answer = await before(api, `/api/v1/media/${encodeURIComponent(id)}`, signal)
    if (answer.status === 422) throw failure('rejected', 'media_refused', texts.media)
    // In a post already: an attempt that was in doubt did arrive, and its key brings that post back.
    if (answer.status === 404) return
    if (!isOk(answer)) throw refusalBefore(answer, tools.now())
    if (answer.status !== 206) return
    await pause(500, undefined, { signal }).catch((cause: unknown) => {
      const after = new Date(tools.now().getTime() + 15_000)
      throw failure('retry', 'rate_limited', texts.converting, { after, cause })
    })
  }
}
