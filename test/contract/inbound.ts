/** What comes in: whose calls are believed, and what payloads become. */
import { describe, expect, test } from 'vitest'
import { WebhookRejected } from '../../src/channel/errors.ts'
import { keyOf } from '../../src/inbound/keys.ts'
import { expectSound } from './expect.ts'
import type { Stage } from './stage.ts'

export function describeInbound(stage: Stage): void {
  const { sample } = stage

  describe('webhook', () => {
    test('brings samples of forged calls where there is one', () => {
      if (stage.connection.webhook) expect(sample.forged.length).toBeGreaterThan(0)
    })
    test.each(sample.forged.map((make, index) => [index, make] as const))('rejects forged call %i', async (_, make) => {
      const error: unknown = await stage.connection.webhook!(make(), new Date()).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(WebhookRejected)
      stage.expectNoSecret(error)
    })
    test('takes a genuine call, and the same events when it comes again', async () => {
      if (!stage.connection.webhook) return
      const at = new Date()
      const take = async () => {
        const { events, nudge = null } = await stage.connection.webhook!(genuine(at), at)
        return { keys: events.map(keyOf), nudge }
      }
      const taken = await take()
      expect(taken.keys.length > 0 || taken.nudge !== null, 'it brings events, or wakes the poller').toBe(true)
      expect(await take()).toEqual(taken)
    })
    test('rejects a genuine call that is played again later, where the platform signs the time', async () => {
      if (sample.replayAfterMs === undefined) return
      const at = new Date(Date.now() - sample.replayAfterMs - 1_000)
      const late: unknown = await stage.connection.webhook!(genuine(at), new Date()).catch((thrown: unknown) => thrown)
      expect(late).toBeInstanceOf(WebhookRejected)
      // Kept and read again later, it is judged by the time it came.
      const { events, nudge } = await stage.connection.webhook!(genuine(at), at)
      expect(events.length > 0 || nudge !== undefined).toBe(true)
    })

    function genuine(at: Date): Request {
      if (!sample.genuine) throw new Error('contract.ts brings no genuine call')
      return sample.genuine(at)
    }
  })

  describe('events', () => {
    const read = () => sample.payloads.flatMap((payload) => [...stage.connection.reread!(payload)])

    test('are of every payload, and the same again', () => {
      if (!stage.connection.reread) return
      stage.tools.setNow(new Date('2026-11-22T12:00:00Z'))
      expect(read().length).toBeGreaterThan(0)
      expect(read()).toEqual(read())
    })
    test('have a key of their own each', () => {
      if (!stage.connection.reread) return
      const byKey = new Map<string, string>()
      for (const [index, payload] of sample.payloads.entries()) {
        for (const event of stage.connection.reread(payload)) {
          const key = keyOf(event)
          // Two payloads may tell of the same message (an original, another road); one never tells of it twice.
          expect(byKey.get(key), `${key} twice in payload ${index}`).not.toBe(String(index))
          byKey.set(key, String(index))
        }
      }
    })
    test('of our own words are never a message of somebody else', () => {
      for (const payload of sample.own ?? []) {
        const types = stage.connection.reread!(payload).map(({ type }) => type)
        expect(types.filter((type) => type === 'message' || type === 'edited')).toEqual([])
      }
    })
    test('have ids that are strings, and times that are times', () => {
      for (const event of stage.connection.reread ? read() : []) expectSound(event)
    })
    test('survive being stored as JSON', () => {
      for (const event of stage.connection.reread ? read() : []) expect(() => JSON.stringify(event)).not.toThrow()
    })
    test('are unread, and no error, for what is no payload', () => {
      for (const junk of [null, [], {}, 'text', 7, { nonsense: [{}] }]) {
        expect(stage.connection.reread?.(junk).map(({ type }) => type) ?? ['unread']).toEqual(['unread'])
      }
    })
    test('hold no secret', () => {
      if (stage.connection.reread) stage.expectNoSecret(read())
    })
  })
}
