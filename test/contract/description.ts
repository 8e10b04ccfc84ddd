/** The static half of an adapter: names, files, limits, the form of its settings. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { expectBilingual } from './expect.ts'
import type { Stage } from './stage.ts'

export function describeDescription(stage: Stage): void {
  const { adapter, sample, folder, fields, secrets, surfaces } = stage
  const { channel } = adapter

  describe('describes itself', () => {
    test('with a name for folders, addresses and rows', () => {
      expect(channel).toMatch(/^[a-z][a-z0-9-]{0,40}$/u)
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

    test('are plain JSON', () => expect(JSON.parse(JSON.stringify(capabilities))).toEqual(capabilities))
    test('come with their sources, and the day that is known of', () => {
      // Our own limits have no other source than themselves.
      if (sample.platform === 'ours') return
      const text = readFileSync(new URL('capabilities.ts', folder), 'utf8')
      const limits = text.match(/\bmax(?:Bytes)?:/gu)?.length ?? 0
      expect(text.match(/https:\/\/\S+, (?:read|as known on) 20\d\d-\d\d-\d\d/gu)?.length ?? 0).toBeGreaterThanOrEqual(
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
        if (surface.edit) expect(stage.connection.edit).toBeTypeOf('function')
        if (surface.remove) expect(stage.connection.remove).toBeTypeOf('function')
        if (surface.typing) expect(stage.connection.typing).toBeTypeOf('function')
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
}
