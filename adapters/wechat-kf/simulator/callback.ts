/**
 * Calls our address: sealed, 5 seconds for an answer, three times in all.
 * https://developer.work.weixin.qq.com/document/path/90930, as known on 2026-11-24
 */
import { randomBytes, randomInt } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import type { Clock, Company } from './company.ts'
import { seal, sign } from './seal.ts'

export interface Console {
  url: string | null
  token: string
  encodingAesKey: string
}

export interface SignedCall {
  readonly query: string
  readonly body: string
}

export interface Attempt {
  readonly openKfId: string
  /** Null: no answer in time, or no connection. */
  readonly status: number | null
}

export interface Callbacks {
  /** Says that there is something to read; resolves to whether that was taken. */
  call(openKfId: string): Promise<boolean>
  /** What the console does when it is saved. */
  greet(): Promise<boolean>
  /** One call, ready to be made. */
  signed(openKfId: string): SignedCall
  attempts(): readonly Attempt[]
  close(): void
}

const answerMs = 5000
const tries = 3

export function createCallbacks(console: Console, company: Company, clock: Clock, speed: number): Callbacks {
  const made: Attempt[] = []
  const agents = { 'http:': new http.Agent({ keepAlive: true }), 'https:': new https.Agent({ keepAlive: true }) }
  const timers = new Map<NodeJS.Timeout, () => void>()
  let closed = false

  function signedOver(text: string) {
    const timestamp = String(Math.floor(clock.now() / 1000))
    const nonce = String(randomInt(1e8, 1e9))
    const sealed = seal(text, console.encodingAesKey, company.corpId)
    const msg_signature = sign(console.token, timestamp, nonce, sealed)
    return { query: new URLSearchParams({ msg_signature, timestamp, nonce }), sealed }
  }

  function signed(openKfId: string): SignedCall {
    const token = `ENC${randomBytes(24).toString('base64url')}`
    company.callTokens.set(token, clock.now())
    const { query, sealed } = signedOver(
      `<xml><ToUserName><![CDATA[${company.corpId}]]></ToUserName><CreateTime>${Math.floor(clock.now() / 1000)}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event><Token><![CDATA[${token}]]></Token><OpenKfId><![CDATA[${openKfId}]]></OpenKfId></xml>`,
    )
    const body = `<xml><ToUserName><![CDATA[${company.corpId}]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt><AgentID><![CDATA[]]></AgentID></xml>`
    return { query: query.toString(), body }
  }

  function request(method: string, query: string, body: string | null) {
    const url = new URL(`${console.url}?${query}`)
    const protocol = url.protocol as 'http:' | 'https:'
    return new Promise<{ status: number | null; body: string }>((resolve) => {
      const nothing = () => resolve({ status: null, body: '' })
      const headers = body === null ? {} : { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) }
      const call = (protocol === 'https:' ? https : http).request(url, { method, agent: agents[protocol], headers })
      const limit = setTimeout(() => call.destroy(), answerMs / speed)
      call.on('error', nothing)
      call.on('close', () => clearTimeout(limit))
      call.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', nothing)
        response.on('end', () =>
          resolve({ status: response.statusCode ?? null, body: Buffer.concat(chunks).toString() }),
        )
      })
      call.end(body ?? undefined)
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
    async call(openKfId) {
      // The same call each time.
      const { query, body } = signed(openKfId)
      for (let attempt = 1; attempt <= tries && !closed && console.url; attempt += 1) {
        const begun = Date.now()
        const { status } = await request('POST', query, body)
        made.push({ openKfId, status })
        if (status === 200) return true
        if (attempt < tries) await pause(Math.max(0, begun + answerMs / speed - Date.now()))
      }
      return false
    },
    async greet() {
      const word = String(randomInt(2 ** 47))
      const { query, sealed } = signedOver(word)
      query.set('echostr', sealed)
      const { status, body } = await request('GET', query.toString(), null)
      return status === 200 && body === word
    },
    attempts: () => made,
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
