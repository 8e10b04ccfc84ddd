/** What every adapter promises, whatever its platform. Each folder brings a `contract.ts` with what only it can know. */
import { describe } from 'vitest'
import type { Adapter } from '../src/channel/adapter.ts'
import { describeDescription } from './contract/description.ts'
import { describeFiles } from './contract/files.ts'
import { describeInbound } from './contract/inbound.ts'
import { describeNobodyThere } from './contract/nobody-there.ts'
import { describeSimulated } from './contract/simulated.ts'
import { setStage } from './contract/stage.ts'
import type { ContractSample } from './helpers/contract-sample.ts'

export function describeAdapter(adapter: Adapter<unknown>, sample: ContractSample): void {
  describe(adapter.channel, () => {
    const stage = setStage(adapter, sample)
    describeDescription(stage)
    describeInbound(stage)
    describeFiles(stage)
    describeNobodyThere(stage)
    describeSimulated(stage)
  })
}
