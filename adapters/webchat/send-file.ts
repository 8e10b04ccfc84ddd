import type { WebhookResult } from '#channel/adapter.ts'
import type { Tools } from '#channel/tools.ts'
import { Refusal } from './answers.ts'
import type { Visitor } from './types.ts'

/** A file of the visitor's own thread. Asked for with the visitor's token, so its address alone opens nothing. */
export async function sendFile(tools: Tools, { id }: Pick<Visitor, 'id'>, fileId: string): Promise<WebhookResult> {
  const file = await tools.thread(id).file(fileId)
  if (file === 'pending') throw new Refusal(409, 'pending', 1)
  if (file === null) throw new Refusal(404, 'not_found')
  const { mimeType, bytes, inline, body } = file
  const headers = {
    'content-type': inline ? mimeType : 'application/octet-stream',
    'content-length': String(bytes),
    'content-disposition': inline ? 'inline' : 'attachment',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'private, no-store',
  }
  return { events: [], response: new Response(body, { headers }), streams: true }
}
