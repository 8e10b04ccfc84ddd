/** Connections that reach the public internet only, whatever an address says and DNS answers. */
import dns from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { isPublicAddress } from './public-address.ts'

/** The address leads inward. Its message says where to, for the log; never shown to a customer or an agent. */
export class Inward extends Error {
  override readonly name = 'Inward'
}

export interface GuardOptions {
  /** Milliseconds until a connection stands, TLS included. */
  readonly timeoutMs: number
  /** Default: the system's. */
  readonly lookup?: typeof dns.lookup
  /** Default: {@link isPublicAddress}. */
  readonly isAllowed?: (address: string) => boolean
}

/**
 * The guard sits where sockets are made, and looks three times: at an address written as such (`lookup` is never asked
 * about `http://127.0.0.1`, `http://2130706433` or `http://[::1]`), at what DNS answers, and at who is at the other end.
 */
export function guardedConnector(options: GuardOptions): buildConnector.connector {
  const { isAllowed = isPublicAddress, lookup = dns.lookup } = options
  const connect = buildConnector({
    timeout: options.timeoutMs,
    allowH2: false,
    lookup: checkedLookup(lookup, isAllowed),
  })
  return (target, callback) => {
    const host = target.hostname.replace(/^\[(.*)\]$/u, '$1')
    if (isIP(host) !== 0 && !isAllowed(host)) return callback(new Inward(`${host} is not public`), null)
    connect(target, (...[error, socket]) => {
      if (error) return callback(error, null)
      const address = socket.remoteAddress ?? 'a closed connection'
      if (isAllowed(address)) return callback(null, socket)
      socket.destroy()
      callback(new Inward(`${address} is not public`), null)
    })
  }
}

/** Only the public ones of the addresses DNS gives: a mixed answer cannot be used to get inside. */
function checkedLookup(lookup: typeof dns.lookup, isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0)
      const allowed = found.filter(({ address }) => isAllowed(address))
      const first = allowed[0]
      if (!first) return callback(new Inward(`${hostname} does not lead to a public address`), '', 0)
      if (options.all) callback(null, allowed)
      else callback(null, first.address, first.family)
    })
  }
}
