import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exampleAdapter } from '../../test/helpers/accounts.ts'
import { openTestApp, type Person, type TestApp } from '../../test/helpers/app.ts'
import { createRows, type Rows } from '../../test/helpers/rows.ts'
import { addAccount } from '../accounts/add.ts'
import { systemActor } from '../auth/actor.ts'
import { accounts, audit, closeReasons, tickets } from '../db/schema.ts'
import type { AutomaticAccount } from '../wire-automatic.ts'

const { adapter } = exampleAdapter()
let house: TestApp
let rows: Rows
let admin: Person
let agent: Person
let accountId: string
beforeAll(async () => {
  house = await openTestApp({}, { HUIXIN_URL: 'https://care.example.com' }, undefined, [adapter])
  rows = createRows(house.database.db)
  admin = await house.person('administrator')
  agent = await house.person('agent')
  const settings = { token: 'a-token-of-tests' }
  accountId = (
    await addAccount(house.deps, systemActor, { channel: 'example', name: 'Care', brandId: house.brandId, settings })
  ).id
})
afterAll(() => house.close())

async function call(person: Person, method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, payload?: object) {
  const answer = await house.app.inject({ method, url, headers: person.headers, ...(payload ? { payload } : {}) })
  return { status: answer.statusCode, body: answer.body ? answer.json() : null }
}

describe('what an account says by itself', () => {
  test('is nothing at first, and is shown with the shipped words and what they are filled with', async () => {
    const { body } = await call(admin, 'GET', `/api/accounts/${accountId}/automatic`)
    const shown = body as AutomaticAccount
    expect(Object.values(shown.settings.kinds).filter(({ on, onPublic }) => on || onPublic)).toEqual([])
    expect(shown.shipped.acknowledgement.zh).toContain('{{工单}}')
    expect(shown.variables.proof).toContainEqual({ zh: '验证码', en: 'otp' })
    expect(shown).toMatchObject({ statusUrl: 'https://care.example.com/status', surfaces: ['direct'] })
  })

  test('is changed by administrators, together with how long a ticket reopens, and audited', async () => {
    const before = (await call(admin, 'GET', `/api/accounts/${accountId}/automatic`)).body as AutomaticAccount
    const settings = structuredClone(before.settings)
    settings.kinds.acknowledgement = { on: true, onPublic: false, zh: '收到，{{工单}}', en: '' }
    settings.kinds.proof = { on: true, onPublic: true, zh: '', en: '' }
    const put = await call(admin, 'PUT', `/api/accounts/${accountId}/automatic`, {
      settings,
      reopenWithinMs: 3_600_000,
    })
    expect(put).toMatchObject({ status: 200, body: { reopenWithinMs: 3_600_000 } })
    // The proof is never for all to read.
    expect(put.body.settings.kinds).toMatchObject({
      acknowledgement: { on: true },
      proof: { on: true, onPublic: false },
    })
    expect((await house.deps.connections.get(accountId))?.reopenWithinMs).toBe(3_600_000)
    const [account] = await house.database.db.select().from(accounts).where(eq(accounts.id, accountId))
    expect(account?.reopenWithinMs).toBe(3_600_000)
    const acts = await house.database.db.select().from(audit).where(eq(audit.action, 'account.automatic'))
    expect(acts).toMatchObject([{ detail: { on: ['acknowledgement', 'proof'], onPublic: [] } }])
  })

  test('a text with a variable it cannot be filled with, or without the one it is for, is refused', async () => {
    const { settings } = (await call(admin, 'GET', `/api/accounts/${accountId}/automatic`)).body as AutomaticAccount
    const put = (kind: 'proof' | 'solved', zh: string) => {
      const kinds = { ...settings.kinds, [kind]: { on: true, onPublic: false, zh, en: '' } }
      return call(admin, 'PUT', `/api/accounts/${accountId}/automatic`, { settings: { ...settings, kinds } })
    }
    expect(await put('solved', '{{密码}}')).toMatchObject({ status: 422, body: { code: 'unknown_variable' } })
    expect(await put('proof', '请查收')).toMatchObject({ status: 422, body: { code: 'missing_variable' } })
  })

  test('is previewed as a customer reads it', async () => {
    const ask = (text: string) =>
      call(admin, 'POST', `/api/accounts/${accountId}/automatic/preview`, {
        kind: 'acknowledgement',
        language: 'zh',
        text,
      })
    expect((await ask('{{客户}}：{{工单}}')).body).toEqual({ text: '王女士：#1042' })
    expect((await ask('')).body.text).toContain('查询码：1042-7KQ9F-2MXPD')
    expect(await ask('{{otp}}')).toMatchObject({ status: 422 })
  })

  test('is nobody else’s to see or change', async () => {
    expect((await call(agent, 'GET', `/api/accounts/${accountId}/automatic`)).status).toBe(403)
    const talk = await rows.conversation()
    expect((await call(admin, 'GET', `/api/accounts/${talk.ticket.id}/automatic`)).status).toBe(404)
  })

  test.each([
    { reserve: -1 },
    { language: 'fr' },
    { hours: { timeZone: 'Mars/Base' } },
    { closeAfterMs: 5 },
    { more: 1 },
  ])('%j is no setting', async (wrong) => {
    expect((await call(admin, 'PUT', `/api/accounts/${accountId}/automatic`, { settings: wrong })).status).toBe(400)
  })
})

describe('a case that is not ours', () => {
  const carrier = { kind: 'carrier', name: '运营商', zh: '请拨打运营商客服。', en: 'Please call your carrier.' }

  async function ticket(text: string, brandId = house.brandId) {
    const [brand] = await house.database.db.query.brands.findMany({ where: (b, { eq: is }) => is(b.id, brandId) })
    const talk = await rows.conversation({ brand: brand! })
    await rows.message(talk, { text })
    return talk.ticket
  }

  test('is closed with where to go, in the customer’s language; the reason is data', async () => {
    const added = await call(admin, 'POST', '/api/other-parties', carrier)
    expect(added.status).toBe(201)
    const partyId = added.body.id
    const chinese = await ticket('我的话费不对')
    const english = await ticket('my phone bill is wrong and I want it to be fixed')
    expect((await call(agent, 'POST', `/api/tickets/${chinese.id}/not-ours`, { partyId })).body).toEqual({
      words: carrier.zh,
    })
    expect((await call(agent, 'POST', `/api/tickets/${english.id}/not-ours`, { partyId })).body).toEqual({
      words: carrier.en,
    })
    const [row] = await house.database.db.select().from(tickets).where(eq(tickets.id, chinese.id))
    expect(row).toMatchObject({ status: 'closed', version: chinese.version + 1 })
    const reasons = await house.database.db.select().from(closeReasons).where(eq(closeReasons.ticketId, chinese.id))
    expect(reasons).toMatchObject([{ reason: 'not_ours', partyId, by: agent.id }])
    const side = await call(agent, 'GET', `/api/tickets/${chinese.id}/customer`)
    expect(side.body).toMatchObject({ notOurs: { partyId, name: '运营商' }, code: expect.stringMatching(/^\d+-/u) })
    // Off the list it goes on naming what was closed for it.
    expect((await call(admin, 'DELETE', `/api/other-parties/${partyId}`)).status).toBe(204)
    expect((await call(agent, 'GET', '/api/other-parties')).body.parties).toEqual([])
    expect((await call(agent, 'GET', `/api/tickets/${chinese.id}/customer`)).body.notOurs).toMatchObject({
      name: '运营商',
    })
  })

  test('is refused to who saw an older ticket, for another brand’s entry, and out of one’s brands', async () => {
    const other = await house.addBrand('Other')
    const partyId = (await call(admin, 'POST', '/api/other-parties', { ...carrier, brandId: other })).body.id
    const own = await ticket('话费')
    expect((await call(agent, 'POST', `/api/tickets/${own.id}/not-ours`, { partyId })).status).toBe(404)
    expect((await call(admin, 'POST', `/api/tickets/${own.id}/not-ours`, { partyId })).body.code).toBe('other_brand')
    const version = own.version + 5
    expect((await call(admin, 'POST', `/api/tickets/${own.id}/not-ours`, { partyId, version })).status).toBe(409)
    const foreign = await ticket('话费', other)
    expect((await call(agent, 'POST', `/api/tickets/${foreign.id}/not-ours`, { partyId })).status).toBe(404)
    expect((await call(agent, 'GET', `/api/tickets/${foreign.id}/customer`)).status).toBe(404)
    expect((await call(agent, 'POST', '/api/other-parties', carrier)).status).toBe(403)
  })
})
