import { readdirSync, readFileSync } from 'node:fs'
import type { Surface } from '#channel/events.ts'
import type {
  ContractCustomer,
  ContractFault,
  ContractSample,
  ContractSimulator,
} from '../../test/helpers/contract-sample.ts'
import { type Fault, refuse, startTelegramSimulator, type TelegramSimulator } from './simulator.ts'

const fixtures = new URL('./fixtures/', import.meta.url)
const address = 'https://care.example/webhooks/1'
const secret = 'contract-secret_of-the-webhook-0123'

const update = (name: string) => JSON.parse(readFileSync(new URL(name, fixtures), 'utf8')).update

function call(headers: Record<string, string>): () => Request {
  return () => new Request(address, { method: 'POST', body: '{"update_id":1}', headers })
}

const settings = { token: '4242:contract-token_of-no-bot-0123456789', secret, apiRoot: 'http://127.0.0.1:9' }

export const sample: ContractSample = {
  settings,
  forged: [
    call({}),
    call({ 'x-telegram-bot-api-secret-token': '' }),
    call({ 'x-telegram-bot-api-secret-token': secret.toUpperCase() }),
    call({ authorization: `Bearer ${secret}` }),
  ],
  genuine: () =>
    new Request(address, {
      method: 'POST',
      body: JSON.stringify(update('text.json')),
      headers: { 'x-telegram-bot-api-secret-token': secret, 'content-type': 'application/json' },
    }),
  payloads: readdirSync(fixtures).map(update),
  own: [
    'business-owner.json',
    'business-owner-away.json',
    'business-owner-bot.json',
    'channel-direct-ours.json',
    'automatic-forward.json',
  ].map(update),
  threads: {
    direct: { id: '7001', inReplyTo: '7001:1' },
    public: { id: '-1001234567890/t5/7001', inReplyTo: '-1001234567890:1' },
  },
  simulate,
}

async function simulate(): Promise<ContractSimulator> {
  const { token } = settings
  const simulator = await startTelegramSimulator({ bots: [{ token }] })
  const customer = simulator.customer(token, { id: 7001, first_name: 'Lin' })
  customer.says('hello')
  const group = simulator.group(token, { id: -1001234567890, type: 'supergroup', title: 'Care', is_forum: true })
  group.says({ id: 7001, first_name: 'Lin' }, 'hello', { topic: 5 })
  return {
    settings: { ...settings, mode: 'polling', apiRoot: simulator.url },
    accepted: () =>
      simulator.messages().map(({ chatId, text, files }) => ({
        surface: chatId?.startsWith('-') ? 'public' : 'direct',
        text: text ?? '',
        media: files.length,
      })),
    says: (text) => customer.says(text),
    customer: (name, surface) => customerOf(simulator, name, surface),
    fault: (fault) => simulator.fail({ method: '*', fault: faultOf(fault) }),
    refusals: ['blocked', 'gone', 'permission', 'too_long'],
    tellsWait: true,
    close: () => simulator.close(),
  }
}

let people = 0

/** In public: a group of their own. */
function customerOf(simulator: TelegramSimulator, first_name: string, surface: Surface): ContractCustomer {
  people += 1
  const person = { id: 7100 + people, first_name }
  const group = { id: -1001234500000 - people, type: 'supergroup', title: first_name } as const
  const chatId = String(surface === 'direct' ? person.id : group.id)
  const heard = () =>
    simulator
      .messages()
      .filter((entry) => entry.chatId === chatId)
      .map(({ text }) => text ?? '')
  const direct = surface === 'direct' ? simulator.customer(settings.token, person) : null
  if (direct) return { says: (text) => direct.says(text), heard }
  const place = simulator.group(settings.token, group)
  return { says: (text) => place.says(person, text), heard }
}

function faultOf(fault: ContractFault): Fault {
  switch (fault.kind) {
    case 'server-error':
      return { kind: 'status', status: 502, accepted: true }
    case 'hang':
      return { kind: 'silence', accepted: true }
    case 'cut':
      return { kind: 'cut', accepted: true }
    case 'unreadable':
      return { kind: 'garbage', accepted: true }
    case 'rate-limited':
      return refuse.tooMany(fault.seconds)
    case 'credentials':
      return refuse.unauthorized
    case 'refused':
      return refusals[fault.code] ?? refuse.chatNotFound
  }
}

const refusals: { readonly [code in string]?: Fault } = {
  blocked: refuse.blocked,
  gone: refuse.deactivated,
  permission: refuse.kicked,
  too_long: refuse.tooLong,
}
