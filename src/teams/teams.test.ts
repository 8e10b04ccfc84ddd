import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestApp, type Person, type TestApp } from '../../test/helpers/app.ts'
import { createRows, type Rows } from '../../test/helpers/rows.ts'
import { newId } from '../db/id.ts'
import { audit, brands, events } from '../db/schema.ts'
import type { Team, Ticket } from '../wire.ts'

let house: TestApp
let rows: Rows
let otherBrand: string
let [agent, colleague, supervisor, administrator, stranger]: Person[] = []
beforeAll(async () => {
  house = await openTestApp()
  rows = createRows(house.deps.db)
  otherBrand = await house.addBrand('Other')
  agent = await house.person('agent')
  colleague = await house.person('agent')
  supervisor = await house.person('supervisor')
  administrator = await house.person('administrator', [])
  stranger = await house.person('supervisor', [otherBrand])
})
afterAll(() => house.close())
beforeEach(() => house.database.sql`delete from teams`)

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
async function call(who: Person | undefined, method: Method, url: string, payload?: object) {
  const answer = await house.app.inject({ method, url, headers: who!.headers, ...(payload ? { payload } : {}) })
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
}
const ours = () => ({ name: '售后一组', brandIds: [house.brandId], languages: ['zh'], memberIds: [agent!.id] })
const add = (who: Person | undefined, more: object = {}) => call(who, 'POST', '/api/teams', { ...ours(), ...more })
const seen = async (who: Person | undefined) =>
  ((await call(who, 'GET', '/api/teams')).body.teams as Team[]).map(({ name, mine }) => [name, mine])
async function talk() {
  const [brand] = await house.deps.db.select().from(brands).where(eq(brands.id, house.brandId))
  return (await rows.conversation({ brand: brand! })).ticket
}
const patch = (who: Person | undefined, id: string, body: object) => call(who, 'PATCH', `/api/tickets/${id}`, body)

describe('a team', () => {
  test('is seen by those of its brands, and kept by their supervisors', async () => {
    expect((await add(agent)).status).toBe(403)
    expect((await add(supervisor, { brandIds: null })).status).toBe(403)
    expect((await add(supervisor, { brandIds: [house.brandId, otherBrand] })).status).toBe(403)
    const { status, body } = await add(supervisor)
    expect({ status, body }).toMatchObject({ status: 201, body: { languages: ['zh'], mine: true } })
    expect(body.members).toEqual([{ id: agent!.id, name: 'agent' }])
    await add(administrator, { name: '总部', brandIds: null })
    expect(await seen(agent)).toEqual([
      ['售后一组', false],
      ['总部', false],
    ])
    expect(await seen(stranger)).toEqual([['总部', false]])
    expect((await call(stranger, 'DELETE', `/api/teams/${body.id}`)).status).toBe(404)
    expect((await call(agent, 'DELETE', `/api/teams/${body.id}`)).status).toBe(403)
    // Nobody takes a team to where they could not have made it.
    const wider = await call(supervisor, 'PUT', `/api/teams/${body.id}`, { ...ours(), brandIds: null })
    expect(wider.status).toBe(403)
    const changed = await call(supervisor, 'PUT', `/api/teams/${body.id}`, { ...ours(), memberIds: [] })
    expect(changed).toMatchObject({ status: 200, body: { members: [] } })
    expect((await call(supervisor, 'DELETE', `/api/teams/${body.id}`)).status).toBe(204)
    const acts = (await house.deps.db.select().from(audit)).map(({ action }) => action)
    expect(acts.filter((action) => action.startsWith('team.'))).toEqual([
      'team.added',
      'team.added',
      'team.changed',
      'team.deleted',
    ])
  })

  test('names no brand its reader does not see', async () => {
    const { body } = await add(administrator, { brandIds: [house.brandId, otherBrand] })
    const [shown] = (await call(agent, 'GET', '/api/teams')).body.teams as Team[]
    expect([body.brandIds.length, shown?.brandIds]).toEqual([2, [house.brandId]])
  })

  test('has a name of its own, also when two are made at once', async () => {
    const both = await Promise.all([add(supervisor), add(administrator)])
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  test.each([
    ['somebody nobody knows', { memberIds: ['nobody'] }, 422],
    ['a brand nobody knows', { brandIds: [newId()] }, 422],
    ['a language that is none', { languages: ['Chinese'] }, 400],
    ['no name', { name: ' ' }, 400],
    ['a field nobody knows', { lead: 'x' }, 400],
  ])('with %s is refused', async (_what, more, status) => {
    expect((await add(administrator, more)).status).toBe(status)
  })

  test('takes nobody who sees none of its brands', async () => {
    expect((await add(administrator, { memberIds: [stranger!.id] })).body.code).toBe('unknown_user')
    expect((await add(administrator, { memberIds: [administrator!.id] })).status).toBe(201)
  })
})

describe('a ticket', () => {
  test('is given to a team, and let go by who is not in it', async () => {
    const { body: team } = await add(supervisor)
    const ticket = await talk()
    await patch(colleague, ticket.id, { assignee: 'me' })
    const given = (await patch(colleague, ticket.id, { team: team.id })).body as Ticket
    expect(given).toMatchObject({ team: { id: team.id, name: '售后一组' }, assignee: null, version: 3 })
    // Whoever is in it keeps it, and who is named gets it.
    await patch(agent, ticket.id, { assignee: 'me', team: null })
    expect((await patch(agent, ticket.id, { team: team.id })).body).toMatchObject({ assignee: { id: agent!.id } })
    const named = await patch(agent, ticket.id, { team: null, assignee: colleague!.id })
    expect(named.body).toMatchObject({ team: null, assignee: { id: colleague!.id } })
    const again = await patch(agent, ticket.id, { team: team.id, assignee: colleague!.id })
    expect(again.body).toMatchObject({ team: { id: team.id }, assignee: { id: colleague!.id } })
    const acts = await house.deps.db.select().from(audit).where(eq(audit.action, 'ticket.changed'))
    expect(acts.map(({ detail }) => detail)).toContainEqual(
      expect.objectContaining({ teamId: { from: null, to: team.id } }),
    )
  })

  test('is not given to a team of another brand, or to none that is there', async () => {
    const { body: foreign } = await add(administrator, { brandIds: [otherBrand], memberIds: [] })
    const ticket = await talk()
    for (const team of [foreign.id, newId()]) {
      expect((await patch(agent, ticket.id, { team })).body).toMatchObject({ status: 422, code: 'team_unknown' })
    }
  })

  test('of a team that is deleted has none, and its readers hear of it', async () => {
    const { body: team } = await add(supervisor)
    const ticket = await talk()
    await patch(agent, ticket.id, { team: team.id })
    await call(supervisor, 'DELETE', `/api/teams/${team.id}`)
    const after = (await call(agent, 'GET', `/api/tickets/${ticket.id}`)).body
    expect(after).toMatchObject({ team: null, version: 3 })
    const told = await house.deps.db.select().from(events).where(eq(events.ticketId, ticket.id))
    expect(told.map(({ version }) => version)).toEqual([2, 3])
  })

  test('given away in the moment its team is deleted ends with no team', async () => {
    const { body: team } = await add(supervisor)
    const tickets = await Promise.all([talk(), talk(), talk()])
    const all = await Promise.all([
      ...tickets.map(({ id }) => patch(agent, id, { team: team.id })),
      call(supervisor, 'DELETE', `/api/teams/${team.id}`),
    ])
    expect(all.map(({ status }) => status).filter((status) => ![200, 204, 422].includes(status))).toEqual([])
    for (const { id } of tickets) expect((await call(agent, 'GET', `/api/tickets/${id}`)).body.team).toBeNull()
  })

  test('is found by its team, by mine, and by none', async () => {
    const { body: team } = await add(supervisor)
    const [inTeam, without] = [await talk(), await talk()]
    await patch(agent, inTeam.id, { team: team.id })
    const found = async (who: Person | undefined, query: string) =>
      ((await call(who, 'GET', `/api/tickets?limit=100&${query}`)).body.tickets as Ticket[]).map(({ id }) => id)
    expect(await found(agent, `team=${team.id}`)).toEqual([inTeam.id])
    expect(await found(agent, 'team=mine')).toEqual([inTeam.id])
    expect(await found(colleague, 'team=mine')).toEqual([])
    expect(await found(agent, 'team=none')).toContain(without.id)
    expect(await found(agent, 'team=none')).not.toContain(inTeam.id)
    expect(await found(agent, 'team=none,mine')).toEqual(expect.arrayContaining([inTeam.id, without.id]))
    expect((await call(agent, 'GET', '/api/tickets?team=x')).status).toBe(400)
    const body = { queries: [{ team: team.id }, { team: ['mine'] }] }
    expect((await call(agent, 'POST', '/api/tickets/counts', body)).body).toEqual({ counts: [1, 1] })
  })
})
