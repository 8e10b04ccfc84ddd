/** The door of a channel whose callers are browsers: pages with a policy of their own, and answers that go on. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { addAccount } from '../src/accounts/add.ts'
import { systemActor } from '../src/auth/actor.ts'
import { type Caller, defineAdapter, type WebhookResult } from '../src/channel/adapter.ts'
import { openTestApp, type TestApp } from './helpers/app.ts'
import { plainCapabilities } from './helpers/house.ts'
import { until } from './helpers/until.ts'

/** Streams that were begun, and whether each is over, as the adapter sees it. */
let streams: { say(text: string): void; end(): void; fail(): void; cancelled: boolean; caller: Caller }[] = []
let answer: () => WebhookResult = () => ({ events: [], response: new Response('ok') })

function adapterNamed(channel: string, servesPages: boolean) {
  return defineAdapter({
    channel,
    title: { en: channel, zh: channel },
    icon: { path: 'M0 0h24v24H0z' },
    capabilities: plainCapabilities,
    settings: z.object({ anything: z.string().default('') }),
    ...(servesPages ? { servesPages } : {}),
    connect: () => ({
      send: async () => ({ externalId: null }),
      check: async () => ({ state: 'ok' }),
      async webhook(request, _receivedAt, caller) {
        if (!request.url.endsWith('/stream')) return answer()
        return { events: [], response: new Response(body(caller!)), streams: true }
      },
    }),
  })
}

function body(caller: Caller): ReadableStream {
  return new ReadableStream({
    start(controller) {
      const encoder = new TextEncoder()
      const stream = {
        say: (text: string) => controller.enqueue(encoder.encode(text)),
        end: () => controller.close(),
        fail: () => controller.error(new Error('broken')),
        cancelled: false,
        caller,
      }
      streams.push(stream)
    },
    cancel() {
      streams.find((one) => one.caller === caller)!.cancelled = true
    },
  })
}

let house: TestApp
let door: Record<'pages' | 'plain', string>
beforeEach(async () => {
  streams = []
  house = await openTestApp({ streamLimits: { all: 3, perAddress: 2 } }, {}, undefined, [
    adapterNamed('pages', true),
    adapterNamed('plain', false),
  ])
  await house.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = house.app.server.address() as AddressInfo
  const doorOf = async (channel: string) => {
    const { id } = await addAccount(house.deps, systemActor, { channel, name: channel, settings: {} })
    house.deps.connections.changed(id)
    return `http://127.0.0.1:${port}/webhooks/${id}`
  }
  door = { pages: await doorOf('pages'), plain: await doorOf('plain') }
})
afterEach(() => house.close())

/** A caller that hears what comes, and may go away. */
async function open(at = door.pages) {
  const request = http.get(`${at}/stream`)
  const response = await new Promise<http.IncomingMessage>((resolve, reject) =>
    request.once('response', resolve).once('error', reject),
  )
  let heard = ''
  let end: 'open' | 'whole' | 'cut' = 'open'
  response.setEncoding('utf8')
  response.on('data', (text: string) => {
    heard += text
  })
  response.on('error', () => {})
  response.on('close', () => {
    end = response.complete ? 'whole' : 'cut'
  })
  return { status: response.statusCode, heard: () => heard, end: () => end, leave: () => request.destroy() }
}

test('what is said is heard at once, and the end is the end', async () => {
  const caller = await open()
  streams[0]!.say('one ')
  await until(() => caller.heard() === 'one ')
  streams[0]!.say('two')
  streams[0]!.end()
  await until(() => caller.end() === 'whole')
  expect(caller.heard()).toBe('one two')
})

test('the adapter learns that the caller went away', async () => {
  const caller = await open()
  caller.leave()
  await until(() => streams[0]!.cancelled && streams[0]!.caller.signal.aborted)
})

test('a stream that breaks does not look complete, and the log says so', async () => {
  const caller = await open()
  streams[0]!.say('half')
  await until(() => caller.heard() === 'half')
  streams[0]!.fail()
  await until(() => caller.end() === 'cut')
  expect(house.logged.some((line) => line.includes('an answer that goes on broke'))).toBe(true)
})

test('changed settings end it, and so does the stop of the server', async () => {
  const caller = await open()
  await house.database.sql`update accounts set settings_version = settings_version + 1`
  await until(() => caller.end() !== 'open')
  const second = await open()
  const closing = house.app.close()
  await until(() => second.end() !== 'open')
  await closing
  expect(streams.map(({ cancelled }) => cancelled)).toEqual([true, true])
})

test('more than is allowed are refused, and whoever leaves makes room', async () => {
  const first = await open()
  await open()
  expect((await open()).status).toBe(429)
  first.leave()
  await until(() => streams[0]!.cancelled)
  expect(
    (
      await until(async () => {
        const again = await open()
        return again.status === 200 && again
      })
    ).status,
  ).toBe(200)
})

test.each(['plain', 'pages'] as const)(
  '%s: nothing runs unless the adapter says otherwise, and is one that may',
  async (which) => {
    const policy = "default-src 'none'; script-src 'self'"
    const headers = {
      'content-type': 'text/html',
      'content-security-policy': policy,
      'set-cookie': 'a=b',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'none',
      'cross-origin-resource-policy': 'cross-origin',
    }
    answer = () => ({ events: [], response: new Response('<p>', { headers }) })
    const page = await fetch(`${door[which]}/page`)
    expect(page.headers.get('content-security-policy')).toBe(which === 'pages' ? policy : "default-src 'none'; sandbox")
    expect(page.headers.get('cross-origin-resource-policy')).toBe(which === 'pages' ? 'cross-origin' : null)
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.headers.get('set-cookie')).toBeNull()
    expect(page.headers.get('access-control-allow-origin')).toBeNull()
    answer = () => ({ events: [], response: new Response('<p>', { headers: { 'content-type': 'text/html' } }) })
    expect((await fetch(`${door[which]}/page`)).headers.get('content-security-policy')).toBe(
      "default-src 'none'; sandbox",
    )
  },
)
