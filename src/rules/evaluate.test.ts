import { afterAll, describe, expect, test } from 'vitest'
import { Rule } from '../wire-rules.ts'
import type { Outcome } from './actions/action.ts'
import { type RuleToRun, runRules, type Situation } from './evaluate.ts'
import { createPatterns } from './pattern.ts'
import { plainOf } from './plain.ts'

const patterns = createPatterns()
afterAll(() => patterns.close())

const plain: Outcome = { category: null, priority: 'normal', tags: [], team: null, assignee: null, question: null }
const rule = (id: string, given: Partial<RuleToRun>): RuleToRun => ({
  id,
  conditions: [{ type: 'words', not: false, words: ['smoke'], except: [], negated: 'skip' }],
  actions: [{ type: 'tag', tag: id }],
  stops: false,
  ...given,
})
const situation = (
  text: string,
  more: Partial<Situation> = {},
  message: Partial<Situation['message']> = {},
): Situation => ({
  message: {
    original: text,
    text: plainOf(text),
    channel: 'post',
    surface: 'public',
    followers: 900,
    language: 'en',
    at: new Date('2026-11-25T15:30:00Z'),
    history: async () => 2,
    missing: new Set(['serial']),
    above: (id) => (id.includes('.') ? [id, id.split('.')[0]!] : [id]),
    ...message,
  },
  ticket: plain,
  guards: { fixed: new Set(), earlier: new Set() },
  targets: { categories: new Set(['product', 'product.battery']), teams: new Set(), people: new Set(['lin']) },
  ...more,
})
const run = (rules: RuleToRun[], given = situation('there is smoke')) => runRules(rules, given, patterns)

describe('conditions', () => {
  test.each([
    [{ type: 'channel', not: false, any: ['post'] }, true],
    [{ type: 'channel', not: true, any: ['post'] }, false],
    [{ type: 'surface', not: false, any: ['direct'] }, false],
    [{ type: 'followers', not: false, min: 900 }, true],
    [{ type: 'followers', not: false, min: 901 }, false],
    [{ type: 'language', not: false, any: ['zh', 'en'] }, true],
    // 15:30 UTC is 23:30 in Shanghai.
    [{ type: 'hour', not: false, from: 22, to: 6, timeZone: 'Asia/Shanghai' }, true],
    [{ type: 'hour', not: false, from: 9, to: 18, timeZone: 'Asia/Shanghai' }, false],
    [{ type: 'hour', not: false, from: 15, to: 16, timeZone: 'UTC' }, true],
    [{ type: 'history', not: false, tickets: 2, days: 30 }, true],
    [{ type: 'history', not: false, tickets: 3, days: 30 }, false],
    [{ type: 'category', not: false, any: [null] }, true],
    [{ type: 'category', not: false, any: ['product'] }, false],
    [{ type: 'missing', not: false, facts: ['serial'] }, true],
    [{ type: 'missing', not: false, facts: ['model'] }, false],
    [{ type: 'pattern', not: false, pattern: 's.o' }, true],
  ] as const)('%o holds: %s', async (condition, holds) => {
    const parsed = Rule.shape.conditions.parse([condition])
    expect((await run([rule('a', { conditions: parsed })])).rules[0]?.hits).toBe(holds)
  })

  test('followers nobody knows are never enough', async () => {
    const given = situation('x', {}, { followers: null })
    const asked = rule('a', { conditions: [{ type: 'followers', not: false, min: 0 }] })
    expect((await run([asked], given)).rules[0]?.hits).toBe(false)
  })

  test('see what rules before them did; a category counts for those above it', async () => {
    const first = rule('a', { actions: [{ type: 'category', to: 'product.battery', replace: false }] })
    const second = rule('b', { conditions: [{ type: 'category', not: false, any: ['product'] }] })
    expect((await run([first, second])).outcome).toMatchObject({ category: 'product.battery', tags: ['b'] })
  })
})

describe('rules', () => {
  test('go on in their order until one stops', async () => {
    const { rules, outcome } = await run([rule('a', {}), rule('b', { stops: true }), rule('c', {})])
    expect(outcome.tags).toEqual(['a', 'b'])
    expect(rules.map(({ hits, stopped }) => [hits, stopped])).toEqual([
      [true, false],
      [true, false],
      [false, true],
    ])
  })

  test('that fail change nothing and hold up none', async () => {
    const evil = rule('a', { conditions: [{ type: 'pattern', not: false, pattern: '^(a+)+$' }] })
    const zone = rule('b', { conditions: [{ type: 'hour', not: false, from: 1, to: 2, timeZone: 'Nowhere/City' }] })
    const odd = rule('c', { conditions: [{ type: 'unheard' } as never] })
    const { rules, outcome } = await run([evil, zone, odd, rule('d', {})], situation(`${'a'.repeat(60)}! smoke`))
    expect(rules.map(({ failure }) => failure)).toEqual(['too_slow', 'bad_time_zone', 'broken', null])
    expect(outcome.tags).toEqual(['d'])
  })

  test('whose target is gone say so, and do the rest', async () => {
    const actions: RuleToRun['actions'] = [
      { type: 'category', to: 'gone', replace: false },
      { type: 'assignee', to: 'gone' },
      { type: 'priority', to: 'high', lower: false },
    ]
    const { rules, outcome } = await run([rule('a', { actions })])
    expect(rules[0]).toMatchObject({ hits: true, failure: 'category_gone', did: ['priority'] })
    expect(outcome).toMatchObject({ category: null, assignee: null, priority: 'high' })
  })

  test('a database that is away is not their fault', async () => {
    const asked = rule('a', { conditions: [{ type: 'history', not: false, tickets: 1, days: 1 }] })
    const history = async () => Promise.reject(new Error('the database is away'))
    await expect(run([asked], situation('smoke', {}, { history }))).rejects.toThrow('away')
  })
})

describe('actions', () => {
  const does = async (actions: RuleToRun['actions'], more: Partial<Situation> = {}) =>
    (await run([rule('a', { actions })], situation('smoke', more))).outcome
  const fixed = (...fields: string[]) => ({ fixed: new Set(fields) as never, earlier: new Set<never>() })

  test('a priority is only raised, unless the rule may lower it', async () => {
    const high = { ticket: { ...plain, priority: 'high' as const } }
    expect(await does([{ type: 'priority', to: 'urgent', lower: false }], high)).toMatchObject({ priority: 'urgent' })
    expect(await does([{ type: 'priority', to: 'low', lower: false }], high)).toMatchObject({ priority: 'high' })
    expect(await does([{ type: 'priority', to: 'low', lower: true }], high)).toMatchObject({ priority: 'low' })
  })

  test('what another rule has just raised is not lowered', async () => {
    const raise = rule('a', { actions: [{ type: 'priority', to: 'urgent', lower: false }] })
    const lower = rule('b', { actions: [{ type: 'priority', to: 'low', lower: true }] })
    expect((await run([raise, lower])).outcome.priority).toBe('urgent')
  })

  test('a category is given once; a rule may say that it replaces a rule’s', async () => {
    const has = { ticket: { ...plain, category: 'product' } }
    expect(await does([{ type: 'category', to: 'product.battery', replace: false }], has)).toMatchObject({
      category: 'product',
    })
    expect(await does([{ type: 'category', to: 'product.battery', replace: true }], has)).toMatchObject({
      category: 'product.battery',
    })
  })

  test('nothing a person set is touched', async () => {
    const all: RuleToRun['actions'] = [
      { type: 'category', to: 'product', replace: true },
      { type: 'priority', to: 'urgent', lower: true },
      { type: 'assignee', to: 'lin' },
      { type: 'tag', tag: 'x' },
    ]
    expect(await does(all, { guards: fixed('category', 'priority', 'assignee', 'tags') })).toEqual(plain)
    expect(await does(all)).toMatchObject({ category: 'product', priority: 'urgent', assignee: 'lin', tags: ['x'] })
  })

  test('a ticket somebody has stays theirs, and a tag is given once', async () => {
    const ticket = { ...plain, assignee: 'wu', tags: ['VIP'] }
    expect(
      await does(
        [
          { type: 'assignee', to: 'lin' },
          { type: 'tag', tag: 'vip' },
        ],
        { ticket },
      ),
    ).toEqual(ticket)
  })
})
