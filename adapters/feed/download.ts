import { NoAnswer, ReadError } from '#channel/errors.ts'
import type { ExternalMedia } from '#channel/events.ts'
import type { Tools } from '#channel/tools.ts'
import { withKey } from './ask.ts'
import { addressesIn, type Settings } from './settings.ts'
import { texts } from './texts.ts'

const maxBytes = 50 * 1024 * 1024
const timeoutMs = 60_000
const maxRedirects = 5

/** The addresses come from whoever writes into the feed: inward ones are refused, but for the feeds' own servers. */
export async function download(
  settings: Settings,
  tools: Tools,
  media: ExternalMedia,
  signal: AbortSignal,
): Promise<Response> {
  const { url, page } = media.reference
  const own = new Set(addressesIn(settings.feeds).map((address) => new URL(withKey(address, settings)).origin))
  // Weibo's and others' servers give pictures to readers of the page only.
  const headers: Record<string, string> = typeof page === 'string' ? { referer: `${new URL(page).origin}/` } : {}
  let at = URL.parse(typeof url === 'string' ? url : '')
  try {
    for (let step = 0; at !== null && step <= maxRedirects; step += 1) {
      const trust = own.has(at.origin) ? 'settings' : 'payload'
      const response = await tools.fetch(at, { headers, trust, timeoutMs, maxBytes, signal })
      const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null
      if (location === null) return response
      await response.body?.cancel()
      at = URL.parse(location, at.href)
    }
  } catch (error) {
    if (error instanceof NoAnswer) throw new ReadError('later', { text: texts.file, cause: error })
    throw error
  }
  throw new ReadError('gone', { text: texts.file })
}
