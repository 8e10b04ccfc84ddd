/** A hotline that rings now and then, a store where somebody comes in, visitors of the website's form, and an app. */
import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { createReactions } from '#channel/demo.ts'
import type { Program } from './simulator.ts'

export interface CrowdOptions {
  readonly signal: AbortSignal
  /** Between two of them, about. */
  readonly paceMs: number
}

interface Saying {
  readonly name: string
  readonly text: string
  readonly fields?: Readonly<Record<string, string>>
}

const calls: readonly Saying[] = [
  { name: '', text: '未接来电', fields: { 等待秒数: '48' } },
  { name: '周敏', text: '未接来电，语音留言：手机充不进电，请回电。', fields: { 等待秒数: '95' } },
  { name: '赵磊', text: '未接来电，语音留言：预约的上门时间想改到周六。' },
  { name: '', text: '未接来电，对方未留言', fields: { 等待秒数: '12' } },
]
const visits: readonly Saying[] = [
  { name: '陈晨', text: '屏幕碎裂，留店检测，顾客希望今天知道报价。', fields: { 门店: '一号店', 接待人: '小吴' } },
  { name: '许静', text: '耳机左耳无声，已换新，待补发票。', fields: { 门店: '二号店', 接待人: '小郑' } },
  { name: '马超', text: '电池鼓包，已停用并登记。', fields: { 门店: '一号店', 接待人: '小吴' } },
]
const forms: readonly Saying[] = [
  { name: '林薇', text: '官网下单三天了还没有发货，订单页也没有物流信息。' },
  { name: 'Ada Jensen', text: 'The strap of my watch broke after two weeks. Can you send a new one?' },
  { name: '何佳', text: '发票抬头开错了，能重开吗？' },
]
const chats: readonly Saying[] = [
  { name: '郭宁', text: '退款显示成功，但钱没到账。' },
  { name: '沈悦', text: 'App 登录一直转圈，换了网络也不行。' },
]
const thanks = ['好的，谢谢', '收到了，我再看看', '嗯，明白了']

const one = <T>(list: readonly T[]): T => list[randomInt(list.length)]!
/** A number nobody has. */
const number = () => `1380000${String(randomInt(10_000)).padStart(4, '0')}`

export interface Doors {
  readonly phone: string
  readonly store: string
  readonly app: string
}

/** The exchange, the till and the app post what happens; people of the app answer when they were answered. */
export function startPosting(
  program: Program,
  kind: keyof Doors,
  door: string,
  { signal, paceMs }: CrowdOptions,
): Promise<void> {
  const sayings = { phone: calls, store: visits, app: chats }[kind]
  let count = 0
  const post = (author: object, text: string, fields?: object) =>
    program.post(door, { id: `${kind}-${process.pid}-${++count}`, author, text, ...(fields ? { fields } : {}) })
  if (kind === 'app') {
    program.onTaken(({ to, text }) => {
      const reaction = createReactions({ language: 'zh' })(text)
      const says = reaction ? reaction.says : one(thanks)
      if (says === null) return
      void soon(paceMs, signal)
        .then(() => post({ id: to }, says))
        .catch(() => {
          // The demo has ended: there is nobody left to answer.
        })
    })
  }
  return again(signal, paceMs, async () => {
    const { name, text, fields } = one(sayings)
    await post(kind === 'app' ? { id: `u-${randomInt(1e6)}`, name } : { number: number(), name }, text, fields)
  })
}

/** A visitor opens the page, reads its token, and sends the form as a browser does. */
export function startVisitors(page: string, { signal, paceMs }: CrowdOptions): Promise<void> {
  return again(signal, paceMs, async () => {
    const html = await (await fetch(page, { signal })).text()
    const token = /name="token" value="([^"]+)"/u.exec(html)?.[1]
    if (token === undefined) return
    const { name, text } = one(forms)
    const data = new FormData()
    const filled = { token, website: '', name, phone: number(), email: '', order: '', text }
    for (const [field, value] of Object.entries(filled)) data.append(field, value)
    await fetch(page, { method: 'POST', body: data, signal })
  })
}

async function again(signal: AbortSignal, paceMs: number, act: () => Promise<unknown>): Promise<void> {
  while (!signal.aborted) {
    // A server that is away for a moment is tried again at the next turn, as people do.
    await act().catch(() => {})
    await soon(paceMs, signal).catch(() => {})
  }
}

const soon = (paceMs: number, signal: AbortSignal) =>
  pause(paceMs / 2 + randomInt(Math.max(1, Math.floor(paceMs))), undefined, { signal })
