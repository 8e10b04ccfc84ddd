import { expect, test } from 'vitest'
import { actsBetween } from './use-acts.ts'

const act = (id: number, at: number) => ({ id, at, text: `act ${id}` })
const ids = (places: readonly (readonly { id: number }[])[]) => places.map((place) => place.map(({ id }) => id))

test('acts stand where they happened between the messages', () => {
  expect(ids(actsBetween([act(1, 5), act(2, 15), act(3, 16), act(4, 40)], [10, 20, 30], true))).toEqual([
    [1],
    [2, 3],
    [],
    [4],
  ])
})

test('those before what was read wait until it is read', () => {
  expect(ids(actsBetween([act(1, 5), act(2, 15)], [10, 20], false))).toEqual([[], [2], []])
})

test('a conversation without messages shows them all', () => {
  expect(ids(actsBetween([act(1, 5)], [], true))).toEqual([[1]])
})
