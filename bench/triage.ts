/**
 * `npm run bench:triage`: how the shipped rules do on texts written before them (`bench/triage/README.md`). Of the test half
 * totals alone are printed, never a text; `--misses` prints the tune half's. Ends with 1 below the marks.
 */
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { languageOf } from '../src/mentions/language.ts'
import { runRules } from '../src/rules/evaluate.ts'
import { createPatterns } from '../src/rules/pattern.ts'
import { plainOf } from '../src/rules/plain.ts'
import { shippedCategories } from '../src/rules/shipped/categories.ts'
import { shippedRules } from '../src/rules/shipped/index.ts'

const Sample = z.strictObject({
  text: z.string(),
  channel: z.string(),
  category: z.string().nullable(),
  urgent: z.boolean(),
})
type Sample = z.infer<typeof Sample>

export const marks = { urgentRecall: 0.95, urgentPrecision: 0.7 } as const

export function readHalf(half: 'tune' | 'test'): Sample[] {
  const text = readFileSync(new URL(`./triage/${half}.jsonl`, import.meta.url), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => Sample.parse(JSON.parse(line)))
}

export interface Score {
  readonly texts: number
  readonly urgent: { readonly recall: number; readonly precision: number; readonly of: number }
  readonly categories: readonly { readonly category: string; readonly f1: number; readonly of: number }[]
  readonly macroF1: number
  readonly misses: readonly { readonly text: string; readonly wanted: string; readonly got: string }[]
}

const above = (id: string) => (id.includes('.') ? [id, id.split('.')[0]!] : [id])

export async function score(samples: readonly Sample[]): Promise<Score> {
  const patterns = createPatterns()
  const targets = {
    categories: new Set(shippedCategories.map(({ id }) => id)),
    teams: new Set<string>(),
    people: new Set<string>(),
  }
  const none = new Set<never>()
  const told: { text: string; wanted: string; got: string; urgent: boolean; isUrgent: boolean }[] = []
  for (const { text, channel, category, urgent } of samples) {
    const { outcome } = await runRules(
      shippedRules.map((rule) => ({ id: rule.name, stops: false, ...rule })),
      {
        message: {
          original: text,
          text: plainOf(text),
          channel,
          surface: 'direct',
          followers: null,
          language: languageOf(text),
          at: new Date('2026-11-25T04:00:00Z'),
          history: async () => 1,
          missing: new Set(['serial']),
          above,
        },
        ticket: { category: null, priority: 'normal', tags: [], team: null, assignee: null, question: null },
        guards: { fixed: none, earlier: none },
        targets,
      },
      patterns,
    )
    told.push({
      text,
      wanted: category ?? 'none',
      got: outcome.category ?? 'none',
      urgent,
      isUrgent: outcome.priority === 'urgent',
    })
  }
  await patterns.close()
  const alarms = told.filter(({ isUrgent }) => isUrgent)
  const right = alarms.filter(({ urgent }) => urgent).length
  const of = told.filter(({ urgent }) => urgent).length
  const names = [...new Set(told.map(({ wanted }) => wanted))].sort()
  const categories = names.map((category) => {
    const wanted = told.filter((one) => one.wanted === category).length
    const got = told.filter((one) => one.got === category).length
    const both = told.filter((one) => one.wanted === category && one.got === category).length
    return { category, f1: (2 * both) / (wanted + got), of: wanted }
  })
  return {
    texts: told.length,
    urgent: { recall: right / of, precision: alarms.length === 0 ? 0 : right / alarms.length, of },
    categories,
    macroF1: categories.reduce((sum, { f1 }) => sum + f1, 0) / categories.length,
    misses: told
      .filter(({ wanted, got, urgent, isUrgent }) => wanted !== got || urgent !== isUrgent)
      .map((one) => ({
        text: one.text,
        wanted: `${one.wanted}${one.urgent ? ' !' : ''}`,
        got: `${one.got}${one.isUrgent ? ' !' : ''}`,
      })),
  }
}

function print(half: string, { texts, urgent, categories, macroF1 }: Score): void {
  const figure = (value: number) => value.toFixed(3)
  console.log(`\n${half}: ${texts} texts, ${urgent.of} urgent`)
  console.log(`  urgent  recall ${figure(urgent.recall)}  precision ${figure(urgent.precision)}`)
  for (const { category, f1, of } of categories) console.log(`  ${category.padEnd(16)} F1 ${figure(f1)}  (${of})`)
  console.log(`  macro-F1 ${figure(macroF1)}`)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const tune = await score(readHalf('tune'))
  print('tune half', tune)
  if (process.argv.includes('--misses'))
    for (const { text, wanted, got } of tune.misses) console.log(`  ${wanted} ← ${got}: ${text}`)
  const test = await score(readHalf('test'))
  print('test half', test)
  const { recall, precision } = test.urgent
  const good = recall >= marks.urgentRecall && precision >= marks.urgentPrecision
  console.log(
    `\nmarks: urgent recall ≥ ${marks.urgentRecall}, precision ≥ ${marks.urgentPrecision}: ${good ? 'kept' : 'MISSED'}`,
  )
  process.exitCode = good ? 0 : 1
}
