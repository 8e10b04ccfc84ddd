/** Product facts as people write them: IMEIs, serial numbers behind their label, models, dates of purchase. Pure. */
import type { Proposal } from '../wire-facts.ts'

export type Found = Omit<Proposal, 'messageId'>

/** Only so much is looked at, and only so many are proposed of one text. */
const longest = 5_000
const most = 6

export function factsIn(original: string): Found[] {
  const text = original.slice(0, longest).normalize('NFKC')
  const found: Found[] = [
    ...imeis(text).map((value): Found => ({ field: 'serial', value })),
    ...serials(text).map((value): Found => ({ field: 'serial', value })),
    ...models(text).map((value): Found => ({ field: 'model', value })),
    ...dates(text).map((value): Found => ({ field: 'purchasedOn', value })),
  ]
  const seen = new Set<string>()
  return found
    .filter(({ field, value }) => {
      const key = `${field} ${value}`
      return seen.has(key) ? false : Boolean(seen.add(key))
    })
    .slice(0, most)
}

/** 15 digits, in groups or not, whose last one is right. */
function imeis(text: string): string[] {
  return [...text.matchAll(/(?<![\d.,-])\d(?:[ -]?\d){14}(?![\d]|[.,-]\d)/gu)]
    .map(([digits]) => digits.replace(/[ -]/gu, ''))
    .filter((digits) => isLuhn(digits) && !/^(\d)\1+$/u.test(digits))
}

/** https://en.wikipedia.org/wiki/Luhn_algorithm */
export function isLuhn(digits: string): boolean {
  let sum = 0
  for (const [index, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    sum += value > 9 ? value - 9 : value
  }
  return digits.length > 0 && sum % 10 === 0
}

const label = /(?:序列号|序號|序列號|机身号|機身號|产品编号|serial(?:\s*(?:number|no\.?|#))?|\bs\/?n\b)/iu
const serial = new RegExp(
  `${label.source}\\s*(?:是|为|為|is|:|=|#)?\\s*([A-Z0-9](?:[A-Z0-9-]{6,22})[A-Z0-9])(?![A-Z0-9])`,
  'giu',
)

function serials(text: string): string[] {
  return (
    [...text.matchAll(serial)]
      .map(([, value = '']) => cleanSerial(value))
      // A word behind “serial” is no number: there are digits in one.
      .filter((value) => /\d/u.test(value))
  )
}

/** As serial numbers are kept and compared. */
export const cleanSerial = (text: string): string => text.normalize('NFKC').replace(/[\s-]/gu, '').toUpperCase()

function models(text: string): string[] {
  return [
    ...text.matchAll(
      /(?:型号|型號|机型|機型|\bmodel)\s*(?:是|为|為|is|:|=)\s*([\p{L}\p{N}][\p{L}\p{N} +_-]{0,38}[\p{L}\p{N}+])/giu,
    ),
  ].map(([, value = '']) => value.trim())
}

const bought =
  /(?:购买(?:日期|时间|于)?|購買(?:日期|時間|於)?|买的?(?:日期|时间)|(?:bought|purchased)(?:\s+(?:it|this|the phone))?(?:\s+on)?|purchase date|date of purchase)\s*(?:是|为|為|在|is|:|=)?\s*/u
    .source
const day = /(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*(?:日|号)?/u.source
const before = new RegExp(`${bought}${day}`, 'giu')
const after = new RegExp(`${day}\\s*(?:购买|購買|买的|買的|入手|下单)`, 'giu')

function dates(text: string): string[] {
  return [...text.matchAll(before), ...text.matchAll(after)].flatMap(([, year, month, date]) => {
    const iso = `${year}-${month!.padStart(2, '0')}-${date!.padStart(2, '0')}`
    return isDay(iso) ? [iso] : []
  })
}

/** 2026-02-30 is none. */
export function isDay(iso: string): boolean {
  const time = new Date(`${iso}T00:00:00Z`)
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(iso) && iso > '1990'
}
