/**
 * What the core lends to a connection, small and real: calls go over the network, everything an adapter says is kept for
 * looking at. For adapters' own tests, which need no database.
 */
import http from 'node:http'
import https from 'node:https'
import { createSafeFetch } from '../../src/accounts/safe-fetch.ts'
import type { Exchange, Health, Tools } from '../../src/channel/tools.ts'
import { createMemoryThreads, type MemoryThreads } from './memory-threads.ts'

export interface TestTools extends Tools {
  readonly exchanges: readonly Exchange[]
  readonly lines: readonly unknown[]
  readonly healths: readonly Health[]
  /** Moves the clock; it stands still otherwise once set. */
  setNow(now: Date): void
  /** A line the core would have stored. */
  readonly shows: MemoryThreads['shows']
  close(): void
}

export function createTestTools(secrets: readonly string[] = []): TestTools {
  const exchanges: Exchange[] = []
  const lines: unknown[] = []
  const healths: Health[] = []
  const values = new Map<string, string>()
  const uses = new Map<string, number>()
  const turns = new Map<string, Promise<unknown>>()
  const agents = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent({ keepAlive: true }) }
  const hearers = new Set<(word: string) => void>()
  const threads = createMemoryThreads()
  let fixed: Date | null = null
  const safeFetch = createSafeFetch()
  const redact = (text: string) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text)
  const log = (fields: object, message: string) => void lines.push({ fields, message })

  return {
    exchanges,
    lines,
    healths,
    setNow(now) {
      fixed = now
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy()
      void safeFetch.close()
    },
    // The core's own: what it says of a call that fails is half of what an adapter's errors are made of.
    fetch: (url, options = {}) =>
      safeFetch.fetch(url, options, ({ method, url: address, request, status, response }) => {
        exchanges.push({
          method,
          url: redact(address),
          request: request && redact(request),
          ...(status === null ? {} : { status }),
          response: response && redact(response),
        })
      }),
    async logged(exchange, fn) {
      exchanges.push(exchange)
      return await fn()
    },
    agent: (url) => agents[new URL(url).protocol === 'https:' ? 'https:' : 'http:'],
    redact,
    now: () => fixed ?? new Date(),
    log: { debug: log, info: log, warn: log, error: log },
    state: {
      get: async (key) => values.get(key) ?? null,
      set: async (key, value) => void values.set(key, value),
      delete: async (key) => void values.delete(key),
      async exclusive(key, fn) {
        const before = turns.get(key) ?? Promise.resolve()
        const turn = before.then(() => fn(values.get(key) ?? null))
        turns.set(
          key,
          turn.then(
            () => {},
            () => {},
          ),
        )
        return await turn
      },
    },
    usage: {
      async add(kind, count, { within } = {}) {
        const used = uses.get(kind) ?? 0
        if (within && used + count > within.max) return false
        uses.set(kind, used + count)
        return true
      },
      count: async (kind) => uses.get(kind) ?? 0,
    },
    thread: threads.thread,
    files: threads.files,
    nodes: {
      tell(word) {
        for (const hear of hearers) hear(word)
      },
      hear(fn) {
        hearers.add(fn)
        return () => void hearers.delete(fn)
      },
    },
    shows: threads.shows,
    health: async (health) => void healths.push(health),
  }
}
