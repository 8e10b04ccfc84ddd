/** What the contract says of values, as expectations. */
import { inspect } from 'node:util'
import { expect } from 'vitest'
import type { InboundEvent, InboundMessage } from '../../src/channel/events.ts'

export function findsNoSecret(value: unknown, secrets: readonly string[]): void {
  const text = inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null })
  for (const secret of secrets) expect(text).not.toContain(secret)
}

export function expectBilingual(text: unknown): void {
  expect(text).toEqual({ en: expect.stringMatching(/\S/u), zh: expect.stringMatching(/\S/u) })
}

export function expectSound(event: InboundEvent): void {
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
  if (!message.replyable.allowed) expectBilingual(message.replyable.reason)
  expect(message.text !== '' || message.media.length > 0 || message.location !== null, 'it says something').toBe(true)
  for (const media of message.media) {
    expect(media.externalId).toEqual(id)
    expect(Object.values(media.reference).every((value) => value === null || typeof value !== 'object')).toBe(true)
    for (const figure of [media.bytes, media.width, media.height, media.durationMs]) {
      expect(figure === null || (Number.isSafeInteger(figure) && figure >= 0)).toBe(true)
    }
  }
}
