/** A platform that cannot be reached: nothing was sent, and the adapter knows it. */
import { describe, expect, test } from 'vitest'
import { ReadError, SendError } from '../../src/channel/errors.ts'
import type { MediaKind } from '../../src/channel/events.ts'
import { expectBilingual } from './expect.ts'
import { replyTo } from './reply.ts'
import type { Stage } from './stage.ts'

export function describeNobodyThere(stage: Stage): void {
  const { surfaces } = stage
  /** Where the platform is us there is nobody who could be missing. */
  const isOurs = stage.sample.platform === 'ours'

  test('opens without a call, so that a dead platform does not stop the start', () => {
    expect(stage.tools.exchanges).toEqual([])
  })

  describe('send', () => {
    test.each(isOurs ? surfaces : [])('to %s calls nobody, and is the same line each time', async (surface) => {
      const reply = replyTo(stage, surface)
      const sent = await stage.connection.send(reply)
      expect(sent.externalId).toMatch(/\S/u)
      expect(await stage.connection.send(reply)).toEqual(sent)
      expect(stage.tools.exchanges).toEqual([])
    })
    test.each(isOurs ? [] : surfaces)(
      'to %s ends in a SendError that knows nothing was sent, when nobody is there',
      async (surface, can) => {
        const kinds = [null, ...(Object.keys(can.media) as MediaKind[])]
        for (const kind of kinds) {
          const error: unknown = await stage.connection
            .send(replyTo(stage, surface, { kind }))
            .catch((thrown: unknown) => thrown)
          expect(error).toBeInstanceOf(SendError)
          expect(error).toMatchObject({ outcome: 'retry', code: 'unreachable' })
          expectBilingual((error as SendError).text)
          stage.expectNoSecret(error)
        }
      },
    )
    test.each(surfaces)('to %s with its time over ends in a SendError', async (surface) => {
      const late = { ...replyTo(stage, surface), signal: AbortSignal.abort() }
      await expect(stage.connection.send(late)).rejects.toBeInstanceOf(SendError)
    })
    test('to a place that does not exist ends in a SendError', async () => {
      for (const [surface] of surfaces) {
        for (const externalId of ['', ' ', 'nowhere/at/all', '💥']) {
          const lost = { ...replyTo(stage, surface), thread: { externalId, rootId: null } }
          await expect(stage.connection.send(lost)).rejects.toBeInstanceOf(SendError)
        }
      }
    })
    test('leaves no secret in logs and exchanges', async () => {
      for (const [surface] of surfaces) await stage.connection.send(replyTo(stage, surface)).catch(() => {})
      stage.expectNoSecret([stage.tools.exchanges, stage.tools.lines, stage.tools.healths])
    })
  })

  if (surfaces.length === 0) {
    test('a channel that is only read refuses every reply, and calls nobody for it', async () => {
      for (const surface of ['direct', 'public'] as const) {
        const reply = { ...nobodysReply, surface, signal: AbortSignal.timeout(5000) }
        const error: unknown = await stage.connection.send(reply).catch((thrown: unknown) => thrown)
        expect(error).toBeInstanceOf(SendError)
        expect(error).toMatchObject({ outcome: 'rejected', code: 'permission' })
        expectBilingual((error as SendError).text)
      }
      expect(stage.tools.exchanges).toEqual([])
    })
  }

  /** Files are all it takes: there is nobody to be asked. */
  const { imports } = stage.adapter
  const asksNobody = () => {
    const { webhook, poll, listen } = stage.connection
    return imports !== undefined && !webhook && !poll && !listen && surfaces.length === 0
  }

  test('a check says what is wrong in words, when nobody is there', async () => {
    if (asksNobody()) return expect(await stage.connection.check()).toMatchObject({ state: 'ok' })
    const health = await stage.connection.check()
    expect(isOurs ? ['ok', 'warning'] : ['warning', 'refused']).toContain(health.state)
    expectBilingual(health.text)
    stage.expectNoSecret(health)
  })

  test('a poll ends in a ReadError, when nobody is there', async () => {
    for (const stream of stage.connection.streams?.() ?? []) {
      const asked = stage.connection.poll!({ stream, cursor: null, hint: null }, AbortSignal.timeout(5000))
      const error: unknown = await asked.catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(ReadError)
      expectBilingual((error as ReadError).text)
      stage.expectNoSecret(error)
    }
  })
}

const nobodysReply = {
  deliveryId: 'd-1',
  thread: { externalId: 't-1', rootId: null },
  to: 'somebody',
  inReplyTo: null,
  text: '您好',
  media: [],
  doubted: false,
}
