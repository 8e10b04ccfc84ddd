/** The life of a complaint on every channel, from the first cry to the closed case, through one server and a clock that the test moves. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import type { Department, Remedy, Task } from '../../src/wire.ts'
import type { CustomerSide } from '../../src/wire-automatic.ts'
import type { TicketFacts } from '../../src/wire-facts.ts'
import type { IncidentDetail, RelatedTickets } from '../../src/wire-incidents.ts'
import type { Clock, Policy } from '../../src/wire-promises.ts'
import type { PreparedQuestion } from '../../src/wire-rules.ts'
import { patience } from '../helpers/patience.ts'
import { until } from '../helpers/until.ts'
import { type ComplaintStage, day, hour, minute, openComplaintStage, surfacesOf } from './complaint-stage.ts'

let stage: ComplaintStage

beforeAll(async () => {
  stage = await openComplaintStage()
  const { policies } = await stage.administrator<{ policies: Policy[] }>('GET', '/api/policies')
  const { id, ...shipped } = policies[0]!
  const targets = {
    ...shipped.targets,
    resolution: { ms: 7 * day, working: false },
    progress: { ms: day, working: false },
  }
  await stage.administrator('PUT', `/api/policies/${id}`, { ...shipped, targets })
  const { brands } = await stage.administrator<{ brands: { id: string }[] }>('GET', '/api/brands')
  const rows = adapters.map(
    ({ channel }) => `${serialOf(channel)},X1,2026-03-07,2999-03-06,2026-05-01,换过主板,已修复,人民路店`,
  )
  const csv = ['序列号,型号,购买日期,保修到期,维修日期,故障,结果,网点', ...rows].join('\n')
  await stage.administrator('POST', `/api/brands/${brands[0]!.id}/repairs`, csv, 'text/csv')
  await stage.ready()
}, 180_000 * patience)

afterAll(() => stage.close(), 60_000 * patience)

const serialOf = (channel: string) => `SN8A2C${1000 + adapters.findIndex((one) => one.channel === channel)}`
const clockOf = (clocks: readonly Clock[], kind: Clock['kind']) => clocks.find((clock) => clock.kind === kind)
const cry = '新买的手机开不了机，按电源键没反应，再没人处理我就找媒体曝光'

describe('a complaint in private, where the channel carries answers', () => {
  const channels = adapters.map(({ channel }) => channel).filter((channel) => surfacesOf(channel).includes('direct'))

  test.each(channels)('%s: from the cry to the closed case', { timeout: 240_000 * patience }, async (channel) => {
    const { agent, ticket, pass } = stage
    const talk = stage.talk(channel, `夜跑的鱼 ${channel}`, 'direct')
    await stage.speak(talk.stand.accountId)

    // Received, recorded and acknowledged; classified by rule; asked for what is missing.
    const id = await talk.says(cry)
    const born = await ticket(id)
    const number = `#${born.number}`
    const [receipt] = await talk.got([number, '已收到', '/status?c='], [number, '序列号'])
    expect(born).toMatchObject({ status: 'new', category: 'product.boot', priority: 'high', assignee: null })
    expect(born.tags).toContain('舆情/法律')
    const side = () => agent<CustomerSide>('GET', `/api/tickets/${id}/customer`)
    expect(receipt).toContain((await side()).code)
    const first = clockOf(born.clocks, 'first_answer')!
    expect(first).toMatchObject({ state: 'running', stoppedAt: null })
    expect(Date.parse(first.dueAt!) - Date.parse(first.startedAt)).toBe(24 * hour)
    const substance = clockOf(born.clocks, 'substance')!
    expect(Date.parse(substance.dueAt!) - Date.parse(substance.startedAt)).toBe(48 * hour)
    // It was asked: nobody has to ask once more.
    const question = () => agent<{ question: PreparedQuestion | null }>('GET', `/api/tickets/${id}/question`)
    expect(await question()).toEqual({ question: null })

    // The serial number is read in the answer, and confirmed by a person: warranty and repairs are known with it.
    const serial = serialOf(channel)
    await pass(5 * minute)
    expect(await talk.says(`序列号是 ${serial}，型号：X1，2026年3月7日购买`)).toBe(id)
    await talk.got()
    const found = await agent<TicketFacts>('GET', `/api/tickets/${id}/facts`)
    expect(found.proposals.map(({ field, value }) => `${field} ${value}`)).toEqual([
      `serial ${serial}`,
      'model X1',
      'purchasedOn 2026-03-07',
    ])
    const facts = await agent<TicketFacts>('PATCH', `/api/tickets/${id}/facts`, {
      serial,
      model: 'X1',
      purchasedOn: '2026-03-07',
      source: 'text',
      revision: found.revision,
    })
    expect(facts).toMatchObject({
      serial,
      proposals: [],
      device: { warranty: 'inside' },
      repairs: [{ place: '人民路店' }],
    })

    await pass(5 * minute)

    // A first word, then another department and a supervisor.
    const holding = await agent<{ message: { id: string } }>('POST', `/api/tickets/${id}/replies`, {
      text: `我们马上请技术同事查看 ${number}`,
    })
    await agent('PUT', `/api/tickets/${id}/replies/${holding.message.id}/substance`, { counts: false })
    await talk.got(['我们马上请技术同事查看'])
    const answered = await ticket(id)
    expect(answered.status).toBe('waiting_customer')
    expect(clockOf(answered.clocks, 'first_answer')).toMatchObject({ state: 'met' })
    expect(clockOf(answered.clocks, 'substance')).toMatchObject({ state: 'running' })

    const { departments } = await agent<{ departments: Department[] }>('GET', '/api/departments')
    const support = departments.find(({ en }) => en === 'Technical support')!
    const { task } = await agent<{ task: Task }>('POST', `/api/tickets/${id}/tasks`, {
      departmentId: support.id,
      text: '换过主板又开不了机，请判断能否换新',
      dueAt: new Date(Date.now() + day).toISOString(),
    })
    await agent('POST', `/api/tickets/${id}/escalation`, { reason: '客户扬言曝光，要求换新' })
    await talk.got([number, '已转相关部门处理'])
    const escalated = await ticket(id)
    expect(escalated).toMatchObject({ status: 'waiting_other', together: { escalation: { state: 'open' } } })
    expect(clockOf(escalated.clocks, 'progress')).toMatchObject({ state: 'running' })

    // A day without news: the customer is told that it goes on. The first promise of substance is not over yet.
    await pass(25 * hour)
    await talk.got([number, '已转相关部门处理'])
    expect(clockOf((await ticket(id)).clocks, 'substance')).toMatchObject({ state: 'running' })

    await agent('POST', `/api/tasks/${task.id}/done`, { text: '主板故障，可换新机' })
    await stage.administrator('POST', `/api/tickets/${id}/escalation/end`, { answer: '同意换新' })
    await talk.got()
    expect(await ticket(id)).toMatchObject({ status: 'open', together: { escalation: null } })

    // Answered with substance; the customer agrees.
    await agent('POST', `/api/tickets/${id}/replies`, {
      text: '检测为主板故障，在保修期内，可以为您换新机，您看可以吗？',
    })
    await talk.got(['可以为您换新机'])
    await pass(5 * minute)
    expect(clockOf((await ticket(id)).clocks, 'substance')).toMatchObject({ state: 'met' })
    expect(await talk.says('可以，那就换新机吧')).toBe(id)
    await talk.got()
    expect(await ticket(id)).toMatchObject({ status: 'open' })

    // Remedied, with a formal result; resolved, and the customer is asked.
    const remedy = await agent<Remedy>('POST', `/api/tickets/${id}/remedies`, {
      kind: 'replacement',
      serialNumber: serial,
      note: '换新机',
    })
    await agent('PATCH', `/api/remedies/${remedy.id}`, { version: remedy.version, state: 'carried_out' })
    await agent('POST', `/api/tickets/${id}/results`, { outcome: 'upheld', reason: '主板故障，保修期内换新' })
    await agent('POST', `/api/tickets/${id}/replies`, { text: '新机已寄出，请查收' })
    await talk.got(['新机已寄出'])
    await pass(hour)
    await agent('PATCH', `/api/tickets/${id}`, { status: 'resolved' })
    await talk.got([number, '解决了吗', '回复 2', '/status/answer/'])
    const resolved = await ticket(id)
    expect(resolved.together).toMatchObject({ remedies: [{ state: 'carried_out' }], results: [{ outcome: 'upheld' }] })
    expect(clockOf(resolved.clocks, 'resolution')).toMatchObject({ state: 'met' })

    // No: open again, more urgent, and the customer is told so.
    await pass(hour)
    expect(await talk.says('2')).toBe(id)
    await talk.got([number, '已重新打开'])
    const reopened = await ticket(id)
    expect(reopened).toMatchObject({ status: 'open', priority: 'urgent' })
    expect(clockOf(reopened.clocks, 'resolution')).toMatchObject({ state: 'running' })
    expect(clockOf(reopened.clocks, 'next_answer') ?? null).toBeNull()
    expect((await side()).solved).toBe(false)

    // Solved, confirmed, rated.
    await agent('POST', `/api/tickets/${id}/replies`, { text: '抱歉，物流延误，已加急，今天送达' })
    await talk.got(['今天送达'])
    await pass(20 * minute)
    await agent('PATCH', `/api/tickets/${id}`, { status: 'resolved' })
    await talk.got([number, '解决了吗'])
    await pass(5 * minute)
    expect(await talk.says('1')).toBe(id)
    await talk.got(['1 到 5'])
    await pass(5 * minute)
    expect(await ticket(id)).toMatchObject({ status: 'resolved' })
    expect((await side()).solved).toBe(true)
    expect(await talk.says('5')).toBe(id)
    await talk.got()
    expect((await side()).satisfaction).toMatchObject({ score: 5 })

    // Followed up after a day, closed after three; what comes then is another case.
    await pass(25 * hour)
    await talk.got([number, '用着还正常吗'])
    await pass(3 * day)
    await talk.got()
    expect(await ticket(id)).toMatchObject({ status: 'closed', priority: 'urgent' })
    expect(await talk.says('谢谢，一切正常')).not.toBe(id)
  })
})

describe('a complaint that is only read here', () => {
  const channels = adapters.map(({ channel }) => channel).filter((channel) => surfacesOf(channel).length === 0)

  test.each(channels)(
    '%s: recorded, judged and closed; without a way back nothing is asked, said, confirmed, rated or followed up',
    {
      timeout: 120_000 * patience,
    },
    async (channel) => {
      const { agent, administrator, ticket, pass, request } = stage
      // There is nothing that this account could say; turning it on changes nothing.
      const talk = stage.talk(channel, `夜跑的鱼 ${channel}`, 'public')
      await stage.speak(talk.stand.accountId, true)
      const id = await talk.says(cry)
      const born = await ticket(id)
      expect(born).toMatchObject({ status: 'new', category: 'product.boot', priority: 'high' })
      expect(clockOf(born.clocks, 'first_answer')).toMatchObject({ state: 'running' })
      // Nobody was asked: the question waits for a person.
      const question = () => agent<{ question: PreparedQuestion | null }>('GET', `/api/tickets/${id}/question`)
      expect((await question()).question?.zh).toContain('序列号')

      const facts = { serial: serialOf(channel), source: 'agent', revision: 0 }
      expect(await agent<TicketFacts>('PATCH', `/api/tickets/${id}/facts`, facts)).toMatchObject({
        device: { warranty: 'inside' },
      })
      await agent('POST', `/api/tickets/${id}/escalation`, { reason: '客户扬言曝光' })
      await administrator('POST', `/api/tickets/${id}/escalation/end`, { answer: '在平台上回复' })
      const refused = await request('agent', 'POST', `/api/tickets/${id}/replies`, { text: '您好' })
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([422, 'read_only'])
      await agent('POST', `/api/tickets/${id}/answered`, { text: '您好，已在平台私信您处理办法' })
      await stage.quiet()
      const answered = await ticket(id)
      expect(answered).toMatchObject({ status: 'waiting_customer' })
      expect(clockOf(answered.clocks, 'first_answer')).toMatchObject({ state: 'met' })
      expect(clockOf(answered.clocks, 'substance')).toMatchObject({ state: 'met' })

      await agent('POST', `/api/tickets/${id}/remedies`, { kind: 'coupon', money: { minor: 5_000, currency: 'CNY' } })
      await agent('POST', `/api/tickets/${id}/results`, { outcome: 'upheld', reason: '补偿优惠券' })
      await agent('PATCH', `/api/tickets/${id}`, { status: 'resolved' })
      await pass(4 * day)
      expect(await ticket(id)).toMatchObject({ status: 'resolved' })
      await agent('PATCH', `/api/tickets/${id}`, { status: 'closed' })
      await stage.quiet()
      expect(talk.customer.heard()).toEqual([])
      const { automatic, solved, satisfaction } = await agent<CustomerSide>('GET', `/api/tickets/${id}/customer`)
      expect([solved, satisfaction]).toEqual([null, null])
      expect(automatic.filter(({ messageId }) => messageId !== null)).toEqual([])
      expect(automatic.map(({ skipped }) => skipped)).toContain('read_only')
    },
  )
})

describe('a complaint for all to read', () => {
  const channels = adapters.map(({ channel }) => channel).filter((channel) => surfacesOf(channel).includes('public'))

  test.each(channels)(
    '%s: what speaks by itself is silent there; people answer',
    { timeout: 120_000 * patience },
    async (channel) => {
      const { agent, ticket, pass } = stage
      const talk = stage.talk(channel, `路人 ${channel}`, 'public')
      await stage.speak(talk.stand.accountId)
      const id = await talk.says(`${cry}（公开）`)
      expect(await ticket(id)).toMatchObject({ surface: 'public', category: 'product.boot', priority: 'high' })
      await talk.got()
      // Not asked by itself, so it waits for a person.
      const { question } = await agent<{ question: PreparedQuestion | null }>('GET', `/api/tickets/${id}/question`)
      expect(question).not.toBeNull()
      await agent('POST', `/api/tickets/${id}/replies`, { text: '非常抱歉，请私信我们机器的序列号' })
      await talk.got(['请私信我们机器的序列号'])
      await pass(hour)
      await agent('PATCH', `/api/tickets/${id}`, { status: 'resolved' })
      await talk.got()
      await pass(8 * day)
      await talk.got()
      const { automatic } = await agent<CustomerSide>('GET', `/api/tickets/${id}/customer`)
      expect(automatic.filter(({ messageId }) => messageId !== null)).toEqual([])
      expect(automatic.map(({ kind, skipped }) => `${kind} ${skipped}`)).toEqual(
        expect.arrayContaining(['acknowledgement public', 'facts public', 'solved public', 'follow_up public']),
      )
      // Nobody was asked, so nobody's silence closes it.
      expect(await ticket(id)).toMatchObject({ status: 'resolved' })
    },
  )
})

describe('one fault, many customers', () => {
  const fault = '升级到新系统以后闹钟不响了，连着三天迟到'

  test('whoever says the same is suggested, joins the incident, and gets the one answer where they wrote', {
    timeout: 240_000 * patience,
  }, async () => {
    const { agent, administrator, pass } = stage
    const talks = adapters.map(({ channel }) => {
      const [surface = 'public'] = surfacesOf(channel).toSorted()
      return { channel, talk: stage.talk(channel, `闹钟 ${channel}`, surface) }
    })
    const ids = new Map<string, string>()
    for (const { channel, talk } of talks) {
      // By hand from here: of what is said by itself the other tests tell.
      await administrator('PUT', `/api/accounts/${talk.stand.accountId}/automatic`, { settings: {} })
      ids.set(channel, await talk.says(`${fault}，${channel}`))
    }
    const [first, ...others] = [...ids.values()] as [string, ...string[]]
    const { alike } = await agent<RelatedTickets>('GET', `/api/tickets/${first}/related`)
    expect(alike.map(({ id }) => id)).toEqual(expect.arrayContaining(others.slice(0, 2)))
    const { incident: opened } = await agent<{ incident: IncidentDetail }>('POST', '/api/incidents', {
      title: '升级后闹钟不响',
      ticketIds: [first],
    })
    const { tickets } = await agent<{ tickets: { id: string }[] }>('GET', `/api/incidents/${opened.id}/suggestions`)
    expect(tickets.map(({ id }) => id).toSorted()).toEqual(others.toSorted())
    await agent('POST', `/api/incidents/${opened.id}/tickets`, { ticketIds: others })

    const answer = {
      id: randomUUID(),
      zh: '闹钟问题已修复，请更新到最新版本',
      en: 'The alarm is fixed. Please update.',
    }
    await administrator('POST', `/api/incidents/${opened.id}/answers`, answer)
    await pass(2_000)
    const readOnly = talks.filter(({ channel }) => surfacesOf(channel).length === 0)
    const read = async () =>
      (await agent<{ incident: IncidentDetail }>('GET', `/api/incidents/${opened.id}`)).incident.answers[0]!
    await until(async () => (await read()).state === 'done', { timeoutMs: 30_000, what: 'all have the answer' })
    await stage.quiet()
    const done = await read()
    expect(done.counts).toMatchObject({ sent: talks.length - readOnly.length, refused: readOnly.length, failed: 0 })
    expect(done.refusals.map(({ code }) => code)).toEqual(readOnly.map(() => 'read_only'))
    for (const { channel, talk } of talks) {
      const got = talk.customer.heard().filter((text) => text.includes('闹钟问题已修复'))
      expect([channel, got.length]).toEqual([channel, surfacesOf(channel).length > 0 ? 1 : 0])
      const { status } = await stage.ticket(ids.get(channel)!)
      expect([channel, status]).toEqual([channel, surfacesOf(channel).length > 0 ? 'waiting_customer' : 'new'])
    }
    // A second time is no second message.
    const again = await stage.request('administrator', 'POST', `/api/incidents/${opened.id}/answers`, {
      ...answer,
      id: randomUUID(),
    })
    expect([again.status, ((await again.json()) as { code: string }).code]).toEqual([409, 'answer_repeated'])
  })
})
