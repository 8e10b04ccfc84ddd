import { readdirSync, readFileSync } from 'node:fs'
import type { ContractSample } from '../../test/helpers/contract-sample.ts'

const fixtures = new URL('./fixtures/', import.meta.url)
const address = 'https://care.example/webhooks/1'
const secret = 'contract-secret_of-the-webhook-0123'

function call(headers: Record<string, string>): () => Request {
  return () => new Request(address, { method: 'POST', body: '{"update_id":1}', headers })
}

export const sample: ContractSample = {
  settings: { token: '4242:contract-token_of-no-bot-0123456789', secret, apiRoot: 'http://127.0.0.1:9' },
  forged: [
    call({}),
    call({ 'x-telegram-bot-api-secret-token': '' }),
    call({ 'x-telegram-bot-api-secret-token': secret.toUpperCase() }),
    call({ authorization: `Bearer ${secret}` }),
  ],
  payloads: readdirSync(fixtures).map((name) => JSON.parse(readFileSync(new URL(name, fixtures), 'utf8')).update),
  threads: {
    direct: { id: '7001', inReplyTo: '7001:1' },
    public: { id: '-1001234567890/t5/7001', inReplyTo: '-1001234567890:1' },
  },
}
