/** The load generator, in a process of its own: posts unique Telegram updates as fast as the server answers. */
import { Pool } from 'undici'

export interface LoadPlan {
  /** Origin of the server. */
  readonly origin: string
  readonly path: string
  readonly secret: string
  readonly connections: number
  readonly warmUpMs: number
  readonly measureMs: number
  /** Customers the posts come from. */
  readonly people: number
  /** Different for every run against one database, so that ids are new. */
  readonly run: number
}

export interface LoadResult {
  readonly posts: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Answers that were not 200. */
  readonly refused: number
  /** All answers, those of the warm-up too. */
  readonly answered: number
}

const complaints = [
  '手机无法开机,充电也没反应',
  '屏幕一直闪',
  'battery drains in two hours',
  '信号很差,网络连不上',
  'stuck on the logo since the update',
]

async function load(plan: LoadPlan): Promise<LoadResult> {
  const pool = new Pool(plan.origin, { connections: plan.connections, pipelining: 1 })
  const times: number[] = []
  let refused = 0
  let answered = 0
  let next = 1
  const startMeasuring = performance.now() + plan.warmUpMs
  const end = startMeasuring + plan.measureMs

  async function post(): Promise<void> {
    const number = next++
    const person = 1_000_000 + (number % plan.people)
    const update = {
      update_id: plan.run * 10_000_000 + number,
      message: {
        message_id: plan.run * 10_000_000 + number,
        date: Math.floor(Date.now() / 1000),
        from: { id: person, is_bot: false, first_name: `Customer ${person}`, language_code: 'zh-hans' },
        chat: { id: person, type: 'private', first_name: `Customer ${person}` },
        text: `${complaints[number % complaints.length]} ${number}`,
      },
    }
    const begun = performance.now()
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: plan.path,
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': plan.secret },
      body: JSON.stringify(update),
    })
    await body.dump()
    answered += 1
    const done = performance.now()
    if (begun < startMeasuring || done > end) return
    if (statusCode === 200) times.push(done - begun)
    else refused += 1
  }

  const client = async () => {
    while (performance.now() < end) await post()
  }
  await Promise.all(Array.from({ length: plan.connections }, client))
  await pool.close()
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
  return {
    posts: times.length,
    perSecond: times.length / (plan.measureMs / 1000),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    refused,
    answered,
  }
}

process.once('message', (plan: LoadPlan) => {
  load(plan).then(
    (result) => process.send?.(result, () => process.exit(0)),
    (error) => {
      console.error(error)
      process.exit(1)
    },
  )
})
