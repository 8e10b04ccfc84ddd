import net, { type AddressInfo } from 'node:net'

/** One address in front of servers that come and go; a test cuts it, and turns it to another server. */
export interface Switch {
  readonly url: string
  /** New connections go there; null: none is taken. What is open stays. */
  to(url: string | null): void
  /** Every open connection breaks. */
  cut(): void
  close(): Promise<void>
}

export async function openSwitch(): Promise<Switch> {
  let behind: string | null = null
  const sockets = new Set<net.Socket>()
  const server = net.createServer((near) => {
    if (behind === null) return void near.destroy()
    const far = net.connect(Number(new URL(behind).port), '127.0.0.1')
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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    to(url) {
      behind = url
    },
    cut,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      cut()
      await closed
    },
  }
}
