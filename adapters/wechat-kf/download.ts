/** A customer's file in. https://developer.work.weixin.qq.com/document/path/90254, as known on 2026-11-24 */
import { ReadError } from '#channel/errors.ts'
import type { ExternalMedia } from '#channel/events.ts'
import type { Tools } from '#channel/tools.ts'
import { answerOf } from './answer.ts'
import type { Api } from './api.ts'
import { capabilities } from './capabilities.ts'
import { fileGoneText } from './codes.ts'
import { readErrorOf } from './explain.ts'
import { failureOf, WeComFailure } from './failure.ts'

/** Beyond 20 MB it has to be asked for in parts (830002). */
const inPartsOnly = 830_002
const partBytes = 10 * 1024 * 1024
const maxBytes = 24 * 1024 * 1024
const options = { timeoutMs: capabilities.timeoutMs.upload, maxBytes }

export async function download(
  api: Api,
  tools: Pick<Tools, 'now'>,
  { reference }: ExternalMedia,
  signal: AbortSignal,
): Promise<Response> {
  const { mediaId } = reference
  if (typeof mediaId !== 'string') throw new ReadError('gone', { text: fileGoneText })
  const get = (headers?: Record<string, string>) =>
    api.get('media/get', { media_id: mediaId }, fileOf, { ...options, signal, ...(headers ? { headers } : {}) })
  const ask = (start: number) => get({ range: `bytes=${start}-${start + partBytes - 1}` })
  // Between two parts the connection may have been closed for its idleness.
  const part = (start: number) =>
    ask(start).catch((error: unknown) => (isOfTheLine(error) ? ask(start) : Promise.reject(error)))
  try {
    return await get()
  } catch (error) {
    if (!(error instanceof WeComFailure) || error.errcode !== inPartsOnly) throw readErrorOf(error, tools)
  }
  try {
    return await joined(await part(0), part, tools)
  } catch (error) {
    throw readErrorOf(error, tools)
  }
}

const isOfTheLine = (error: unknown): boolean =>
  error instanceof WeComFailure && (error.kind === 'no_answer' || error.kind === 'not_sent')

/** Refusals come with a 200, as JSON; a file that is JSON itself has no `errcode` that is a number and `errmsg`. */
async function fileOf(response: Response): Promise<Response> {
  const type = response.headers.get('content-type') ?? ''
  const isFile = response.headers.has('content-disposition')
  if (response.ok && (isFile || !/^(?:text\/|application\/json)/iu.test(type))) return response
  const text = await response.text().catch((error: unknown) => Promise.reject(failureOf(error)))
  answerOf(text, response.status)
  throw new WeComFailure('unreadable', { status: response.status })
}

/** One part after the other, each asked for when the one before was taken. */
async function joined(
  first: Response,
  part: (start: number) => Promise<Response>,
  tools: Pick<Tools, 'now'>,
): Promise<Response> {
  const total = totalOf(first)
  let current: Response | null = first
  let start = 0
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const bytes: Uint8Array = new Uint8Array(await (current ?? (await part(start))).arrayBuffer())
        current = null
        if (bytes.length === 0) throw new WeComFailure('unreadable')
        controller.enqueue(bytes)
        start += bytes.length
        if (start >= total) controller.close()
      } catch (error) {
        controller.error(readErrorOf(failureOf(error), tools))
      }
    },
  })
  const type = first.headers.get('content-type')
  return new Response(body, { headers: { 'content-length': String(total), ...(type ? { 'content-type': type } : {}) } })
}

/** `bytes 0-10485759/23456789` */
function totalOf(response: Response): number {
  const total = Number(/\/(\d{1,12})$/u.exec(response.headers.get('content-range') ?? '')?.[1])
  if (!(total > 0)) throw new WeComFailure('unreadable', { status: response.status })
  return total
}
