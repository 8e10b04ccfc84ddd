import type { Agent, ClientRequest } from 'node:http'
import { TLSSocket } from 'node:tls'

export interface Watched {
  readonly agent: Agent
  /** False while no connection stood, so nothing can have arrived. */
  readonly left: () => boolean
}

/** The agent, for one call, with an eye on its connection. */
export function watchedAgent(agent: Agent): Watched {
  let left = false
  const addRequest = (request: ClientRequest, ...rest: unknown[]) => {
    request.once('socket', (socket) => {
      // A kept connection stands already. On a new one the request waits for the event.
      if (request.reusedSocket) left = true
      else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => (left = true))
    })
    request.once('response', () => (left = true))
    Reflect.apply(Reflect.get(agent, 'addRequest'), agent, [request, ...rest])
  }
  return { agent: Object.create(agent, { addRequest: { value: addRequest } }), left: () => left }
}
