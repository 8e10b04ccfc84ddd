/** Against the channel's simulator: what arrives, and what is said when it does not, or may not have. */
import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Connection } from '../../src/channel/adapter.ts'
import type { TextLimit, TextUnit } from '../../src/channel/capabilities.ts'
import { SendError } from '../../src/channel/errors.ts'
import type { MediaKind } from '../../src/channel/events.ts'
import { measure, split } from '../../src/channel/text.ts'
import type { TestTools } from '../helpers/adapter-tools.ts'
import type { ContractFault, ContractSimulator } from '../helpers/contract-sample.ts'
import { patience } from '../helpers/patience.ts'
import { expectBilingual } from './expect.ts'
import { storeWhatIsSent } from './our-platform.ts'
import { replyTo } from './reply.ts'
import type { Stage } from './stage.ts'

export function describeSimulated(stage: Stage): void {
  const { surfaces, sample } = stage
  if (!sample.simulate) return
  const isOurs = sample.platform === 'ours'
  let simulator: ContractSimulator
  let connection: Connection
  let tools: TestTools
  let over: AbortController
  let listening: Promise<void>
  beforeEach(async () => {
    simulator = await sample.simulate!()
    ;({ connection, tools } = stage.open(simulator.settings))
    over = new AbortController()
    if (isOurs) connection = await storeWhatIsSent(connection, tools, simulator, over.signal)
    listening = keepListening(connection, over.signal)
  })
  afterEach(async () => {
    over.abort()
    await listening
    await simulator.close()
  })

  const meets = (kind: ContractFault['kind']) => simulator.faults?.includes(kind) ?? true
  /** The error of a send that meets a fault; null when the channel cannot meet it. */
  async function failing(fault: ContractFault, waitMs = 5_000): Promise<SendError | null> {
    if (!meets(fault.kind)) return null
    simulator.fault(fault)
    const sent = connection.send(replyTo(stage, surfaces[0]![0], { signal: AbortSignal.timeout(waitMs * patience) }))
    const error: unknown = await sent.then(
      () => new Error('it was sent'),
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(SendError)
    expectBilingual((error as SendError).text)
    stage.expectNoSecret([error, tools.exchanges, tools.lines, tools.healths])
    return error as SendError
  }

  /** A channel that is only read has none. */
  const describeReplies: (name: string, tests: () => void) => void = surfaces.length > 0 ? describe : () => {}

  describeReplies('a reply', () => {
    test.each(surfaces)('on %s arrives once, on that surface, and stands in the channel log', async (surface) => {
      await connection.send(replyTo(stage, surface, { text: '您好，已为您登记维修。' }))
      expect(simulator.accepted()).toMatchObject([{ surface, text: expect.stringContaining('已为您登记维修') }])
      if (!isOurs) expect(tools.exchanges.length).toBeGreaterThan(0)
      stage.expectNoSecret([tools.exchanges, tools.lines])
    })

    test.each(surfaces)('on %s with a file of each kind arrives with it', async (surface, { media }) => {
      for (const kind of Object.keys(media) as MediaKind[]) {
        const before = simulator.accepted().length
        await connection.send(replyTo(stage, surface, { kind }))
        const fresh = simulator.accepted().slice(before)
        expect(
          fresh.reduce((sum, one) => sum + one.media, 0),
          kind,
        ).toBe(1)
      }
    })

    test.each(surfaces)(
      'on %s of the greatest length arrives whole; one unit more is refused as too long',
      async (surface, can) => {
        const longest = textOf(can.text)
        expect(measure(longest, can.text.unit)).toBe(can.text.max)
        await connection.send(replyTo(stage, surface, { text: longest }))
        expect(simulator.accepted().at(-1)?.text).toContain(longest)
        const count = simulator.accepted().length
        const error: unknown = await connection
          .send(replyTo(stage, surface, { text: `${longest}${'a'.repeat(unitsOf[can.text.unit])}` }))
          .catch((thrown: unknown) => thrown)
        expect(error).toMatchObject({ outcome: 'rejected', code: 'too_long' })
        expect(simulator.accepted()).toHaveLength(count)
      },
    )
  })

  describeReplies('a reply that fails', () => {
    test('is in doubt after a 5xx, an answer that breaks off, and one that cannot be read', async () => {
      for (const kind of ['server-error', 'cut', 'unreadable'] as const) {
        const error = await failing({ kind })
        if (error) expect({ kind, outcome: error.outcome }).toEqual({ kind, outcome: 'unknown' })
      }
    })

    test('is in doubt when the answer does not come in its time', async () => {
      const error = await failing({ kind: 'hang' }, 300)
      if (error) expect([error.outcome, error.code]).toEqual(['unknown', 'no_answer'])
    })

    test('waits as told when the platform is asked too often', async () => {
      const before = Date.now()
      const error = await failing({ kind: 'rate-limited', seconds: 37 })
      if (!error) return
      expect([error.outcome, error.code]).toEqual(['retry', 'rate_limited'])
      if (!simulator.tellsWait) return
      const waits = (error.after?.getTime() ?? 0) - before
      expect(waits).toBeGreaterThan(35_000)
      expect(waits).toBeLessThan(60_000)
    })

    test('makes the account wait when its credentials are refused', async () => {
      const error = await failing({ kind: 'credentials' })
      if (error) expect([error.outcome, error.code]).toEqual(['retry', 'credentials_refused'])
    })

    test('is rejected for good with a stable code for each refusal of the platform, and nothing arrives', async () => {
      if (!isOurs) expect(simulator.refusals.length).toBeGreaterThanOrEqual(3)
      for (const code of simulator.refusals) {
        const error = await failing({ kind: 'refused', code })
        expect([error?.outcome, error?.code]).toEqual(['rejected', code])
      }
      expect(simulator.accepted()).toEqual([])
    })

    test('once a fault is over, sending works again', async () => {
      const kind = (['server-error', 'rate-limited', 'unreadable'] as const).find(meets)
      if (kind) await failing(kind === 'rate-limited' ? { kind, seconds: 1 } : { kind })
      const count = simulator.accepted().length
      await connection.send(replyTo(stage, surfaces[0]![0]))
      expect(simulator.accepted()).toHaveLength(count + 1)
    })
  })

  test('a check of working settings finds nothing wrong, and says who we are where the platform tells', async () => {
    const health = await connection.check()
    expect(health.state).not.toBe('refused')
    stage.expectNoSecret(health)
  })

  test.each(surfaces)('a text too long for %s is cut between graphemes, and nothing of it is lost', (_, { text }) => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 60 }), (chosen) => {
        const whole = chosen.join('')
        // As long as takes two or three parts, whatever the limit.
        const long = whole.repeat(Math.min(400, Math.ceil((2.2 * text.max) / Math.max(1, measure(whole, text.unit)))))
        const parts = split(long, text.max, text.unit)
        for (const part of parts) expect(measure(part, text.unit)).toBeLessThanOrEqual(text.max)
        expect(parts.flatMap(graphemesOf)).toEqual(graphemesOf(long))
      }),
      { numRuns: 15 },
    )
  })
}

/** Channels that send over a connection that stays open have it open, and opened again when it broke, as the core does. */
async function keepListening(connection: Connection, signal: AbortSignal): Promise<void> {
  while (connection.listen && !signal.aborted) {
    await connection.listen(async () => {}, signal).catch(() => {})
    await pause(50, undefined, { signal }).catch(() => {})
  }
}

/** How many letters are surely one unit more. */
const unitsOf: { readonly [unit in TextUnit]: number } = {
  utf16: 1,
  'code-points': 1,
  'utf8-bytes': 1,
  'x-weighted': 1,
  'weibo-chars': 2,
}

/** A text of exactly the greatest length: Chinese as far as it goes, then letters. */
function textOf({ max, unit }: TextLimit): string {
  const han = Math.floor(max / Math.max(1, measure('手', unit)))
  let text = '手'.repeat(han)
  while (measure(`${text}a`, unit) <= max) text += 'a'
  return text
}

const pieces = [
  '手机',
  '无法开机。',
  'lag ',
  '👨‍👩‍👧‍👦',
  '🇨🇳',
  'é',
  '\n\n',
  ' ',
  'https://care.example/a?b=c ',
  '！',
  'ก็',
  'x',
]
const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' })
/** Without white space, which may go where a text is cut. */
const graphemesOf = (text: string) =>
  [...segmenter.segment(text)].map(({ segment }) => segment).filter((segment) => segment.trim() !== '')
