/** What the core lends to one open connection of one account. */
import type { FastifyBaseLogger } from 'fastify'
import type { Exchange, FetchOptions, Logger, Tools } from '../channel/tools.ts'
import type { Db, Sql } from '../db/client.ts'
import { newId } from '../db/id.ts'
import type { Hint } from '../live/hint.ts'
import type { Seal } from '../seal.ts'
import { createAdapterState } from './adapter-state.ts'
import { createAgents } from './agent.ts'
import { type ChannelLog, currentDelivery } from './channel-log.ts'
import { addressText, bodyText, errorText } from './exchange-text.ts'
import { setHealth } from './health.ts'
import { createRedactor } from './redact.ts'
import { redactedLogger } from './redacted-logger.ts'
import type { SafeFetch } from './safe-fetch.ts'
import type { ThreadChanges } from './thread-changes.ts'
import { lentFiles, type ThreadFiles } from './thread-file.ts'
import { threadLines } from './thread-lines.ts'
import { createUsage } from './usage.ts'

export interface ToolsDeps {
  readonly db: Db
  readonly sql: Sql
  readonly seal: Seal
  readonly log: Pick<FastifyBaseLogger, 'debug' | 'info' | 'warn' | 'error'>
  readonly now: () => Date
  readonly nudge: () => void
  readonly channelLog: Pick<ChannelLog, 'write'>
  readonly safeFetch: Pick<SafeFetch, 'fetch'>
  readonly ours: Ours
}

/** What a channel needs whose platform is us. */
export interface Ours {
  readonly files: ThreadFiles
  readonly words: Pick<Hint, 'tell' | 'hear'>
  /** Left out: each watcher looks for itself. */
  readonly changes?: ThreadChanges
}

/** A command that only opens accounts has neither files nor words. */
export const nothingOfOurs: Ours = {
  files: {
    receive: () => Promise.reject(new Error('no files are kept here')),
    open: () => Promise.reject(new Error('no files are kept here')),
  },
  words: { tell: () => {}, hear: () => () => {} },
}

export interface ToolsAccount {
  readonly id: string
  readonly channel: string
  /** Of the settings the connection is opened with; null: news of it is stored whatever they are. */
  readonly settingsVersion: number | null
  /** The values of its secret settings. */
  readonly secrets: readonly string[]
}

export interface AccountTools {
  readonly tools: Tools
  /** When the connection is closed: ends what it kept open. */
  close(): void
}

export function createTools(account: ToolsAccount, deps: ToolsDeps): AccountTools {
  const { id: accountId } = account
  const redactor = createRedactor(account.secrets)
  const log: Logger = redactedLogger(deps.log, redactor, { accountId, channel: account.channel })
  const agents = createAgents()
  const words = wordsOf(accountId, deps.ours.words)

  function write(
    exchange: Exchange,
    outcome: { deliveryId: string | null; startedAt: Date; durationMs: number; response: unknown; error: unknown },
  ): void {
    const { deliveryId, startedAt, durationMs, response, error } = outcome
    deps.channelLog.write({
      id: newId(),
      accountId,
      deliveryId,
      at: startedAt,
      method: exchange.method.slice(0, 50),
      url: addressText(exchange.url, redactor),
      status: exchange.status ?? (error ? statusOf(error) : null),
      durationMs: Math.round(durationMs),
      request: bodyText(exchange.request, redactor),
      response: bodyText(response, redactor),
      error: error ? errorText(error, redactor) : null,
    })
  }

  const tools: Tools = {
    fetch(url: string | URL, options: FetchOptions = {}) {
      const startedAt = deps.now()
      const deliveryId = currentDelivery()
      return deps.safeFetch.fetch(
        url,
        options,
        ({ method, url: address, request, status, response, durationMs, error }) =>
          write(
            { method, url: address, request, ...(status === null ? {} : { status }) },
            { deliveryId, startedAt, durationMs, response, error },
          ),
      )
    },
    async logged(exchange, fn) {
      const startedAt = deps.now()
      const began = performance.now()
      const deliveryId = currentDelivery()
      const over = (result: unknown, error: unknown) =>
        write(exchange, {
          deliveryId,
          startedAt,
          durationMs: performance.now() - began,
          response: exchange.response ?? result,
          error,
        })
      try {
        const result = await fn()
        over(result, null)
        return result
      } catch (error) {
        over(null, error)
        throw error
      }
    },
    agent: (url) => agents.agent(url),
    redact: (text) => redactor.redact(text),
    now: deps.now,
    log,
    state: createAdapterState({ sql: deps.sql, seal: deps.seal, accountId, log, seen: redactor.learn }),
    usage: createUsage({ sql: deps.sql, accountId, now: deps.now }),
    thread: (threadId) =>
      threadLines({ sql: deps.sql, accountId, files: deps.ours.files, changes: deps.ours.changes }, threadId),
    files: lentFiles(deps.ours.files),
    nodes: words.nodes,
    async health(health) {
      const text = health.text && { en: redactor.redact(health.text.en), zh: redactor.redact(health.text.zh) }
      try {
        await setHealth(deps, accountId, account.settingsVersion, { ...health, ...(text ? { text } : {}) })
      } catch (error) {
        // A send that went well must not become a doubtful one because news of the account could not be stored.
        deps.log.error({ err: error, accountId }, 'the health of an account could not be stored')
      }
    },
  }
  return {
    tools,
    close() {
      words.close()
      agents.close()
    },
  }
}

/** Words of one account among those of all. */
function wordsOf(accountId: string, all: Ours['words']) {
  const heard = new Set<() => void>()
  const nodes: Tools['nodes'] = {
    tell: (word) => all.tell(`${accountId} ${word}`),
    hear(fn) {
      const stop = all.hear((word) => {
        if (word.startsWith(`${accountId} `)) fn(word.slice(accountId.length + 1))
      })
      heard.add(stop)
      return () => {
        heard.delete(stop)
        stop()
      }
    },
  }
  return {
    nodes,
    close() {
      for (const stop of heard) stop()
      heard.clear()
    },
  }
}

/** Errors of SDKs carry the HTTP status under one of these names. */
function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null
  for (const name of ['status', 'statusCode', 'code']) {
    const value: unknown = Reflect.get(error, name)
    if (typeof value === 'number' && value >= 100 && value <= 599) return value
  }
  return null
}
