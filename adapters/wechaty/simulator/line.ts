/** The network before the simulated gateway: it can break, and it can fall silent. */
import net from 'node:net'

export interface Line {
  readonly port: number
  /** Breaks every connection that stands. New ones may come. */
  cut(): void
  /** Bytes are taken and go nowhere, like a cable that was pulled. */
  silence(on: boolean): void
  /** Refuses connections. */
  down(on: boolean): Promise<void>
  close(): Promise<void>
}

export async function startLine(innerPort: number): Promise<Line> {
  const sockets = new Set<net.Socket>()
  let silent = false

  const server = net.createServer((outer) => {
    const inner = net.connect(innerPort, '127.0.0.1')
    for (const [from, to] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => !silent && to.write(bytes))
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as net.AddressInfo
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      cut()
    })

  return {
    port,
    cut,
    silence(on) {
      silent = on
    },
    async down(on) {
      if (on && server.listening) await stop()
      if (!on && !server.listening) await listen(port)
    },
    close: async () => (server.listening ? await stop() : undefined),
  }
}

/** A port nobody uses, for a server that does not say which one it took. */
export async function freePort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as net.AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
