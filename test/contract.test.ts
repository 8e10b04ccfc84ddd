/** The contract, over every channel of the list. */
import { afterAll, expect, test } from 'vitest'
import { adapters } from '../adapters/index.ts'
import { describeAdapter } from './adapter-contract.ts'
import { watchConnections } from './contract/loopback.ts'
import type { ContractSample } from './helpers/contract-sample.ts'

const outside = watchConnections()
const told: string[] = []

test('names are unique', () => {
  const names = adapters.map(({ channel }) => channel)
  expect(new Set(names).size).toBe(names.length)
})

for (const adapter of adapters) {
  const { sample }: { sample: ContractSample } = await import(`../adapters/${adapter.channel}/contract.ts`)
  told.push(`${adapter.channel}: ${sample.payloads.length} payloads, ${sample.forged.length} forged calls`)
  describeAdapter(adapter, sample)
}

test('no request left this machine', () => expect(outside).toEqual([]))

afterAll(() => console.log(told.join('\n')))
