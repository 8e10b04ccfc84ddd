/**
 * Calls the server's address: 5 seconds for an answer, three times in all. "success" and an empty body are answers; after
 * anything else the customer reads that the account is out of order.
 * https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html, read 2026-11-24
 */
import { randomInt } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import { seal, sign } from './seal.ts'
import type { Clock } from './state.ts'
import { type Fields, toXml } from './xml.ts'

export type Mode = 'plain' | 'compatible' | 'safe'

export interface Console {
  url: string | null
  token: string
  mode: Mode
  encodingAesKey: string
  format: 'xml' | 'json'
}

export interface Attempt {
  readonly msgId: string | null
  readonly at: number
  /** Null: no answer in time, or no connection. */
  readonly status: number | null
  readonly body: string
}

export interface Pushes {
  /** The whole of it: resolves when it was taken, or given up. */
  push(fields: Fields): Promise<boolean>
  /** What the console does when it is saved. */
  greet(): Promise<boolean>
  attempts(): readonly Attempt[]
  /** How often a customer read that the account is out of order. */
  complaints(): number
  /** One signed call, ready to be made. */
  signed(fields: Fields): SignedCall
  close(): void
}

export interface SignedCall {
  readonly query: string
  readonly body: string
  readonly contentType: string
}

const answerMs = 5000
const tries = 3

export function createPushes(console: Console, appId: string, clock: Clock, speed: number): Pushes {
  const made: Attempt[] = []
  const agents = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent({ keepAlive: true }) }
  const timers = new Map<NodeJS.Timeout, () => void>()
  let complaints = 0
  let closed = false

  const stamp = () => ({
    timestamp: String(Math.floor(clock.now() / 1000)),
    nonce: String(randomInt(1e8, 1e9)),
  })

  function signed(fields: Fields): SignedCall {
    const { token, mode, encodingAesKey, format } = console
    const { timestamp, nonce } = stamp()
    const query = new URLSearchParams({ signature: sign(token, timestamp, nonce), timestamp, nonce })
    query.set('openid', String(fields.FromUserName ?? ''))
    const write = (content: Fields) => (format === 'xml' ? toXml(content) : JSON.stringify(content))
    const contentType = format === 'xml' ? 'text/xml' : 'application/json'
    if (mode === 'plain') return { query: query.toString(), body: write(fields), contentType }
    const Encrypt = seal(write(fields), encodingAesKey, appId)
    query.set('encrypt_type', 'aes')
    query.set('msg_signature', sign(token, timestamp, nonce, Encrypt))
    const open = mode === 'compatible' ? fields : { ToUserName: fields.ToUserName ?? '' }
    return { query: query.toString(), body: write({ ...open, Encrypt }), contentType }
  }

  function call(method: string, query: string, body: string | null, contentType: string) {
    const url = new URL(`${console.url}?${query}`)
    const protocol = url.protocol as 'http:' | 'https:'
    return new Promise<{ status: number | null; body: string }>((resolve) => {
      const nothing = () => resolve({ status: null, body: '' })
      const headers = body === null ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }
      const request = (protocol === 'https:' ? https : http).request(url, { method, agent: agents[protocol], headers })
      const limit = setTimeout(() => request.destroy(), answerMs / speed)
      request.on('error', nothing)
      request.on('close', () => clearTimeout(limit))
      request.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', nothing)
        response.on('end', () =>
          resolve({ status: response.statusCode ?? null, body: Buffer.concat(chunks).toString('utf8') }),
        )
      })
      request.end(body ?? undefined)
    })
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer)
        resolve()
      }, ms)
      timers.set(timer, resolve)
    })
  }

  return {
    signed,
    async push(fields) {
      // The same call each time: what is signed, and when, does not change.
      const { query, body, contentType } = signed(fields)
      for (let attempt = 1; attempt <= tries && !closed && console.url; attempt += 1) {
        const begun = Date.now()
        const answer = await call('POST', query, body, contentType)
        made.push({ msgId: fields.MsgId === undefined ? null : String(fields.MsgId), at: begun, ...answer })
        if (answer.status === 200) {
          if (answer.body !== 'success' && answer.body !== '') complaints += 1
          return true
        }
        await pause(Math.max(0, begun + answerMs / speed - Date.now()))
      }
      complaints += 1
      return false
    },
    async greet() {
      const { timestamp, nonce } = stamp()
      const echostr = String(randomInt(2 ** 47))
      const signature = sign(console.token, timestamp, nonce)
      const query = new URLSearchParams({ signature, echostr, timestamp, nonce })
      const { status, body } = await call('GET', query.toString(), null, '')
      return status === 200 && body === echostr
    },
    attempts: () => made,
    complaints: () => complaints,
    close() {
      closed = true
      for (const [timer, resolve] of timers) {
        clearTimeout(timer)
        resolve()
      }
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}
