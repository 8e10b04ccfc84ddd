import { randomBytes } from 'node:crypto'
import type { ChannelDemo } from '#channel/demo.ts'
import { startPosting, startVisitors } from './crowd.ts'
import { startProgram } from './simulator.ts'

/** A hotline rings now and then: people read along, and have to call back. */
const PACE_MS = 25_000

export const intakeDemo: ChannelDemo = {
  channel: 'intake',
  async start({ signal }) {
    const secret = `whsec_${randomBytes(32).toString('base64')}`
    const program = await startProgram(secret)
    signal.addEventListener('abort', () => void program.close(), { once: true })
    const pace = { signal, paceMs: PACE_MS }
    return [
      {
        name: '服务热线',
        settings: { kind: 'phone', secret },
        begin: ({ webhookUrl }) => void startPosting(program, 'phone', webhookUrl, pace),
      },
      {
        name: '门店受理',
        settings: { kind: 'store', secret, stores: '一号店，二号店' },
        begin: ({ webhookUrl }) => void startPosting(program, 'store', webhookUrl, pace),
      },
      {
        name: '官网表单',
        settings: { kind: 'form', secret, answerUrl: program.address, postsPerHour: 1_000 },
        begin: ({ webhookUrl }) => void startVisitors(`${webhookUrl}/form`, pace),
      },
      {
        name: '品牌 App',
        settings: { kind: 'app', secret, answerUrl: program.address },
        begin: ({ webhookUrl }) => void startPosting(program, 'app', webhookUrl, pace),
      },
    ]
  },
}
