/** The demo's visitors on the real application, at a pace nobody could read along. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addAccount } from '../../src/accounts/add.ts'
import { systemActor } from '../../src/auth/actor.ts'
import { openTestApp, type TestApp } from '../../test/helpers/app.ts'
import { until } from '../../test/helpers/until.ts'
import { people } from './crowd/people.ts'
import { startCrowd } from './crowd.ts'
import { webchat } from './index.ts'
import { signToken, siteSecret } from './test-token.ts'

let house: TestApp
let url: string
beforeAll(async () => {
  house = await openTestApp({}, { HUIXIN_URL: 'https://care.example' }, undefined, [webchat])
  url = await house.app.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => house.close())

test('each complains in their own language and under their name, with a picture now and then, until the demo ends', async () => {
  const settings = { sites: 'https://shop.example', siteSecret, messagesPerMinute: 120 }
  const { id } = await addAccount(house.deps, systemActor, { channel: 'webchat', name: 'Shop', settings })
  house.deps.connections.changed(id)
  const over = new AbortController()
  const crowd = startCrowd({
    door: `${url}/webhooks/${id}`,
    signal: over.signal,
    paceMs: 1,
    tokenOf: ({ member }) => (member ? signToken({ claims: member }) : null),
  })
  const { sql } = house.database
  const said = people.flatMap(({ opening }) => opening)
  const rows = () => sql<{ text: string; name: string; files: number }[]>`
    select m.text, m.author_name as name, (select count(*)::int from media where message_id = m.id) as files from messages m`
  const all = await until(async () => {
    const found = await rows()
    return found.length === said.length && found
  })
  expect(all.map(({ text }) => text).toSorted()).toEqual(said.map((act) => ('says' in act ? act.says : '')).toSorted())
  expect(all.filter(({ files }) => files === 1)).toHaveLength(said.filter((act) => 'picture' in act).length)
  const [persons] = await sql<{ count: number }[]>`select count(*)::int as count from identities`
  expect(persons!.count).toBe(people.length)
  expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(['Mei Tan', '何冬']))
  over.abort()
  await crowd
})
