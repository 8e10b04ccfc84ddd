/** Starts and stops, with puppets of this process: wechaty-puppet-mock, and such as misbehave. */
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { mock, PuppetMock } from 'wechaty-puppet-mock'
import { createTestTools } from '../../test/helpers/adapter-tools.ts'
import { patience } from '../../test/helpers/patience.ts'
import { until } from '../../test/helpers/until.ts'
import { loadMemory } from './memory.ts'
import { loadSdk } from './sdk.ts'
import type { PuppetLike } from './sdk-types.ts'
import { openAccount, replyTo, type TestAccount, type TestOptions } from './test-account.ts'

const opened: TestAccount[] = []
beforeAll(async () => void (await loadSdk()))
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.stop()))
})

interface Stage {
  readonly account: TestAccount
  readonly mocker: InstanceType<typeof mock.Mocker>
  readonly puppets: PuppetMock[]
}

/** The mock, as an administrator would name it; each start gets a puppet of its own. */
function stage(change: (puppet: PuppetMock) => void = () => {}, options: TestOptions = {}): Stage {
  const mocker = new mock.Mocker()
  const puppets: PuppetMock[] = []
  const make = async () => {
    Reflect.set(mocker, '_puppet', undefined)
    const puppet = new PuppetMock({ mocker })
    puppets.push(puppet)
    change(puppet)
    return puppet as unknown as PuppetLike
  }
  const account = openAccount({ puppet: 'wechaty-puppet-mock' }, { make, ...options })
  opened.push(account)
  return { account, mocker, puppets }
}
const healthOf = ({ tools }: TestAccount) => tools.healths.at(-1)

test('wechaty-puppet-mock by its name: started, signed in, written to and stopped through wechaty', async () => {
  const { account, mocker } = stage()
  const listening = account.listen()
  await until(() => healthOf(account)?.state === 'refused')
  mocker.scan('http://weixin.qq.com/x/1')
  await until(() => healthOf(account)?.scan)
  const [care, lin] = [mocker.createContact({ name: '客服' }), mocker.createContact({ name: 'Lin' })]
  mocker.login(care)
  await until(() => healthOf(account)?.name)
  lin.say('开不了机').to(care)
  await until(() => account.events.length === 1)
  // The mock tells no id, as many puppets.
  expect(await account.connection.send(replyTo(lin.id, '您好'))).toEqual({ externalId: null })
  await until(() => account.events.length === 2)
  expect(account.events).toMatchObject([
    { type: 'message', message: { text: '开不了机', author: { name: 'Lin' } } },
    { type: 'echo', message: { text: '您好', threadId: lin.id } },
  ])
  await account.stop()
  expect(await listening).toBeNull()
})

describe('edge 12', () => {
  test(
    'a stop that hangs is left behind after a while, and the next start goes on',
    async () => {
      const { account, puppets } = stage((puppet) => {
        if (puppets.length === 0) puppet.onStop = () => new Promise(() => {})
      })
      const over = new AbortController()
      const first = account.connection.listen!(async () => {}, over.signal)
      await until(() => healthOf(account)?.state === 'refused')
      over.abort()
      const again = account.listen()
      await first
      await until(() => puppets.length === 2 && puppets[1]!.state.active() === true, { timeoutMs: 12_000 })
      await account.stop()
      expect(await again).toBeNull()
    },
    25_000 * patience,
  )

  test('listening twice at once starts once, and the second begins when the first has ended', async () => {
    const { account, puppets } = stage()
    const over = new AbortController()
    const first = account.connection.listen!(async () => {}, over.signal)
    const second = account.listen()
    await until(() => healthOf(account)?.state === 'refused')
    expect(puppets).toHaveLength(1)
    over.abort()
    await first
    await until(() => puppets.length === 2)
    await account.stop()
    expect(await second).toBeNull()
  })

  test('new settings of the same account wait for the old session to end', async () => {
    const id = crypto.randomUUID()
    const before = stage(undefined, { id })
    const after = stage(undefined, { id })
    void before.account.listen()
    await until(() => healthOf(before.account)?.state === 'refused')
    void after.account.listen()
    await before.account.stop()
    await until(() => healthOf(after.account)?.state === 'refused')
    expect(before.puppets[0]!.state.inactive()).toBe(true)
  })

  test(
    'a start that fails is told, stopped, and may be tried again',
    async () => {
      let good = false
      const { account } = stage((puppet) => {
        if (!good) puppet.onStart = () => Promise.reject(new Error('no browser here'))
      })
      expect(await account.listen()).toMatchObject({ name: 'ReadError', reason: 'later' })
      expect(await account.connection.check()).toMatchObject({ state: 'warning' })
      good = true
      void account.listen()
      await until(() => healthOf(account)?.state === 'refused')
    },
    20_000 * patience,
  )

  test(
    'an end in the middle of a start ends it',
    async () => {
      const { account } = stage((puppet) => {
        puppet.onStart = () => new Promise(() => {})
      })
      const listening = account.listen()
      await until(() => healthOf(account)?.state === 'warning')
      await account.stop()
      expect(await listening).toBeNull()
    },
    20_000 * patience,
  )
})

test('an event that is dealt with badly ends nothing: no rejection is left unhandled', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', note)
  try {
    const { account, mocker, puppets } = stage((puppet) => {
      puppet.contactPayload = () => Promise.reject(new Error('no contact'))
    })
    void account.listen()
    await until(() => healthOf(account)?.state === 'refused')
    mocker.login(mocker.createContact({ name: '客服' }))
    for (const event of ['scan', 'login', 'logout', 'message', 'error', 'heartbeat']) {
      for (const payload of [undefined, null, 7, {}]) {
        puppets[0]!.emit(event as never, payload as never)
      }
    }
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled).toEqual([])
  } finally {
    process.off('unhandledRejection', note)
  }
})

test('the memory card is sealed state, found again by the next session, and never a file', async () => {
  const here = process.cwd()
  const empty = mkdtempSync(join(tmpdir(), 'wechaty-'))
  process.chdir(empty)
  try {
    const tools = createTestTools()
    const { account } = stage(
      (puppet) => {
        const start = puppet.onStart.bind(puppet)
        puppet.onStart = async () => {
          await start()
          const seen = (await puppet.memory.get<number>('seen')) ?? 0
          await puppet.memory.set('seen', seen + 1)
          await puppet.memory.save()
        }
      },
      { tools },
    )
    for (const times of [1, 2]) {
      const over = new AbortController()
      const listening = account.connection.listen!(async () => {}, over.signal)
      await until(async () => (await tools.state.get('memory-card'))?.includes(`:${times}`))
      over.abort()
      await listening
    }
    expect(readdirSync(empty)).toEqual([])
    await tools.state.set('memory-card', 'broken{')
    expect(await (await loadMemory(await loadSdk(), tools)).size).toBe(0)
  } finally {
    process.chdir(here)
  }
})
