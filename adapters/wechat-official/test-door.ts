/** The server's door as the simulator sees it: hands requests to a connection, without a database. For tests. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Connection } from '#channel/adapter.ts'
import { WebhookMalformed, WebhookRejected } from '#channel/errors.ts'
import type { InboundEvent } from '#channel/events.ts'

export interface Door {
  readonly url: string
  /** All that came in, in order. */
  readonly events: InboundEvent[]
  /** The next calls are taken, and answered too late or with a 503. */
  answer(how: 'too-late' | 'unavailable', times: number): void
  close(): Promise<void>
}

export async function openDoor(connection: Connection): Promise<Door> {
  const events: InboundEvent[] = []
  let troubles: ('too-late' | 'unavailable')[] = []
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const init = { method: request.method ?? 'GET', headers: { 'content-type': request.headers['content-type'] ?? '' } }
    const body = chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}
    try {
      const trouble = troubles.shift()
      if (trouble === 'unavailable') return void response.writeHead(503).end()
      const taken = await connection.webhook!(
        new Request(`http://door${request.url}`, { ...init, ...body }),
        new Date(),
      )
      events.push(...taken.events)
      if (trouble === 'too-late') return
      response.writeHead(taken.response.status, Object.fromEntries(taken.response.headers))
      response.end(await taken.response.text())
    } catch (error) {
      const status = error instanceof WebhookRejected ? 401 : error instanceof WebhookMalformed ? 400 : 500
      response.writeHead(status).end()
    }
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/1`,
    events,
    answer(how, times) {
      troubles = Array.from({ length: times }, () => how)
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
