/** What every adapter promises, whatever its platform. Runs over the list; each folder brings its `contract.ts`. */
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { adapters } from '../adapters/index.ts'
import type { Connection } from '../src/channel/adapter.ts'
import type { SurfaceCapabilities } from '../src/channel/capabilities.ts'
import { ReadError, SendError, WebhookRejected } from '../src/channel/errors.ts'
import type { InboundEvent, InboundMessage, MediaKind, Surface } from '../src/channel/events.ts'
import type { OutboundMedia, Reply } from '../src/channel/reply.ts'
import { createTestTools, type TestTools } from './helpers/adapter-tools.ts'
import type { ContractSample } from './helpers/contract-sample.ts'

const samples = new Map<string, ContractSample>()
for (const { channel } of adapters) {
  const module: { sample: ContractSample } = await import(`../adapters/${channel}/contract.ts`)
  samples.set(channel, module.sample)
}

test('names are unique', () => {
  const names = adapters.map(({ channel }) => channel)
  expect(new Set(names).size).toBe(names.length)
})

describe.each(adapters.map((adapter) => [adapter.channel, adapter] as const))('%s', (channel, adapter) => {
  const sample = samples.get(channel)!
  const folder = new URL(`../adapters/${channel}/`, import.meta.url)
  const schema = z.toJSONSchema(adapter.settings, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, { title?: unknown; help?: unknown; secret?: unknown }>
  }
  const fields = Object.entries(schema.properties ?? {})
  const secrets = fields
    .filter(([, field]) => field.secret === true)
    .map(([name]) => String(sample.settings[name] ?? ''))
  let tools: TestTools
  let connection: Connection

  beforeEach(() => {
    tools = createTestTools(secrets.filter(Boolean))
    const settings = adapter.settings.parse(sample.settings)
    connection = adapter.connect(
      { id: randomUUID(), name: 'contract', settings, webhookUrl: 'https://care.example/webhooks/1' },
      tools,
    )
  })
  afterEach(async () => {
    await connection.close?.()
    tools.close()
  })

  describe('describes itself', () => {
    test('with a name for folders, addresses and rows', () => {
      expect(channel).toMatch(/^[a-z][a-z0-9-]{1,40}$/u)
      expect(existsSync(new URL('index.ts', folder))).toBe(true)
    })
    test('in both languages', () => expectBilingual(adapter.title))
    test('with an icon that is path data and nothing else', () => {
      expect(adapter.icon.path).toMatch(/^[Mm][\sMmLlHhVvCcSsQqTtAaZz0-9.,-]+$/u)
      expect(adapter.icon.path.length).toBeLessThan(4000)
    })
    test('with the files that are the same in every folder', () => {
      for (const name of ['capabilities.ts', 'parse.ts', 'types.ts', 'README.md', `${channel}.test.ts`]) {
        expect(existsSync(new URL(name, folder)), name).toBe(true)
      }
      if (Object.keys(adapter.capabilities.surfaces).length > 0)
        expect(existsSync(new URL('send.ts', folder))).toBe(true)
      expect(readFileSync(new URL('README.md', folder), 'utf8')).toMatch(/20\d\d-\d\d-\d\d/u)
    })
    test('with a body limit a server can hold', () => {
      const { bodyBytes = 1, contentTypes = ['application/json'] } = adapter.webhookLimits ?? {}
      expect(bodyBytes).toBeGreaterThan(0)
      expect(bodyBytes).toBeLessThanOrEqual(10 * 1024 * 1024)
      for (const type of contentTypes) expect(type).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/u)
    })
  })

  describe('capabilities', () => {
    const { capabilities } = adapter
    const surfaces = Object.entries(capabilities.surfaces) as [Surface, SurfaceCapabilities][]

    test('are plain JSON', () => expect(JSON.parse(JSON.stringify(capabilities))).toEqual(capabilities))
    test('come with their sources and the day they were read', () => {
      const text = readFileSync(new URL('capabilities.ts', folder), 'utf8')
      const limits = text.match(/\bmax(?:Bytes)?:/gu)?.length ?? 0
      expect(text.match(/https:\/\/\S+, read 20\d\d-\d\d-\d\d/gu)?.length ?? 0).toBeGreaterThanOrEqual(
        Math.min(limits, 3),
      )
    })
    test('keep the doubt of one crash small', () => {
      expect(capabilities.concurrency).toBeGreaterThanOrEqual(1)
      expect(capabilities.concurrency).toBeLessThanOrEqual(50)
      expect(capabilities.timeoutMs.call).toBeGreaterThan(0)
      expect(capabilities.timeoutMs.call).toBeLessThanOrEqual(8000)
      expect(capabilities.timeoutMs.upload).toBeGreaterThanOrEqual(capabilities.timeoutMs.call)
      expect(capabilities.timeoutMs.upload).toBeLessThanOrEqual(30_000)
    })
    test('have a rate', () => {
      expect(capabilities.rate.calls).toBeGreaterThan(0)
      expect(capabilities.rate.intervalMs).toBeGreaterThan(0)
    })
    test.each(surfaces)('of %s have limits that make sense', (_, surface) => {
      const units = ['utf16', 'code-points', 'utf8-bytes', 'x-weighted', 'weibo-chars']
      for (const limit of [surface.text, surface.caption]) {
        if (!limit) continue
        expect(units).toContain(limit.unit)
        expect(limit.max).toBeGreaterThan(0)
        expect(['reject', 'split']).toContain(limit.whenTooLong)
      }
      for (const media of Object.values(surface.media)) {
        expect(media.maxBytes).toBeGreaterThan(0)
        expect(media.maxPerReply).toBeGreaterThanOrEqual(1)
        for (const type of media.mimeTypes ?? []) expect(type).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/u)
      }
      for (const { lengthMs, replies } of surface.windows) {
        expect(lengthMs).toBeGreaterThan(0)
        if (replies !== null) expect(replies).toBeGreaterThan(0)
      }
      for (const act of [surface.edit, surface.remove])
        if (act?.maxAgeMs != null) expect(act.maxAgeMs).toBeGreaterThan(0)
      if (surface.cost) expect(surface.cost.currency).toMatch(/^[A-Z]{3}$/u)
      expect(surface.undoMs).toBeGreaterThanOrEqual(0)
      expect(surface.undoMs).toBeLessThanOrEqual(60_000)
    })
    test('promise nothing the connection cannot do', () => {
      for (const [, surface] of surfaces) {
        if (surface.edit) expect(connection.edit).toBeTypeOf('function')
        if (surface.remove) expect(connection.remove).toBeTypeOf('function')
        if (surface.typing) expect(connection.typing).toBeTypeOf('function')
      }
    })
  })

  describe('settings', () => {
    test('have a title and a help in both languages on every field', () => {
      expect(fields.length).toBeGreaterThan(0)
      for (const [, field] of fields) {
        expectBilingual(field.title)
        expectBilingual(field.help)
      }
    })
    test('flag what is secret', () => {
      const telling = fields.filter(([name]) => /token|secret|password|key/iu.test(name)).map(([name]) => name)
      const flagged = fields.filter(([, field]) => field.secret === true).map(([name]) => name)
      expect(flagged).toEqual(expect.arrayContaining(telling))
      for (const value of secrets) expect(value.length).toBeGreaterThan(15)
    })
    test('are refused with words, not with a throw', () => {
      for (const given of [null, 7, 'x', [], { nonsense: true }]) {
        const result = adapter.settings.safeParse(given)
        if (!result.success) expect(result.error.issues.every(({ message }) => message !== '')).toBe(true)
      }
    })
    test('survive being stored as JSON', () => {
      const parsed = adapter.settings.parse(sample.settings)
      expect(adapter.settings.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
    })
  })

  test('opens without a call, so that a dead platform does not stop the start', () => {
    expect(tools.exchanges).toEqual([])
  })

  describe('webhook', () => {
    test('brings samples of forged calls where there is one', () => {
      if (connection.webhook) expect(sample.forged.length).toBeGreaterThan(0)
    })
    test.each(sample.forged.map((make, index) => [index, make] as const))('rejects forged call %i', async (_, make) => {
      const error: unknown = await connection.webhook!(make(), new Date()).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(WebhookRejected)
      expectNoSecret(error)
    })
  })

  describe('events', () => {
    const read = () => sample.payloads.flatMap((payload) => [...connection.reread!(payload)])

    test('are of every payload, and the same again', () => {
      if (!connection.reread) return
      tools.setNow(new Date('2026-11-22T12:00:00Z'))
      expect(read().length).toBeGreaterThan(0)
      expect(read()).toEqual(read())
    })
    test('have ids that are strings, and times that are times', () => {
      for (const event of connection.reread ? read() : []) expectSound(event)
    })
    test('survive being stored as JSON', () => {
      for (const event of connection.reread ? read() : []) expect(() => JSON.stringify(event)).not.toThrow()
    })
    test('are unread, and no error, for what is no payload', () => {
      for (const junk of [null, [], {}, 'text', 7, { nonsense: [{}] }]) {
        expect(connection.reread?.(junk).map(({ type }) => type) ?? ['unread']).toEqual(['unread'])
      }
    })
    test('hold no secret', () => {
      if (connection.reread) expectNoSecret(read())
    })
  })

  describe('send', () => {
    const surfaces = Object.entries(adapter.capabilities.surfaces) as [Surface, SurfaceCapabilities][]

    test.each(surfaces)(
      'to %s ends in a SendError that knows nothing was sent, when nobody is there',
      async (surface, can) => {
        const kinds = [null, ...(Object.keys(can.media) as MediaKind[])]
        for (const kind of kinds) {
          const error: unknown = await connection.send(reply(surface, kind, can)).catch((thrown: unknown) => thrown)
          expect(error).toBeInstanceOf(SendError)
          expect(error).toMatchObject({ outcome: 'retry', code: 'unreachable' })
          expectBilingual((error as SendError).text)
          expectNoSecret(error)
        }
      },
    )
    test.each(surfaces)('to %s with its time over ends in a SendError', async (surface, can) => {
      const late = { ...reply(surface, null, can), signal: AbortSignal.abort() }
      await expect(connection.send(late)).rejects.toBeInstanceOf(SendError)
    })
    test('to a place that does not exist ends in a SendError', async () => {
      for (const [surface, can] of surfaces) {
        for (const externalId of ['', ' ', 'nowhere/at/all', '💥']) {
          const lost = { ...reply(surface, null, can), thread: { externalId, rootId: null } }
          await expect(connection.send(lost)).rejects.toBeInstanceOf(SendError)
        }
      }
    })
    test('leaves no secret in logs and exchanges', async () => {
      for (const [surface, can] of surfaces) await connection.send(reply(surface, null, can)).catch(() => {})
      expectNoSecret([tools.exchanges, tools.lines, tools.healths])
    })

    function reply(surface: Surface, kind: MediaKind | null, can: SurfaceCapabilities): Reply {
      const thread = sample.threads[surface]
      if (!thread) throw new Error(`contract.ts brings no thread for ${surface}`)
      const media = kind === null ? [] : [file(kind, can.media[kind]?.mimeTypes?.[0] ?? 'application/octet-stream')]
      return {
        deliveryId: randomUUID(),
        thread: { externalId: thread.id, rootId: thread.rootId ?? null },
        surface,
        to: thread.to ?? 'somebody',
        inReplyTo: thread.inReplyTo,
        text: '您好 👋',
        media,
        doubted: false,
        signal: AbortSignal.timeout(5000),
      }
    }
  })

  test('a check says what is wrong in words, when nobody is there', async () => {
    const health = await connection.check()
    expect(['warning', 'refused']).toContain(health.state)
    expectBilingual(health.text)
    expectNoSecret(health)
  })

  test('a poll ends in a ReadError, when nobody is there', async () => {
    for (const stream of connection.streams?.() ?? []) {
      const asked = connection.poll!({ stream, cursor: null, hint: null }, AbortSignal.timeout(5000))
      const error: unknown = await asked.catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(ReadError)
      expectBilingual((error as ReadError).text)
      expectNoSecret(error)
    }
  })

  /** In the whole of it: messages, stacks, fields, causes. */
  function expectNoSecret(value: unknown): void {
    const text = inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null })
    for (const secret of secrets.filter(Boolean)) expect(text).not.toContain(secret)
  }
})

function expectBilingual(text: unknown): void {
  expect(text).toEqual({ en: expect.stringMatching(/\S/u), zh: expect.stringMatching(/\S/u) })
}

function file(kind: MediaKind, mimeType: string): OutboundMedia {
  return { kind, mimeType, name: '图 1.bin', size: 3, bytes: async () => Uint8Array.of(1, 2, 3) }
}

function expectSound(event: InboundEvent): void {
  const id = expect.stringMatching(/\S/u)
  const time = (value: Date) => expect(Number.isNaN(value.getTime()), 'a time').toBe(false)
  switch (event.type) {
    case 'message':
    case 'echo':
      return expectSoundMessage(event.message)
    case 'edited':
      time(event.editedAt)
      return expectSoundMessage(event.message)
    case 'opened':
    case 'reachability':
      expect(event.identity).toEqual(id)
      return time(event.at)
    case 'unread':
      expect(event.reason).toMatch(/\S/u)
      return expect(event.externalId).toEqual(id)
    default:
      expect(event.externalId).toEqual(id)
      return time(event.at)
  }
}

function expectSoundMessage(message: InboundMessage): void {
  const id = expect.stringMatching(/\S/u)
  const maybe = (value: unknown) => (value === null ? null : id)
  const { author } = message
  expect(message).toMatchObject({ externalId: id, threadId: id, text: expect.any(String) })
  expect({ ...message }).toMatchObject({
    rootId: maybe(message.rootId),
    parentId: maybe(message.parentId),
    sequence: maybe(message.sequence),
    groupKey: maybe(message.groupKey),
    url: maybe(message.url),
  })
  expect(author).toMatchObject({ externalId: id, name: id, handle: maybe(author.handle) })
  expect(Number.isNaN(message.sentAt.getTime())).toBe(false)
  expect(['direct', 'public']).toContain(message.surface)
  if (message.url !== null) expect(message.url).toMatch(/^https?:\/\//u)
  if (!message.replyable.allowed) expect(message.replyable.reason).toMatch(/\S/u)
  expect(message.text !== '' || message.media.length > 0 || message.location !== null, 'it says something').toBe(true)
  for (const media of message.media) {
    expect(media.externalId).toEqual(id)
    expect(Object.values(media.reference).every((value) => value === null || typeof value !== 'object')).toBe(true)
    for (const figure of [media.bytes, media.width, media.height, media.durationMs]) {
      expect(figure === null || (Number.isSafeInteger(figure) && figure >= 0)).toBe(true)
    }
  }
}
