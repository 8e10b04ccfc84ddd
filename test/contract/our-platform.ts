/** The core's part for a channel whose platform is us: what was sent is stored, and then read through the webhook. */
import type { Connection } from '../../src/channel/adapter.ts'
import type { TestTools } from '../helpers/adapter-tools.ts'
import type { ContractSimulator } from '../helpers/contract-sample.ts'
import { until } from '../helpers/until.ts'

export async function storeWhatIsSent(
  connection: Connection,
  tools: TestTools,
  simulator: ContractSimulator,
  signal: AbortSignal,
): Promise<Connection> {
  await simulator.meets!(async (request) => {
    const { response } = await connection.webhook!(request, new Date(), { address: '127.0.0.1', signal })
    return response
  })
  return {
    ...connection,
    async send(reply) {
      const sent = await connection.send(reply)
      const before = simulator.accepted().length
      await tools.shows(
        reply.thread.externalId,
        { id: sent.externalId ?? reply.deliveryId, text: reply.text },
        reply.media,
      )
      await until(() => simulator.accepted().length > before)
      return sent
    },
  }
}
