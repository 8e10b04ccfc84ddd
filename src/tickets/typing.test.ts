import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHouse, type House, message, plainCapabilities, silent } from '../../test/helpers/house.ts'
import { until } from '../../test/helpers/until.ts'
import { tickets } from '../db/schema.ts'
import { createTyping } from './typing.ts'

let house: House
beforeAll(async () => {
  house = await createHouse()
})
afterAll(() => house.close())

async function scene(typing: boolean, work: () => Promise<void> = async () => {}) {
  const shown: unknown[] = []
  const surface = { ...plainCapabilities.surfaces.direct!, typing }
  const account = await house.account(
    {
      typing: async (thread) => {
        shown.push(thread)
        await work()
      },
    },
    { capabilities: { ...plainCapabilities, surfaces: { direct: surface } } },
  )
  await house.ingest().submit(account, [message({ externalId: account.id })])
  const [ticket] = await house.db.select().from(tickets).where(eq(tickets.accountId, account.id))
  return { shown, ticketId: ticket!.id, tell: createTyping({ ...house, log: silent }) }
}

test('the customer is shown once that somebody writes, however many keys are pressed', async () => {
  const { shown, ticketId, tell } = await scene(true)
  const agent = await house.agent()
  for (let key = 0; key < 5; key++) await tell(agent, ticketId)
  await until(() => shown.length > 0)
  expect(shown).toEqual([{ externalId: 'chat-1', rootId: null }])
})

test('a platform that fails at it disturbs nobody', async () => {
  const { ticketId, tell, shown } = await scene(true, async () => {
    throw new Error('no')
  })
  await tell(await house.agent(), ticketId)
  await until(() => shown.length === 1)
})

test('a channel that cannot show it is not asked, and a stranger’s ticket is not found', async () => {
  const { shown, ticketId, tell } = await scene(false)
  await tell(await house.agent(), ticketId)
  expect(shown).toEqual([])
  const stranger = { ...(await house.agent()), brandIds: [] }
  await expect(tell(stranger, ticketId)).rejects.toMatchObject({ status: 404 })
})
