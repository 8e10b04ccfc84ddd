/**
 * A wechaty gateway on loopback: the real PuppetServer of wechaty-puppet-service, gRPC and all, over a simulated account. For the demo and
 * tests; never imported by index.ts. The adapter cannot tell it from another gateway but by the endpoint in the settings.
 */
import { randomUUID } from 'node:crypto'
import { FileBox } from 'file-box'
import { log } from 'wechaty-puppet'
import { PuppetServer } from 'wechaty-puppet-service'
import type { GatewayFault } from './simulator/faults.ts'
import { createLedger, type Taken } from './simulator/ledger.ts'
import { freePort, startLine } from './simulator/line.ts'
import { createPuppet, type Payload } from './simulator/puppet.ts'

export type { GatewayFault, Taken }

export interface SimulatedFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Somebody who writes to the account. */
export interface Customer {
  readonly id: string
  /** To the account, or into a room. The message's id. */
  says(text: string, roomId?: string): string
  sends(file: SimulatedFile, roomId?: string): string
  recalls(messageId: string, roomId?: string): string
}

export interface WechatyGateway {
  readonly endpoint: string
  readonly token: string
  /** The id of the account that signs in. */
  readonly account: string
  scan(code: string, status?: number): void
  login(): void
  logout(): Promise<void>
  readonly loggedIn: boolean
  /** Somebody listens to its events. */
  readonly connected: boolean
  /** Signs of life the adapter asked for. */
  readonly pings: number
  customer(person: { name: string } & Partial<Payload>): Customer
  room(topic: string, members: readonly Customer[], id?: string): string
  /** Any message, as a puppet gives it; `beside`: its file, link, place. */
  arrives(payload: Partial<Payload>, beside?: object): string
  /** It comes once more, as after a restart of the puppet. */
  again(messageId: string): void
  accepted(): readonly Taken[]
  onAccepted(listener: (taken: Taken) => void): () => void
  fault(fault: GatewayFault): void
  set(options: { tellsIds?: boolean; echoes?: boolean }): void
  /** They deleted the account from their friends. */
  unreachable(id: string): void
  /** Calls the puppet has got, by name. */
  readonly calls: readonly string[]
  readonly line: { cut(): void; silence(on: boolean): void; down(on: boolean): Promise<void> }
  /** Any event, as the puppet tells it. */
  emit(event: string, payload: object): void
  close(): Promise<void>
}

export async function startWechatyGateway(options: { token?: string; name?: string } = {}): Promise<WechatyGateway> {
  log.level('silent')
  const token = options.token ?? `insecure_${randomUUID()}`
  const innerPort = await freePort()
  const line = await startLine(innerPort)
  const ledger = createLedger()
  const simulated = createPuppet(ledger, () => line.cut())
  const { puppet, mocker, beside } = simulated
  const account = 'wxid_care0000000001'
  const contact = (payload: object) => mocker.createContact({ type: 1, alias: '', avatar: '', ...payload } as never)
  contact({ id: account, name: options.name ?? '客服小信' })
  const calls: string[] = []
  for (const name of ['start', 'stop', 'logout'] as const) {
    const original = puppet[name].bind(puppet) as () => Promise<void>
    Object.assign(puppet, {
      [name]: async () => {
        calls.push(name)
        await original()
      },
    })
  }
  const server = new PuppetServer({ endpoint: `127.0.0.1:${innerPort}`, puppet, token, tls: { disable: true } })
  // It starts its gRPC server in a way that gRPC warns of.
  const { noDeprecation } = process
  process.noDeprecation = true
  await server.start()
  process.noDeprecation = noDeprecation ?? false

  const arrives = (payload: Partial<Payload>, more?: object): string => {
    const id = payload.id ?? String(BigInt(`0x${randomUUID().replaceAll('-', '').slice(0, 15)}`))
    if (more) beside.set(id, more)
    simulated.arrives({ type: 7, timestamp: Date.now(), ...payload, id })
    return id
  }
  function customer(person: { name: string } & Partial<Payload>): Customer {
    const { id } = contact({ id: `wxid_${randomUUID().replaceAll('-', '').slice(0, 14)}`, ...person })
    const where = (roomId: string | undefined) => (roomId === undefined ? { listenerId: account } : { roomId })
    return {
      id,
      says: (text, roomId) => arrives({ talkerId: id, text, ...where(roomId) }),
      sends({ name, bytes }, roomId) {
        const file = FileBox.fromBase64(Buffer.from(bytes).toString('base64'), name)
        const type = /\.(png|jpe?g|gif)$/u.test(name) ? 6 : name.endsWith('.mp4') ? 15 : 1
        return arrives({ talkerId: id, type, filename: name, ...where(roomId) }, { file })
      },
      recalls: (messageId, roomId) => arrives({ talkerId: id, type: 13, text: messageId, ...where(roomId) }),
    }
  }

  return {
    endpoint: `127.0.0.1:${line.port}`,
    token,
    account,
    scan: (qrcode, status = 2) => void puppet.emit('scan', { qrcode, status }),
    login: () => puppet.login(account),
    logout: () => puppet.logout('the phone said so'),
    get loggedIn() {
      return puppet.isLoggedIn
    },
    get connected() {
      return puppet.listenerCount('message') > 0
    },
    get pings() {
      return simulated.pings
    },
    customer,
    room(topic, members, id = `${randomUUID().replaceAll('-', '').slice(0, 12)}@chatroom`) {
      const memberIdList = [account, ...members.map((member) => member.id)]
      mocker.createRoom({ id, topic, memberIdList, adminIdList: [], ownerId: account } as never)
      return id
    },
    arrives,
    again: (messageId) => void puppet.emit('message', { messageId }),
    accepted: () => ledger.taken,
    onAccepted: ledger.onTaken,
    fault: (fault) => void simulated.faults.push(fault),
    set({ tellsIds = simulated.tellsIds, echoes = simulated.echoes }) {
      Object.assign(simulated, { tellsIds, echoes })
    },
    unreachable: (id) => void simulated.unreachable.add(id),
    calls,
    line,
    emit: (event, payload) => void puppet.emit(event as never, payload as never),
    async close() {
      await line.close()
      await server.stop()
      await puppet.stop()
    },
  }
}
