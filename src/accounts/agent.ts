import http from 'node:http'
import https from 'node:https'

export interface Agents {
  /** For the protocol of `url`. The same one every time, so that connections are used again. */
  agent(url: string): http.Agent
  /** Ends every connection, those in use too. */
  close(): void
}

/**
 * Idle connections end after 4 s: platforms close theirs after some more, and a request on one that is just being
 * closed breaks after it left, which makes a send unknown.
 */
const options = { keepAlive: true, timeout: 4000, scheduling: 'lifo' } as const

export function createAgents(): Agents {
  let plain: http.Agent | null = null
  let secure: https.Agent | null = null
  return {
    agent(url) {
      if (url.toLowerCase().startsWith('https:')) {
        secure ??= new https.Agent(options)
        return secure
      }
      plain ??= new http.Agent(options)
      return plain
    },
    close() {
      plain?.destroy()
      secure?.destroy()
    },
  }
}
