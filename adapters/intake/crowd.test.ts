/** The people of the demo speak to a real door, and its posts are such as the door takes. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createTestTools } from '../../test/helpers/adapter-tools.ts'
import { until } from '../../test/helpers/until.ts'
import { intakeDemo } from './demo.ts'
import { intake } from './index.ts'

test('every account of the demo brings messages of its own kind', async () => {
  const over = new AbortController()
  const accounts = await intakeDemo.start({ signal: over.signal })
  expect(accounts.map(({ settings }) => settings.kind)).toEqual(['phone', 'store', 'form', 'app'])
  const tools = createTestTools()
  const brought = new Map<string, string[]>()
  const refused: number[] = []
  const connections = accounts.map(({ name, settings }, index) =>
    intake.connect({ id: String(index), name, settings: intake.settings.parse(settings), webhookUrl: null }, tools),
  )
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const body = Buffer.concat(chunks)
      const url = `http://127.0.0.1${request.url}`
      const headers = Object.entries(request.headers).map(([key, value]): [string, string] => [key, String(value)])
      const init = { method: request.method ?? 'GET', headers, ...(body.length > 0 ? { body } : {}) }
      const index = Number(/^\/webhooks\/(\d)/u.exec(url.slice('http://127.0.0.1'.length))?.[1])
      const { events, response: answer } = await connections[index]!.webhook!(new Request(url, init), new Date())
      if (answer.status >= 400) refused.push(answer.status)
      const texts = events.flatMap((event) => (event.type === 'message' ? [event.message.text] : []))
      brought.set(accounts[index]!.name, [...(brought.get(accounts[index]!.name) ?? []), ...texts])
      response.writeHead(answer.status).end(await answer.text())
    })()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    over.abort()
    tools.close()
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  for (const [index, { begin }] of accounts.entries())
    begin({ webhookUrl: `http://127.0.0.1:${port}/webhooks/${index}` })
  await until(() => accounts.every(({ name }) => (brought.get(name)?.length ?? 0) > 0))
  expect(refused).toEqual([])
})
