import { describe, expect, test } from 'vitest'
import { createComposition } from './composition.ts'
import { hotkeyOf } from './hotkeys.ts'
import { enterMeans } from './send-key.ts'

const plain = { isComposing: false, keyCode: 13 }

describe('the Enter that picks a candidate never sends', () => {
  test('while composing', () => {
    const composition = createComposition(() => {})
    composition.start()
    expect(composition.owns(plain)).toBe(true)
    expect(composition.active).toBe(true)
  })
  test('where the browser says so by itself', () => {
    const composition = createComposition(() => {})
    expect(composition.owns({ isComposing: true, keyCode: 13 })).toBe(true)
    expect(composition.owns({ isComposing: false, keyCode: 229 })).toBe(true)
  })
  test('where the composition ends before its key press, as in Safari', () => {
    const tasks: (() => void)[] = []
    const composition = createComposition((fn) => tasks.push(fn))
    composition.start()
    composition.end()
    expect(composition.owns(plain)).toBe(true)
    for (const task of tasks) task()
    expect(composition.owns(plain)).toBe(false)
  })
})

describe('what Enter means', () => {
  const press = { key: 'Enter', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false }
  test.each([
    [{}, 'enter', 'send'],
    [{}, 'ctrl-enter', 'default'],
    [{ shiftKey: true }, 'enter', 'default'],
    [{ ctrlKey: true }, 'enter', 'send'],
    [{ ctrlKey: true }, 'ctrl-enter', 'send'],
    [{ metaKey: true }, 'ctrl-enter', 'send'],
    [{ ctrlKey: true, shiftKey: true }, 'ctrl-enter', 'default'],
    [{ key: 'a', ctrlKey: true }, 'enter', 'default'],
  ] as const)('%j with %s: %s', (change, sendKey, meaning) => {
    expect(enterMeans({ ...press, ...change }, sendKey)).toBe(meaning)
  })
})

describe('a shortcut', () => {
  const press = {
    key: 'j',
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    isComposing: false,
    keyCode: 74,
    defaultPrevented: false,
    repeat: false,
  }
  test('is one letter outside of fields', () => {
    expect(hotkeyOf(press, false)).toBe('j')
    expect(hotkeyOf({ ...press, key: 'J' }, false)).toBe('j')
    expect(hotkeyOf({ ...press, key: '?' }, false)).toBe('?')
  })
  test.each([
    ['in a field', press, true],
    ['with Ctrl', { ...press, ctrlKey: true }, false],
    ['with Alt, which is the browser’s menu', { ...press, altKey: true }, false],
    ['while composing', { ...press, isComposing: true }, false],
    ['already handled', { ...press, defaultPrevented: true }, false],
  ] as const)('is nothing %s', (_, pressed, typing) => expect(hotkeyOf(pressed, typing)).toBeNull())
})
