import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** The address a platform knows, in front of nodes that come and go. 502 while there is none. */
export interface Front {
  readonly url: string
  /** Nodes to hand requests to, in turn. */
  to(urls: readonly string[]): void
  close(): Promise<void>
}

export async function openFront(): Promise<Front> {
  let nodes: readonly string[] = []
  let turn = 0
  const agent = new http.Agent({ keepAlive: true })

  const server = http.createServer((request, response) => {
    const bad = () => {
      if (response.headersSent) response.destroy()
      else response.writeHead(502).end()
    }
    turn += 1
    const node = nodes[turn % nodes.length]
    if (node === undefined) {
      request.resume()
      return bad()
    }
    const onward = http.request(
      new URL(request.url ?? '/', node),
      { method: request.method ?? 'GET', headers: request.headers, agent },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.on('error', () => response.destroy())
        answer.pipe(response)
      },
    )
    onward.on('error', bad)
    request.on('error', () => onward.destroy())
    request.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    to(urls) {
      nodes = urls
    },
    async close() {
      agent.destroy()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
