import { expect, test } from 'vitest'
import { newId } from '../db/id.ts'
import { hearCustomerTyping, tellCustomerTyping } from './customer-typing.ts'

const [brand, other, ticket] = [newId(), newId(), newId()]

function words() {
  const hearers = new Set<(word: string) => void>()
  return {
    tell: (word: string) => {
      for (const hear of hearers) hear(word)
    },
    hear(fn: (word: string) => void) {
      hearers.add(fn)
      return () => void hearers.delete(fn)
    },
  }
}

test('that a customer types is told to the desks of its brand, and to no other', () => {
  const all = words()
  const heard: string[] = []
  hearCustomerTyping(all, [brand], (frame) => heard.push(`mine ${frame}`))
  hearCustomerTyping(all, [other], (frame) => heard.push(`other ${frame}`))
  const stop = hearCustomerTyping(all, null, (frame) => heard.push(`every ${frame}`))
  tellCustomerTyping(all, brand, ticket)
  const frame = `event: typing\ndata: {"id":"","type":"typing","ticketId":"${ticket}","version":null}\n\n`
  expect(heard).toEqual([`mine ${frame}`, `every ${frame}`])
  stop()
  all.tell(`customer-typing ${brand} ${ticket}\n\ndata: x`)
  all.tell('something else')
  expect(heard).toHaveLength(2)
})
