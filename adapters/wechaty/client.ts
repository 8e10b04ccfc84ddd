/** The gateway's client with deadlines, ears for its stream, and without the calls that are not ours to make. */
import type { Readable, Writable } from 'node:stream'
import { capabilities } from './capabilities.ts'
import { failureOf } from './failure.ts'

type Callback = (error: unknown, answer?: unknown) => void
type Method = ((...args: unknown[]) => unknown) & {
  readonly requestStream?: boolean
  readonly responseStream?: boolean
}
interface Stream {
  cancel(): void
  pause(): void
  resume(): void
  on(event: string, listener: (error?: unknown) => void): unknown
  once(event: string, listener: () => void): unknown
}
interface Named {
  getId(): string
}
export interface Client {
  readonly [method: string]: unknown
}

export interface Ears {
  /** The stream of events is over; for whatever reason, it does not come back by itself. */
  streamEnded(error: unknown): void
  /** The call that sends a file failed, or the upload before it. */
  fileFailed(error: unknown): void
}

/** wechaty gives a start 15 s. */
const startMs = 12_000
/** A gateway's puppet belongs to the gateway: stopping it, or signing it out, ends a session that needs a code to come back. */
const notOurs = new Set(['stop', 'logout'])

/** Returns what gives the connection up at once. */
export function guardClient(client: Client, ears: Ears): () => void {
  let events: Stream | null = null
  const fileErrors = new Map<string, unknown>()
  for (const [name, method] of methodsOf(client)) {
    if (name === 'event') {
      Reflect.set(client, name, (request: unknown) => {
        const stream = method.call(client, request) as Stream
        events = stream
        holdUntilHeard(stream)
        stream.on('error', (error) => ears.streamEnded(error))
        stream.on('end', () => ears.streamEnded(null))
        stream.on('close', () => ears.streamEnded(null))
        return stream
      })
    } else if (name === 'upload') {
      Reflect.set(client, name, (callback: Callback) => {
        const done: Callback = (error, answer) => {
          // Nothing has been said to anybody yet: the file lies at the gateway, at most.
          if (error) ears.fileFailed(failureOf(error, true))
          callback(error, answer)
        }
        return method.call(client, { deadline: Date.now() + capabilities.timeoutMs.upload }, done)
      })
    } else if (name === 'messageFileStream') {
      // The older way to a file, taken whenever the newer one fails: it would hide why, and end the process when it fails as well.
      Reflect.set(client, name, (request: Named) => {
        throw fileErrors.get(request.getId()) ?? failureOf(null)
      })
    } else if (method.responseStream === true) {
      Reflect.set(client, name, (request: unknown) =>
        carryErrors(method.call(client, request, { deadline: Date.now() + capabilities.timeoutMs.upload }) as Readable),
      )
    } else if (method.requestStream === false && method.responseStream === false) {
      Reflect.set(client, name, (request: unknown, callback: Callback) => {
        // The client destroys its stream, which the gateway does not notice: it would refuse the next one for ever.
        if (name === 'stop') events?.cancel()
        if (notOurs.has(name)) return callback(null, {})
        const done: Callback = (error, answer) => {
          if (error && name === 'messageSendFile') ears.fileFailed(error)
          if (name === 'messageFile') remember(fileErrors, (request as Named).getId(), error)
          callback(error, answer)
        }
        return method.call(client, request, { deadline: Date.now() + timeOf(name) }, done)
      })
    }
  }
  return () => {
    events?.cancel()
    ;(client.close as () => void).call(client)
  }
}

/** The manager looks at the first event, and listens a moment later: what came in between, the sign-in for one, would be lost. */
function holdUntilHeard(stream: Stream): void {
  stream.once('data', () => stream.pause())
  const on = stream.on.bind(stream)
  stream.on = (event, listener) => {
    on(event, listener)
    // `once` registers through here as well, with the listener inside.
    if (event === 'data' && !('listener' in listener)) stream.resume()
    return stream
  }
}

/** Files are piped on without an ear for errors: one of them would end the process, and the reader would wait for ever. */
function carryErrors(stream: Readable): Readable {
  const pipe = stream.pipe.bind(stream)
  stream.on('error', () => {})
  stream.pipe = (into, options) => {
    const end = into as unknown as Writable
    end.on('error', () => {})
    stream.once('error', () => end.destroy(failureOf(null)))
    return pipe(into, options)
  }
  return stream
}

/** Why the newest files could not be had. */
function remember(errors: Map<string, unknown>, id: string, error: unknown): void {
  errors.delete(id)
  if (error) errors.set(id, error)
  const [oldest] = errors.keys()
  if (errors.size > 100 && oldest !== undefined) errors.delete(oldest)
}

function timeOf(name: string): number {
  if (name === 'start') return startMs
  return name === 'messageSendFile' ? capabilities.timeoutMs.upload : capabilities.timeoutMs.call
}

function methodsOf(client: Client): [string, Method][] {
  const prototype: object = Object.getPrototypeOf(client) as object
  return Object.entries(prototype).filter((entry): entry is [string, Method] => typeof entry[1] === 'function')
}
