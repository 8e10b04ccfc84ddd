/** A file of a post, without our token: it lies in the open, often on another host. */
import { ReadError } from '#channel/errors.ts'
import type { ExternalMedia } from '#channel/events.ts'
import type { Tools } from '#channel/tools.ts'
import { asReadError } from './refuse.ts'
import type { Settings } from './settings.ts'
import { texts } from './texts.ts'

const maxBytes = 50 * 1024 * 1024
/** Files of other servers come by `/media_proxy/…`, which leads on to where the copy lies. */
const maxHops = 3

export async function download({ server }: Settings, tools: Tools, media: ExternalMedia, signal: AbortSignal) {
  let address = new URL(String(media.reference.url))
  for (let hop = 0; hop <= maxHops; hop += 1) {
    const response = await tools
      .fetch(address, {
        signal,
        timeoutMs: 60_000,
        maxBytes,
        // The server itself may stand anywhere; where it leads to may not.
        trust: address.origin === new URL(server).origin ? 'settings' : 'payload',
      })
      .catch((error: unknown) => {
        throw asReadError(error)
      })
    const location = response.headers.get('location')
    if (response.status < 300 || response.status >= 400 || location === null) return response
    await response.body?.cancel()
    if (!URL.canParse(location, address.href)) break
    address = new URL(location, address.href)
  }
  throw new ReadError('gone', { text: texts.fileLost })
}
