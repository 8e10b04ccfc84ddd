import { expect, test } from 'vitest'
import type { Message, TogetherAct } from '../api/wire.ts'
import { actsAmong } from './acts.ts'

const message = (id: string, at: number) => ({ id, sentAt: new Date(at * 1_000).toISOString() }) as Message
const act = (id: string, at: number) => ({ id, at: new Date(at * 1_000).toISOString() }) as TogetherAct
const shown = (isWhole: boolean, acts: TogetherAct[], messages = [message('a', 10), message('b', 20)]) => {
  const { before, after } = actsAmong(messages, acts, isWhole)
  const ids = (list: readonly TogetherAct[]) => list.map(({ id }) => id)
  return [Object.fromEntries([...before].map(([id, list]) => [id, ids(list)])), ids(after)]
}

test('an act stands where it was done', () => {
  expect(shown(true, [act('1', 5), act('2', 15), act('3', 16), act('4', 25)])).toEqual([
    { a: ['1'], b: ['2', '3'] },
    ['4'],
  ])
})

test('one that is older than what was read so far waits', () => {
  expect(shown(false, [act('1', 5), act('2', 15)])).toEqual([{ b: ['2'] }, []])
})

test('one of the same moment stands before the note it brought', () => {
  expect(shown(true, [act('1', 20)])).toEqual([{ b: ['1'] }, []])
})

test('where nobody wrote, all stand', () => expect(shown(true, [act('1', 5)], [])).toEqual([{}, ['1']]))
