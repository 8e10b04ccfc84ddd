import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSeal } from './seal.ts'

const secret = 'a secret of at least thirty-two characters'
const seal = createSeal(secret)
const context = 'accounts.settings:1'

test('what was sealed opens with the same secret and context, whatever it is', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.string({ unit: 'binary' }), (plain, where) => {
      const opened = createSeal(secret).open(seal.seal(plain, where), where)
      expect(opened.equals(Buffer.from(plain))).toBe(true)
    }),
  )
  expect(seal.open(seal.seal('口令', context), context).toString()).toBe('口令')
})

test('a change of any single bit is noticed: version, nonce, tag and text', () => {
  const sealed = seal.seal('hello', context)
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Buffer.from(sealed)
    changed[bit >> 3]! ^= 1 << (bit & 7)
    expect(() => seal.open(changed, context), `bit ${bit}`).toThrow()
  }
})

test('a value cut short anywhere, or with bytes added, does not open', () => {
  for (const text of ['', 'hello']) {
    const sealed = seal.seal(text, context)
    for (let length = 0; length < sealed.length; length++) {
      expect(() => seal.open(sealed.subarray(0, length), context), `${length} bytes`).toThrow()
    }
    expect(() => seal.open(Buffer.concat([sealed, Buffer.of(0)]), context)).toThrow()
  }
})

test('a value moved to another row or column does not open', () => {
  const sealed = seal.seal('hello', 'accounts.settings:1')
  for (const other of ['accounts.settings:2', 'accounts.settings', 'adapter_state.value:1', '']) {
    expect(() => seal.open(sealed, other)).toThrow()
  }
})

test('another secret does not open it', () => {
  expect(() => createSeal(`${secret}.`).open(seal.seal('hello', context), context)).toThrow()
})

test('the same text sealed twice looks different, and holds nothing readable', () => {
  const [one, two] = [seal.seal('hello hello', context), seal.seal('hello hello', context)]
  expect(one.equals(two)).toBe(false)
  expect(one.subarray(1, 13).equals(two.subarray(1, 13))).toBe(false)
  expect(one.includes('hello')).toBe(false)
})

test('a part of a larger buffer opens: drivers hand out slices', () => {
  const sealed = seal.seal('hello', context)
  const larger = Buffer.concat([Buffer.alloc(7), sealed, Buffer.alloc(5)])
  expect(seal.open(larger.subarray(7, 7 + sealed.length), context).toString()).toBe('hello')
})

test('hashes are the same for the same value and secret only', () => {
  expect(seal.hash('42').equals(createSeal(secret).hash('42'))).toBe(true)
  expect(seal.hash('42').equals(seal.hash('43'))).toBe(false)
  expect(seal.hash('42').equals(createSeal(`${secret}.`).hash('42'))).toBe(false)
  expect(seal.hash('42')).toHaveLength(32)
})

test('every use has a key of its own', () => {
  const keys = ['auth', 'audit', 'seal', 'hash'].map((use) => seal.derive(use).toString('hex'))
  expect(new Set(keys).size).toBe(4)
  expect(seal.derive('auth').equals(createSeal(secret).derive('auth'))).toBe(true)
  // A use named like an inner key must not hand that key out.
  expect(keys.at(-1)).not.toBe(createSeal(secret).hash('').toString('hex'))
})
