/** No test may reach beyond this machine: every connection any library opens is looked at. */
import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

/** Addresses that were connected to, and names that were looked up, which are not this machine's. */
export function watchConnections(): readonly string[] {
  const outside: string[] = []
  const isOurs = (address: string) => /^(127\.|::1$|::ffff:127\.|localhost$)/u.test(address)
  subscribe('net.client.socket', (message) => {
    const { socket } = message as { socket: Socket }
    socket.once('lookup', (_error, address, _family, host) => {
      if (!isOurs(String(host || address))) outside.push(String(host || address))
    })
    socket.once('connect', () => {
      if (socket.remoteAddress && !isOurs(socket.remoteAddress)) outside.push(socket.remoteAddress)
    })
  })
  return outside
}
