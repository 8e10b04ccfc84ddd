/**
 * The fan service calls the account's address: signed, one after the other, given up after 5 seconds, three tries in all.
 * https://open.weibo.com/wiki/Receive_General_Message, read 2026-11-24
 */
import { createHash, randomInt } from 'node:crypto'

export interface Attempt {
  readonly body: string
  /** Null: no answer in time, or none at all. */
  readonly status: number | null
  readonly answer: string
}

export interface PushOptions {
  readonly answerMs: number
  readonly tries: number
}

export function createPusher({ answerMs, tries }: PushOptions) {
  const attempts: Attempt[] = []
  const stop = new AbortController()
  let line: Promise<void> = Promise.resolve()

  async function call(url: string, init: RequestInit, body: string): Promise<Attempt> {
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(answerMs), stop.signal])
      const response = await fetch(url, { ...init, signal })
      return { body, status: response.status, answer: await response.text() }
    } catch {
      return { body, status: null, answer: '' }
    }
  }

  async function deliver(address: string, secret: string, body: string): Promise<void> {
    for (let attempt = 0; attempt < tries && !stop.signal.aborted; attempt += 1) {
      const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } }
      const made = await call(signed(address, secret, {}), init, body)
      attempts.push(made)
      if (made.status === 200) return
    }
  }

  return {
    attempts: attempts as readonly Attempt[],
    push(address: string, secret: string, body: string): Promise<void> {
      line = line.then(() => deliver(address, secret, body))
      return line
    },
    /** What happens when the address is entered: it has to give back what it is sent. */
    async confirm(address: string, secret: string): Promise<boolean> {
      const echostr = String(randomInt(1e12))
      return (await call(signed(address, secret, { echostr }), {}, '')).answer === echostr
    },
    close: () => stop.abort(),
  }
}
export type Pusher = ReturnType<typeof createPusher>

function signed(address: string, secret: string, more: Record<string, string>): string {
  const timestamp = String(Date.now())
  const nonce = String(randomInt(1e8))
  const parts = [timestamp, nonce, secret].sort()
  const url = new URL(address)
  url.search = new URLSearchParams({
    signature: createHash('sha1').update(parts.join('')).digest('hex'),
    timestamp,
    nonce,
    ...more,
  }).toString()
  return url.href
}
