import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/gu)].map(([, name, light, dark]) => [
    name!,
    { light: light!, dark: dark! },
  ]),
)

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light! + 0.05) / (dark! + 0.05)
}

const surfaces = ['paper', 'surface', 'raised', 'sunken', 'hover']
const pairs: [string, string, number][] = [
  ...['text', 'text-soft', 'text-faint', 'accent'].flatMap((text) =>
    [...surfaces, 'accent-soft'].map((on): [string, string, number] => [text, on, 4.5]),
  ),
  ...surfaces.map((on): [string, string, number] => ['line-strong', on, 3]),
  ...surfaces.map((on): [string, string, number] => ['focus', on, 3]),
  ...['danger', 'doubt', 'good'].flatMap((text) =>
    ['surface', 'raised', 'paper', 'hover', 'accent-soft', `${text}-soft`].map((on): [string, string, number] => [
      text,
      on,
      4.5,
    ]),
  ),
  ...['text', 'text-soft', 'text-faint', 'note-text', 'danger', 'doubt', 'accent'].map(
    (text): [string, string, number] => [text, 'note', 4.5],
  ),
  ['text', 'danger-soft', 4.5],
  ['text', 'doubt-soft', 4.5],
  ['text-soft', 'danger-soft', 4.5],
  ['text-soft', 'doubt-soft', 4.5],
  ['on-accent', 'accent', 4.5],
  ['on-accent', 'accent-strong', 4.5],
  ['on-danger', 'danger', 4.5],
  ['on-note-button', 'note-button', 4.5],
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((n): [string, string, number] => [`hue-${n}`, 'surface', 4.5]),
]

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(pairs)('%s on %s has %d:1', (text, on, least) => {
    expect(contrast(tokens.get(text)![theme], tokens.get(on)![theme])).toBeGreaterThanOrEqual(least)
  })
})
