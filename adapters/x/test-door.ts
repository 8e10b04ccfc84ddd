/** The account's public address, as X reaches it: hands what comes to a connection, and keeps the events. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Connection } from '#channel/adapter.ts'
import { WebhookMalformed, WebhookRejected } from '#channel/errors.ts'
import type { InboundEvent } from '#channel/events.ts'

export interface Door {
  readonly url: string
  readonly events: readonly InboundEvent[]
  connect(connection: Connection): void
  /** As a proxy does that was set up wrongly. */
  redirects(on: boolean): void
  close(): Promise<void>
}

export async function openDoor(): Promise<Door> {
  const events: InboundEvent[] = []
  let connected: Connection | null = null
  let redirecting = false
  const server = http.createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    if (redirecting || !connected) return outgoing.writeHead(301, { location: 'https://care.example/' }).end()
    const { method = 'GET', url = '/' } = incoming
    const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)])
    const body = method === 'GET' ? {} : { body: Buffer.concat(chunks) }
    try {
      const result = await connected.webhook!(
        new Request(`http://door${url}`, { method, headers, ...body }),
        new Date(),
      )
      events.push(...result.events)
      const text = Buffer.from(await result.response.arrayBuffer())
      outgoing.writeHead(result.response.status, Object.fromEntries(result.response.headers)).end(text)
    } catch (error) {
      outgoing.writeHead(error instanceof WebhookRejected ? 401 : error instanceof WebhookMalformed ? 400 : 500).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/1`,
    events,
    connect(connection) {
      connected = connection
    },
    redirects(on) {
      redirecting = on
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
