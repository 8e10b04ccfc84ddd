/** One question to a feed's server, through its redirects. */
import { ReadError } from '#channel/errors.ts'
import type { Tools } from '#channel/tools.ts'
import { retryAfter } from './rhythm.ts'
import { keyMark, type Settings } from './settings.ts'
import { nameOf, texts } from './texts.ts'

/** Of the body, unpacked. */
const maxBytes = 5 * 1024 * 1024
const maxRedirects = 5
const accept =
  'application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, application/json;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1'

export interface Question {
  /** As in the settings. */
  readonly address: string
  readonly moved: string | null
  readonly etag: string | null
  readonly modified: string | null
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

export interface Answer {
  /** `same`: not changed since. `over`: 410. */
  readonly kind: 'document' | 'same' | 'over'
  /** Where it moved for good, with `{key}` in the key's place. */
  readonly moved: string | null
  /** Where it was in the end. */
  readonly url: string
  readonly headers: Headers
  readonly bytes: Uint8Array
}

/**
 * The host in the settings was written by an administrator and may be anywhere, an RSSHub on the local network too. Where it
 * leads to was not: another host has to be on the public internet. Throws {@link ReadError} and NoAnswer.
 */
export async function ask(settings: Settings, tools: Tools, question: Question): Promise<Answer> {
  const { address, etag, modified, timeoutMs, signal } = question
  const home = new URL(withKey(address, settings)).hostname
  let url = withKey(question.moved ?? address, settings)
  let moved = question.moved
  let forGood = true
  for (let step = 0; ; step += 1) {
    const response = await tools.fetch(url, {
      headers: {
        accept,
        ...(etag === null ? {} : { 'if-none-match': etag }),
        ...(modified === null ? {} : { 'if-modified-since': modified }),
      },
      trust: new URL(url).hostname === home ? 'settings' : 'payload',
      timeoutMs,
      maxBytes,
      signal,
    })
    const { status, headers } = response
    const target = [301, 302, 303, 307, 308].includes(status) ? URL.parse(headers.get('location') ?? '', url) : null
    if (target === null) {
      const bytes = new Uint8Array(await response.arrayBuffer())
      const place = { moved, url: withoutKey(url, settings), headers, bytes }
      if (status === 304) return { ...place, kind: 'same' }
      if (status === 410) return { ...place, kind: 'over' }
      if (response.ok) return { ...place, kind: 'document' }
      throw new ReadError('later', { text: texts.status(nameOf(address), status), ...waitIn(headers, tools.now()) })
    }
    await response.body?.cancel()
    if (step >= maxRedirects) throw new ReadError('later', { text: texts.circle(nameOf(address)) })
    forGood &&= status === 301 || status === 308
    url = target.href.split('#')[0]!
    if (forGood) moved = withoutKey(url, settings)
  }
}

const waitIn = (headers: Headers, now: Date) => {
  const after = retryAfter(headers, now)
  return after ? { after } : {}
}

export const withKey = (address: string, { accessKey }: Settings): string =>
  address.replaceAll(keyMark, encodeURIComponent(accessKey))

function withoutKey(url: string, { accessKey }: Settings): string {
  if (accessKey === '') return url
  return url.replaceAll(encodeURIComponent(accessKey), keyMark).replaceAll(accessKey, keyMark)
}
