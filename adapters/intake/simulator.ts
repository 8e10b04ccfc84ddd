/**
 * The brand's program on loopback: it takes our webhooks, checks their signatures by itself, drops what it has taken already,
 * fails as told, and posts what its people say.
 */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Taken {
  readonly id: string
  readonly thread: string
  readonly to: string
  readonly inReplyTo: string | null
  readonly text: string
  readonly files: readonly {
    readonly name: string
    readonly type: string
    readonly size: number
    readonly data: string
  }[]
}

export type ProgramFault =
  | {
      readonly kind: 'status'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly taken?: boolean
    }
  /** Taken, and no answer. */
  | { readonly kind: 'hang' }
  /** Taken, and the connection breaks. */
  | { readonly kind: 'reset' }

export interface Program {
  /** `answerUrl` of the account. */
  readonly address: string
  /** Each answer once, whatever came again. */
  readonly taken: readonly Taken[]
  /** Every call, those that were refused or came again too. */
  readonly calls: readonly { readonly id: string; readonly status: number }[]
  fail(...faults: readonly ProgramFault[]): void
  onTaken(listener: (taken: Taken) => void): void
  /** Posts as the brand's program does, signed. */
  post(door: string, body: object, options?: PostOptions): Promise<Response>
  close(): Promise<void>
}

export interface PostOptions {
  readonly id?: string
  readonly at?: Date
  readonly secret?: string
}

const maxText = 20_000
const maxFile = 5_000_000

export async function startProgram(secret: string): Promise<Program> {
  const taken = new Map<string, Taken>()
  const calls: { id: string; status: number }[] = []
  const faults: ProgramFault[] = []
  const listeners: ((taken: Taken) => void)[] = []
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/huixin`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const id = String(request.headers['webhook-id'] ?? '')
    const end = (status: number, headers: Readonly<Record<string, string>> = {}) => {
      calls.push({ id, status })
      if (calls.length > 1_000) calls.shift()
      response.writeHead(status, headers).end()
    }
    if (!isGenuine(request, body)) return end(401)
    const event = JSON.parse(body.toString()) as { type: string; data: Taken }
    if (event.type === 'check') return end(204)
    const fault = faults.shift()
    if (fault?.kind === 'hang' || fault?.kind === 'reset') {
      keep(id, event.data)
      if (fault.kind === 'reset') response.destroy()
      return
    }
    if (fault) {
      if (fault.taken) keep(id, event.data)
      return end(fault.status, fault.headers)
    }
    if ([...event.data.text].length > maxText || event.data.files.some(({ size }) => size > maxFile)) return end(413)
    if (event.data.thread.trim() === '' || !/^[\x21-\x7e]+$/u.test(event.data.thread)) return end(404)
    keep(id, event.data)
    end(204)
  }

  function keep(id: string, data: Taken): void {
    if (taken.has(id)) return
    taken.set(id, data)
    for (const listener of listeners) listener(data)
  }

  /** Written from the specification, not from the adapter. */
  function isGenuine({ headers }: IncomingMessage, body: Buffer): boolean {
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
    const [id, time, given = ''] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
      String(headers[name] ?? ''),
    )
    if (Math.abs(Date.now() / 1_000 - Number(time)) > 300) return false
    const content = Buffer.concat([Buffer.from(`${id}.${time}.`), body])
    const expected = createHmac('sha256', key).update(content).digest()
    return given.split(' ').some((one) => {
      const signature = Buffer.from(one.replace(/^v1,/u, ''), 'base64')
      return one.startsWith('v1,') && signature.length === expected.length && timingSafeEqual(signature, expected)
    })
  }

  return {
    address,
    get taken() {
      return [...taken.values()]
    },
    calls,
    fail: (...list) => void faults.push(...list),
    onTaken: (listener) => void listeners.push(listener),
    post: (door, body, options = {}) => fetch(signedPost(options.secret ?? secret, door, body, options)),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A post as the brand's program makes it. */
export function signedPost(
  secret: string,
  door: string,
  body: object | string,
  { id = randomUUID(), at = new Date() }: Omit<PostOptions, 'secret'> = {},
): Request {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const time = Math.floor(at.getTime() / 1_000)
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${time}.${text}`).digest('base64')
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(time),
    'webhook-signature': `v1,${signature}`,
  }
  return new Request(door, { method: 'POST', body: text, headers })
}
