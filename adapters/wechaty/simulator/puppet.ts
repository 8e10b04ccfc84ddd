/** The puppet behind the gateway: wechaty-puppet-mock, with sending that is kept in a ledger, limits of its own, and ids as asked for. */
import { randomUUID } from 'node:crypto'
import { mock, PuppetMock } from 'wechaty-puppet-mock'
import { type GatewayFault, statusError } from './faults.ts'
import { type Ledger, withoutMention } from './ledger.ts'

/** Not the adapter's figures: WeChat is said to take 2,000 characters, of which 100 are kept for a mention. */
const maxCharacters = 2000 - 100
const maxFileBytes = 20 * 1024 * 1024

export type Payload = Record<string, unknown> & { readonly id: string }

export interface SimulatedPuppet {
  readonly puppet: PuppetMock
  readonly mocker: InstanceType<typeof mock.Mocker>
  /** What a message holds beside its text, by message id. */
  readonly beside: Map<
    string,
    { url?: unknown; location?: unknown; miniProgram?: unknown; card?: string; file?: unknown }
  >
  faults: GatewayFault[]
  /** Signs of life that were asked for. */
  pings: number
  /** Whether a send is answered with the message's id; many puppets do not. */
  tellsIds: boolean
  /** Whether our own lines come back. */
  echoes: boolean
  /** Whom nothing can be sent to. */
  readonly unreachable: Set<string>
  /** A message comes, or comes again. */
  arrives(payload: Payload): void
}

interface FileBox {
  readonly name: string
  toBuffer(): Promise<Buffer>
}

export function createPuppet(ledger: Ledger, cut: () => void): SimulatedPuppet {
  const mocker = new mock.Mocker()
  const puppet = new PuppetMock({ mocker })
  // Puppets report trouble; without an ear it would be thrown.
  puppet.on('error', () => {})
  const self: SimulatedPuppet = {
    puppet,
    mocker,
    beside: new Map(),
    faults: [],
    pings: 0,
    tellsIds: true,
    echoes: true,
    unreachable: new Set(),
    arrives(payload) {
      mocker.cacheMessagePayload.set(payload.id, payload as never)
      puppet.emit('message', { messageId: payload.id })
    },
  }

  async function take(to: string, text: string, mentions: readonly string[], file: FileBox | null) {
    const fault = self.faults.shift()
    if (fault?.kind === 'status') throw statusError(fault.code, fault.words)
    if (fault?.kind === 'throws') throw new Error(fault.words)
    if (!puppet.isLoggedIn) throw new Error('not logged in')
    const roomId = mocker.cacheRoomPayload.has(to) ? to : null
    if (roomId === null && !mocker.cacheContactPayload.has(to)) throw statusError(5, `no payload found for id ${to}`)
    if (self.unreachable.has(to)) throw statusError(7, 'not a friend')
    if ([...withoutMention(text)].length > maxCharacters) throw statusError(11, 'the text is too long')
    const bytes = file ? (await file.toBuffer()).length : 0
    if (bytes > maxFileBytes) throw statusError(8, `message larger than max (${bytes} vs. ${maxFileBytes})`)
    const id = `sent-${randomUUID()}`
    ledger.add({ id, to, roomId, text, mentions, file: file ? { name: file.name, bytes } : null })
    if (self.echoes) {
      const where = roomId === null ? { listenerId: to } : { roomId }
      const what = file ? { type: file.name.endsWith('.png') ? 6 : 1, filename: file.name } : { type: 7, text }
      setImmediate(() => {
        if (puppet.isLoggedIn)
          self.arrives({ id, talkerId: puppet.currentUserId, timestamp: Date.now(), ...where, ...what })
      })
    }
    if (fault?.kind === 'server-error') throw statusError(13, 'internal error')
    if (fault?.kind === 'cut') cut()
    if (fault?.kind === 'hang' || fault?.kind === 'cut') await new Promise(() => {})
    return self.tellsIds ? id : undefined
  }

  const besideOf = (id: string) => {
    const found = self.beside.get(id)
    if (!found) throw statusError(5, `nothing beside message ${id}`)
    return found
  }
  Object.assign(puppet, {
    messageSendText: (to: string, text: string, mentions: string[] = []) => take(to, text, mentions, null),
    messageSendFile: (to: string, file: FileBox) => take(to, '', [], file),
    messageFile: async (id: string) => besideOf(id).file,
    messageUrl: async (id: string) => besideOf(id).url,
    messageLocation: async (id: string) => besideOf(id).location,
    messageMiniProgram: async (id: string) => besideOf(id).miniProgram,
    messageContact: async (id: string) => besideOf(id).card,
    // At once: the mock takes a second.
    ding(data: string) {
      self.pings += 1
      puppet.emit('dong', { data })
    },
  })
  return self
}
