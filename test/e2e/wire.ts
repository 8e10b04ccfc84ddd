import net, { type AddressInfo } from 'node:net'

/** The network between a browser and the server, which a test can cut. */
export interface Wire {
  readonly url: string
  /** Every connection breaks, and none is taken. */
  cut(): Promise<void>
  mend(): Promise<void>
  close(): Promise<void>
}

export async function openWire(server: string): Promise<Wire> {
  const { port: behind } = new URL(server)
  const sockets = new Set<net.Socket>()
  const wire = net.createServer((near) => {
    const far = net.connect(Number(behind), '127.0.0.1')
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket
        .on('error', () => other.destroy())
        .on('close', () => {
          other.destroy()
          sockets.delete(socket)
        })
    }
    near.pipe(far)
    far.pipe(near)
  })
  const listen = (at: number) => new Promise<void>((resolve) => wire.listen(at, '127.0.0.1', resolve))
  await listen(0)
  const { port } = wire.address() as AddressInfo

  async function cut() {
    if (!wire.listening) return
    const closed = new Promise((resolve) => wire.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return { url: `http://127.0.0.1:${port}`, cut, mend: () => listen(port), close: cut }
}
