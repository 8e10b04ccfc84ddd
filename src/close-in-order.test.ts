import { expect, test } from 'vitest'
import { closeInOrder } from './close-in-order.ts'

test('what fails or hangs keeps nothing else from closing, and is told', async () => {
  const closed: string[] = []
  const told: unknown[] = []
  await closeInOrder(
    [
      [() => Promise.reject(new Error('one')), () => new Promise(() => {}), async () => void closed.push('first')],
      [
        () => {
          throw new Error('two')
        },
        () => void closed.push('second'),
      ],
    ],
    { ms: 20, log: { error: (fields: object) => told.push(fields) } },
  )
  expect(closed).toEqual(['first', 'second'])
  expect(told).toHaveLength(3)
})

test('a group waits for the one before it', async () => {
  const closed: string[] = []
  const slow = async () => {
    await new Promise((resolve) => setImmediate(resolve))
    closed.push('slow')
  }
  await closeInOrder([[slow], [() => void closed.push('then')]], { ms: 1_000, log: { error: () => {} } })
  expect(closed).toEqual(['slow', 'then'])
})
