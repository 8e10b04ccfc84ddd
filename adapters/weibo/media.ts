/** Fetches the files that messages name. */
import { NoAnswer, ReadError } from '#channel/errors.ts'
import type { ExternalMedia } from '#channel/events.ts'
import type { Tools } from '#channel/tools.ts'
import { readAnswer, type WeiboApi } from './api.ts'
import type { Budget } from './budget.ts'
import type { Calls } from './calls.ts'
import { meaningOf } from './codes.ts'
import { ApiFailure } from './failure.ts'
import type { Settings } from './settings.ts'

const maxBytes = 50 * 1024 * 1024
const timeoutMs = 60_000

export interface Downloads {
  readonly settings: Settings
  readonly tools: Tools
  readonly api: WeiboApi
  readonly budget: Budget
  readonly calls: Calls
}

export async function download(parts: Downloads, media: ExternalMedia, signal: AbortSignal): Promise<Response> {
  const { url, fid } = media.reference
  try {
    if (typeof fid === 'string') return await privateFile(parts, fid, signal)
    if (typeof url === 'string') return await publicFile(parts, url, signal)
  } catch (error) {
    if (error instanceof NoAnswer) throw new ReadError('later', { text: later, cause: error })
    throw error
  }
  throw gone()
}

/** https://upload.api.weibo.com/2/mss/msget: the file itself, or an error as JSON. */
async function privateFile(
  { tools, api, budget, calls }: Downloads,
  fid: string,
  signal: AbortSignal,
): Promise<Response> {
  await budget.take('free')
  const response = await tools.fetch(api.fileUrl(fid), { trust: 'settings', timeoutMs, maxBytes, signal })
  const leadsTo = response.headers.get('location')
  if (response.status >= 300 && response.status < 400 && leadsTo !== null) {
    await response.body?.cancel()
    // Once, without the token, and never inward.
    return await tools.fetch(new URL(leadsTo, 'https://upload.api.weibo.com'), { timeoutMs, maxBytes, signal })
  }
  const type = response.headers.get('content-type') ?? ''
  if (response.ok && !/json|html/iu.test(type)) return response
  try {
    readAnswer(response.status, await response.text())
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    const meaning = error.code === null ? null : meaningOf(error.code)
    if (error.code === null && response.status !== 404 && response.status !== 410) {
      throw new ReadError('later', { text: later, cause: error })
    }
    // A refusal that says nothing about the account is about the file: 20305, for a message that was withdrawn.
    if (!meaning || (meaning.kind === 'rejected' && meaning.code !== 'permission')) throw gone(error)
    throw await calls.explain(error)
  }
  throw gone()
}

/** Pictures lie on servers that give them to Weibo's own pages only. */
async function publicFile({ settings, tools }: Downloads, url: string, signal: AbortSignal): Promise<Response> {
  const origin = URL.parse(url)?.origin
  const trusted = [settings.apiRoot, settings.fileRoot].some((root) => new URL(root).origin === origin)
  return await tools.fetch(url, {
    headers: { referer: 'https://weibo.com/' },
    trust: trusted ? 'settings' : 'payload',
    timeoutMs,
    maxBytes,
    signal,
  })
}

const later = { en: 'The file could not be fetched from Weibo.', zh: '无法从微博获取该文件。' }
const gone = (cause?: unknown) =>
  new ReadError('gone', { text: { en: 'Weibo does not have this file any more.', zh: '微博中已没有该文件。' }, cause })
