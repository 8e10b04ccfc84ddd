import { describe, expect, test } from 'vitest'
import { matching } from '../palette/match.ts'
import { bindings, commandIds, createReader, ownerOf, pressOf } from './commands.ts'

const plain = {
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  keyCode: 0,
  defaultPrevented: false,
  repeat: false,
}

describe('a press', () => {
  test.each([
    [{ key: 'e' }, 'e'],
    [{ key: 'E', shiftKey: true }, 'shift+e'],
    // Caps Lock is no Shift.
    [{ key: 'E' }, 'e'],
    [{ key: '?', shiftKey: true }, '?'],
    [{ key: '/', shiftKey: true }, '/'],
    [{ key: 'Shift', shiftKey: true }, null],
    [{ key: 'e', ctrlKey: true }, null],
    [{ key: 'e', isComposing: true }, null],
  ])('%j', (change, expected) => expect(pressOf({ ...plain, ...change }, false)).toBe(expected))
  test('in a field is text', () => expect(pressOf({ ...plain, key: 'e' }, true)).toBeNull())
})

describe('keys one after the other', () => {
  const keys = bindings({})
  test('a single one is its command', () => {
    const read = createReader()
    expect(read('e', keys, 0)).toBe('resolveNext')
    expect(read('shift+e', keys, 10)).toBe('resolve')
    expect(read('q', keys, 20)).toBeNull()
  })
  test('two are theirs, when the second comes soon', () => {
    const read = createReader()
    expect(read('g', keys, 0)).toBeNull()
    expect(read('m', keys, 500)).toBe('goMine')
    expect(read('g', keys, 1_000)).toBeNull()
    expect(read('m', keys, 3_000)).toBe('quick')
    // A second one that makes no pair stands for itself.
    expect(read('g', keys, 4_000)).toBeNull()
    expect(read('e', keys, 4_100)).toBe('resolveNext')
    expect(read('m', keys, 4_200)).toBe('quick')
  })
  test('what was taken away is nothing', () => {
    const read = createReader()
    expect(read('e', bindings({ resolveNext: '' }), 0)).toBeNull()
    expect(read('x', bindings({ resolveNext: 'x', gone: 'y' }), 0)).toBe('resolveNext')
  })
})

describe('the keys', () => {
  test('are each of one command, from the beginning', () => {
    for (const id of commandIds) expect(ownerOf(bindings({})[id], {}, id), id).toBeNull()
  })
  test('are not given twice, nor as the first of two', () => {
    expect(ownerOf('j', {}, 'reply')).toBe('next')
    expect(ownerOf('j', { next: 'x' }, 'reply')).toBeNull()
    expect(ownerOf('g', {}, 'reply')).toBe('goAll')
    expect(ownerOf('j', {}, 'next')).toBeNull()
  })
})

describe('the palette', () => {
  const entries = ['Resolve and next', 'Resolve and stay', 'Next conversation', '解决并看下一个'].map((words) => ({
    id: words,
    words,
  }))
  const found = (query: string) => matching(entries, query).map(({ words }) => words)
  test('finds every word, whatever their order, what begins so first', () => {
    expect(found('next')).toEqual(['Next conversation', 'Resolve and next'])
    expect(found('NEXT resolve')).toEqual(['Resolve and next'])
    expect(found('解决')).toEqual(['解决并看下一个'])
    expect(found(' ')).toHaveLength(4)
    expect(found('zzz')).toEqual([])
  })
})
