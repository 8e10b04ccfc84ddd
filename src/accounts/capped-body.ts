import { ReadError } from '../channel/errors.ts'
import { lookAt } from './exchange-text.ts'

export interface CapOptions {
  readonly maxBytes: number
  /** Ends the body, also while nobody reads it. */
  readonly signal: AbortSignal
  readonly failed: (error: unknown) => Error
  /** Once: the beginning as text, the bytes seen, and what went wrong. */
  readonly over: (seen: string, bytes: number, error: unknown) => void
}

export const tooLarge = () =>
  new ReadError('too_large', { text: { en: 'The answer is too large.', zh: '返回的内容过大。' } })

/** Read ahead this far, so that the short answers nobody reads still end and give their socket back. */
const readAhead = 64 * 1024

/** The same bytes, counted as they come (unpacked ones: a small bomb is counted at its full size). */
export function cappedBody(source: ReadableStream<Uint8Array>, options: CapOptions): ReadableStream<Uint8Array> {
  const { maxBytes, signal, failed, over } = options
  const reader = source.getReader()
  const decoder = new TextDecoder()
  let seen = ''
  let bytes = 0
  let ended = false
  const end = (error: unknown) => {
    if (ended) return
    ended = true
    signal.removeEventListener('abort', onAbort)
    over(seen, bytes, error)
  }
  let onAbort = () => {}
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        onAbort = () => {
          if (ended) return
          const error = failed(signal.reason)
          end(error)
          controller.error(error)
        }
        signal.addEventListener('abort', onAbort)
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (ended) return
          if (done) {
            end(null)
            controller.close()
            return
          }
          bytes += value.byteLength
          if (bytes > maxBytes) throw tooLarge()
          if (seen.length < lookAt * 2) seen += decoder.decode(value, { stream: true })
          controller.enqueue(value)
        } catch (cause) {
          if (ended) return
          const error = failed(cause)
          end(error)
          controller.error(error)
          await reader.cancel(error)
        }
      },
      async cancel(reason) {
        end(null)
        await reader.cancel(reason)
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: readAhead }),
  )
}
