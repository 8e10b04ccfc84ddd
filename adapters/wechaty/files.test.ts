/** Files of messages: fetched at once, kept a while, asked for again; never more than is borne. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { FileBox } from 'file-box'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ExternalMedia, InboundMessage } from '#channel/events.ts'
import { patience } from '../../test/helpers/patience.ts'
import { until } from '../../test/helpers/until.ts'
import { loadSdk } from './sdk.ts'
import { type Customer, startWechatyGateway, type WechatyGateway } from './simulator.ts'
import { openAccount, type TestAccount } from './test-account.ts'

let gateway: WechatyGateway
let account: TestAccount
let lin: Customer
// On a busy machine that alone takes seconds.
beforeAll(async () => void (await loadSdk()))
beforeEach(async () => {
  gateway = await startWechatyGateway()
  account = openAccount({ token: gateway.token, endpoint: gateway.endpoint })
  lin = gateway.customer({ name: 'Lin' })
  gateway.login()
  account.keepListening()
  await until(() => account.tools.healths.at(-1)?.name)
})
afterEach(async () => {
  await account.stop()
  await gateway.close()
})

const signal = new AbortController().signal
async function mediaOf(messageId: string): Promise<ExternalMedia> {
  const event = await until(() =>
    account.events.find((each) => each.type === 'message' && each.message.externalId === messageId),
  )
  return (event as { message: InboundMessage }).message.media[0]!
}
const download = async (media: ExternalMedia) =>
  Buffer.from(await (await account.connection.download!(media, signal)).arrayBuffer())
const from = () => ({ talkerId: lin.id, listenerId: gateway.account })

describe('edge 11: a file', () => {
  test('is fetched when its message comes, and is there when WeChat has it no more', async () => {
    let asked = 0
    const file = FileBox.fromBase64(Buffer.alloc(100_000, 7).toString('base64'), 'a.png')
    const beside = {
      get file() {
        asked += 1
        if (asked > 1) throw Object.assign(new Error('expired'), { code: 5, details: 'expired' })
        return file
      },
    }
    const media = await mediaOf(gateway.arrives({ ...from(), type: 6, filename: 'a.png' }, beside))
    await until(() => asked === 1)
    expect(await download(media)).toEqual(Buffer.alloc(100_000, 7))
    expect(await download(media)).toHaveLength(100_000)
    expect(asked).toBe(1)
    // Kept a while, not for ever.
    account.tools.setNow(new Date(Date.now() + 16 * 60_000))
    await expect(account.connection.download!(media, signal)).rejects.toMatchObject({ reason: 'gone' })
  })

  test(
    'of some megabytes comes whole, and one too large to be kept is streamed',
    async () => {
      for (const megabytes of [3, 17]) {
        const bytes = Buffer.alloc(megabytes * 1024 * 1024, megabytes)
        const media = await mediaOf(lin.sends({ name: `${megabytes}.bin`, bytes }))
        expect((await download(media)).equals(bytes)).toBe(true)
      }
    },
    30_000 * patience,
  )

  test('that is larger than anything is kept is refused before it is read', async () => {
    const huge = {
      type: 6,
      name: 'huge.bin',
      mediaType: 'x/y',
      size: 60 * 1024 * 1024,
      toJSON: () => ({}),
      toStream: () => Promise.reject(new Error('read')),
    }
    const { createFiles } = await import('./files.ts')
    const files = createFiles({ messageFile: async () => huge } as never, account.tools, '')
    await expect(files.open('1')).rejects.toMatchObject({ reason: 'too_large' })
  })

  test('at an address inside our network is not fetched, unless the gateway itself is there', async () => {
    const server = createServer((_, response) => response.end('inside'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const { createFiles } = await import('./files.ts')
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metadata`
      const puppet = { messageFile: async () => FileBox.fromUrl(url, { name: 'x.png' }) } as never
      await expect(createFiles(puppet, account.tools, 'gateway.example').open('1')).rejects.toMatchObject({
        name: 'ReadError',
      })
      const response = await createFiles(puppet, account.tools, '127.0.0.1').open('1')
      expect(await response.text()).toBe('inside')
    } finally {
      server.close()
    }
  })

  test('on a server that is not signed in is fetched later, and one WeChat does not have is gone', async () => {
    const media = await mediaOf(lin.sends({ name: 'a.png', bytes: Buffer.from('x') }))
    const elsewhere = openAccount({ token: gateway.token, endpoint: gateway.endpoint })
    await expect(elsewhere.connection.download!(media, signal)).rejects.toMatchObject({ reason: 'later' })
    const lost = { ...media, reference: { messageId: 'of nothing' } }
    await expect(account.connection.download!(lost, signal)).rejects.toMatchObject({ name: 'ReadError' })
  })

  test(
    'in the middle of which the gateway goes away ends with an error, and nothing else',
    async () => {
      const bytes = Buffer.alloc(17 * 1024 * 1024, 1)
      const media = await mediaOf(lin.sends({ name: 'large.bin', bytes }))
      const response = await account.connection.download!(media, signal)
      gateway.line.cut()
      await expect(response.arrayBuffer()).rejects.toThrow()
    },
    30_000 * patience,
  )
})
