/** A customer's file in. https://developers.weixin.qq.com/doc/service/api/material/temporary/api_getmedia, read 2026-11-24 */
import { NoAnswer, ReadError } from '#channel/errors.ts'
import type { ExternalMedia } from '#channel/events.ts'
import type { FetchOptions, Tools } from '#channel/tools.ts'
import { answerOf } from './answer.ts'
import type { Api } from './api.ts'
import { capabilities } from './capabilities.ts'
import { goneText, readErrorOf } from './explain.ts'
import { WeChatFailure } from './failure.ts'
import type { Settings } from './settings.ts'
import { rootOf } from './token.ts'

/** A customer's video has at most some 20 MB; the core draws its own line. */
const maxBytes = 64 * 1024 * 1024
const options = { timeoutMs: capabilities.timeoutMs.upload, maxBytes }

export async function download(
  { api, tools, settings }: { api: Api; tools: Tools; settings: Settings },
  { reference }: ExternalMedia,
  signal: AbortSignal,
): Promise<Response> {
  const { mediaId, picUrl } = reference
  const elsewhere = async (url: string): Promise<Response> => {
    const response = await tools.fetch(url, { ...options, ...trustOf(url, settings), signal }).catch(later)
    if (response.ok) return response
    await response.body?.cancel()
    if (response.status === 404 || response.status === 410) throw new ReadError('gone', { text: goneText })
    throw new ReadError('later', { text: laterText })
  }
  try {
    if (typeof mediaId !== 'string') throw new WeChatFailure('refused', { errcode: 40007 })
    const got = await api.get('/cgi-bin/media/get', { media_id: mediaId }, fileOrAddress, { ...options, signal })
    return typeof got === 'string' ? await elsewhere(got) : got
  } catch (error) {
    const known = readErrorOf(error, tools)
    // A picture has an address of its own, and it lives longer than the id.
    if (known instanceof ReadError && known.reason === 'gone' && typeof picUrl === 'string') return elsewhere(picUrl)
    throw known
  }
}

/** The address comes from WeChat's answer; under the address an administrator wrote it may be anywhere. */
function trustOf(url: string, settings: Settings): Pick<FetchOptions, 'trust'> {
  const origin = URL.parse(url)?.origin
  return { trust: origin !== undefined && origin === URL.parse(rootOf(settings))?.origin ? 'settings' : 'payload' }
}

function later(error: unknown): never {
  if (!(error instanceof NoAnswer)) throw error
  throw new ReadError('later', { text: laterText, cause: error })
}

const laterText = { en: 'The file could not be fetched from WeChat.', zh: '无法从微信获取该文件。' }

/**
 * The file, or the address of a video. Refusals come with a 200, and under whatever type: no picture, recording or video
 * begins with a brace, and every answer in words does.
 */
async function fileOrAddress(response: Response): Promise<Response | string> {
  const reader = response.body?.getReader()
  const first = reader ? await firstOf(reader) : null
  if (!reader || first === null) {
    if (response.ok) throw new WeChatFailure('unreadable')
    return answerOf('', response.status) as never
  }
  const isWords = /^\s*[{<]/u.test(new TextDecoder().decode(first.subarray(0, 64)))
  const isText = /^(?:text\/|application\/(?:json|xml))/iu.test(response.headers.get('content-type') ?? '')
  if (response.ok && !isWords && !isText) return new Response(again(first, reader), { headers: response.headers })
  const { video_url } = answerOf(await wordsOf(first, reader), response.status)
  if (typeof video_url !== 'string' || video_url === '') throw new WeChatFailure('unreadable')
  return video_url
}

type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>

async function firstOf(reader: Reader): Promise<Uint8Array<ArrayBuffer> | null> {
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return null
    if (value.length > 0) return value
  }
}

function again(first: Uint8Array<ArrayBuffer>, reader: Reader): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start: (controller) => controller.enqueue(first),
    async pull(controller) {
      const { done, value } = await reader.read()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

/** An answer in words is short. */
const maxWords = 64 * 1024

async function wordsOf(first: Uint8Array<ArrayBuffer>, reader: Reader): Promise<string> {
  const chunks = [first]
  let length = first.length
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return new TextDecoder().decode(Buffer.concat(chunks))
    length += value.length
    if (length > maxWords) {
      await reader.cancel()
      throw new WeChatFailure('unreadable')
    }
    chunks.push(value)
  }
}
