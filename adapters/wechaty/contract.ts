import { readdirSync, readFileSync } from 'node:fs'
import type { SendCode } from '#channel/errors.ts'
import type { ContractFault, ContractSample, ContractSimulator } from '../../test/helpers/contract-sample.ts'
import type { GatewayFault } from './simulator.ts'

const fixtures = new URL('./fixtures/', import.meta.url)
const payloads = readdirSync(fixtures).map(
  (name) => JSON.parse(readFileSync(new URL(name, fixtures), 'utf8')) as { payload: unknown; events: unknown[] },
)
const isOwn = ({ events }: { events: unknown[] }) => events.some((event) => (event as { type: string }).type === 'echo')

const direct = 'wxid_contract000001'
const room = '10000000001@chatroom'

export const sample: ContractSample = {
  settings: { token: 'insecure_contract-token-of-no-gateway', endpoint: '127.0.0.1:9', tls: 'off' },
  forged: [],
  payloads: payloads.map(({ payload }) => payload),
  own: payloads.filter(isOwn).map(({ payload }) => payload),
  threads: {
    direct: { id: direct, to: direct, inReplyTo: '1' },
    public: { id: `${room}/${direct}`, rootId: room, to: direct, inReplyTo: '2' },
  },
  simulate,
}

/** gRPC's words for the refusals: what a gateway hands on of its puppet. */
const statusOf: { readonly [code in SendCode]?: number } = { invalid: 3, gone: 5, permission: 7, too_long: 11 }

function faultOf(fault: ContractFault): GatewayFault {
  switch (fault.kind) {
    case 'rate-limited':
      return { kind: 'status', code: 8, words: '操作过于频繁，可稍后再试。' }
    case 'credentials':
      return { kind: 'status', code: 16, words: 'Invalid Wechaty TOKEN' }
    case 'refused':
      return { kind: 'status', code: statusOf[fault.code] ?? 3, words: 'refused' }
    case 'server-error':
    case 'hang':
    case 'cut':
      return { kind: fault.kind }
    case 'unreadable':
      throw new Error('an answer that gRPC cannot read is an error of its own, INTERNAL: see server-error')
  }
}

async function simulate(): Promise<ContractSimulator> {
  // Loads wechaty: the suite's other tests go without.
  const [{ startWechatyGateway }, { withoutMention }] = await Promise.all([
    import('./simulator.ts'),
    import('./simulator/ledger.ts'),
  ])
  const gateway = await startWechatyGateway()
  const customer = gateway.customer({ id: direct, name: '夜跑的鱼' })
  gateway.room('售后维修群', [customer], room)
  gateway.login()
  return {
    settings: { token: gateway.token, endpoint: gateway.endpoint, tls: 'off' },
    accepted: () =>
      gateway.accepted().map(({ roomId, text, file }) => ({
        surface: roomId === null ? 'direct' : 'public',
        text: withoutMention(text),
        media: file ? 1 : 0,
      })),
    fault: (fault) => gateway.fault(faultOf(fault)),
    faults: ['server-error', 'hang', 'cut', 'rate-limited', 'refused', 'credentials'],
    refusals: ['invalid', 'gone', 'permission', 'too_long'],
    async says(text) {
      // What comes while nobody is connected a gateway drops: the README says so.
      while (!gateway.connected) await new Promise((resolve) => setTimeout(resolve, 20))
      return customer.says(text)
    },
    customer(name, surface) {
      const person = gateway.customer({ name })
      const roomId = surface === 'direct' ? undefined : gateway.room(name, [person])
      return {
        async says(text) {
          while (!gateway.connected) await new Promise((resolve) => setTimeout(resolve, 20))
          return person.says(text, roomId)
        },
        heard: () =>
          gateway
            .accepted()
            .filter((taken) =>
              roomId === undefined ? taken.roomId === null && taken.to === person.id : taken.roomId === roomId,
            )
            .map(({ text }) => withoutMention(text)),
      }
    },
    tellsWait: false,
    close: () => gateway.close(),
  }
}
