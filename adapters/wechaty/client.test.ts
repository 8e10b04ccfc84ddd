/** What the guarded client adds, against one that only notes how it is called. The rest is proved through the gateway. */
import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { until } from '../../test/helpers/until.ts'
import { type Client, guardClient } from './client.ts'

type Callback = (error: unknown, answer?: unknown) => void
const unary = { requestStream: false, responseStream: false }

function noted(methods: Record<string, object>) {
  const calls: { name: string; args: unknown[] }[] = []
  const prototype: Record<string, unknown> = { close: () => {} }
  for (const [name, kind] of Object.entries(methods)) {
    const stream = (kind as { stream?: unknown }).stream
    prototype[name] = Object.assign((...args: unknown[]) => {
      calls.push({ name, args })
      return stream
    }, kind)
  }
  const client = Object.create(prototype) as Client
  const heard: unknown[] = []
  const failed: unknown[] = []
  const hangUp = guardClient(client, {
    streamEnded: (error) => heard.push(error),
    fileFailed: (error) => failed.push(error),
  })
  return {
    client,
    calls,
    heard,
    failed,
    hangUp,
    call: (name: string, ...args: unknown[]) => (client[name] as (...given: unknown[]) => unknown)(...args),
  }
}

test('every call has a deadline: none is made when nobody expects it any more', () => {
  const { call, calls } = noted({ messageSendText: unary, start: unary, contactPayload: unary })
  for (const name of ['messageSendText', 'start', 'contactPayload']) call(name, {}, () => {})
  expect(calls).toHaveLength(3)
  for (const { args } of calls) {
    const { deadline } = args[1] as { deadline: number }
    expect(deadline).toBeGreaterThan(Date.now())
    expect(deadline).toBeLessThan(Date.now() + 13_000)
  }
})

test('a gateway’s puppet is neither stopped nor signed out, and its stream is given up', () => {
  let cancelled = 0
  const stream = Object.assign(new PassThrough(), { cancel: () => (cancelled += 1) })
  const { call, calls } = noted({ event: { responseStream: true, stream }, stop: unary, logout: unary })
  call('event', {})
  const answers: unknown[] = []
  for (const name of ['stop', 'logout']) call(name, {}, ((error, answer) => answers.push([error, answer])) as Callback)
  expect(answers).toEqual([
    [null, {}],
    [null, {}],
  ])
  expect(calls.map(({ name }) => name)).toEqual(['event'])
  expect(cancelled).toBe(1)
})

test('an event that comes while nobody listens yet is not lost', async () => {
  const stream = Object.assign(new PassThrough({ objectMode: true }), { cancel: () => {} })
  const { call } = noted({ event: { responseStream: true, stream } })
  call('event', {})
  const seen: unknown[] = []
  stream.once('data', (event) => seen.push(event))
  for (const event of ['heartbeat', 'login', 'message']) stream.write(event)
  await until(() => seen.length === 1)
  expect(seen).toEqual(['heartbeat'])
  stream.on('data', (event) => seen.push(event))
  await until(() => seen.length === 3)
  expect(seen).toEqual(['heartbeat', 'login', 'message'])
})

test('a stream that ends, or breaks, is heard of', () => {
  const stream = Object.assign(new EventEmitter(), { cancel: () => {}, pause: () => {}, resume: () => {} })
  const { call, heard } = noted({ event: { responseStream: true, stream } })
  call('event', {})
  const error = Object.assign(new Error('Call cancelled'), { code: 1 })
  stream.emit('error', error)
  stream.emit('end')
  expect(heard).toEqual([error, null])
})

test('why one file could not be had is not said of another', () => {
  const request = (id: string) => ({ getId: () => id })
  const { call, calls } = noted({
    messageFile: unary,
    messageFileStream: { requestStream: false, responseStream: true },
  })
  const gone = Object.assign(new Error('expired'), { code: 5 })
  call('messageFile', request('1'), () => {})
  ;(calls[0]!.args[2] as Callback)(gone)
  expect(() => call('messageFileStream', request('1'))).toThrow(gone)
  expect(() => call('messageFileStream', request('2'))).toThrow('the puppet failed')
})
