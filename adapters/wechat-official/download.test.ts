import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ReadError } from '#channel/errors.ts'
import type { ExternalMedia } from '#channel/events.ts'
import { drawScreen, filmClip, recordVoice } from './simulator/samples.ts'
import { type Customer, startWeChatSimulator, type WeChatSimulator } from './simulator.ts'
import { openAccount, type TestAccount } from './test-account.ts'
import { type Door, openDoor } from './test-door.ts'

let simulator: WeChatSimulator
let account: TestAccount
let door: Door
let lin: Customer

beforeEach(async () => {
  simulator = await startWeChatSimulator({ speed: 10 })
  account = openAccount(simulator.settings)
  door = await openDoor(account.connection)
  simulator.connect(door.url)
  lin = simulator.customer('oL7001')
})
afterEach(async () => {
  account.tools.close()
  await door.close()
  await simulator.close()
})

const fetchFile = (media: ExternalMedia, signal = AbortSignal.timeout(5000)) =>
  account.connection.download!(media, signal)
const bytesOf = async (media: ExternalMedia) => Buffer.from(await (await fetchFile(media)).arrayBuffer())
const failure = (media: ExternalMedia): Promise<unknown> => fetchFile(media).catch((thrown: unknown) => thrown)

function received(change: (media: ExternalMedia) => ExternalMedia = (media) => media): ExternalMedia {
  const event = door.events.at(-1)
  if (event?.type !== 'message' || !event.message.media[0]) throw new Error('no file came')
  return change(event.message.media[0])
}

describe('a file', () => {
  test('picture and recording come as they are', async () => {
    const picture = drawScreen(7)
    await lin.sendsPicture(picture)
    expect(await bytesOf(received())).toEqual(picture)
    await lin.sendsVoice('卡')
    expect(await bytesOf(received())).toEqual(recordVoice())
  })

  test('a large one comes in pieces, whole', async () => {
    const large = Buffer.concat([drawScreen(), Buffer.alloc(3_000_000, 7)])
    await lin.sendsPicture(large)
    const came = await bytesOf(received())
    // `toEqual` looks at three million bytes one by one.
    expect([came.length, came.equals(large)]).toEqual([large.length, true])
  })

  test.each([false, true])('a video is an address first, and the file behind it (short: %s)', async (short) => {
    await lin.sendsVideo(short)
    expect(await bytesOf(received())).toEqual(filmClip())
    expect(simulator.calls.map(({ path }) => path).at(-1)).toMatch(/^\/video\//u)
  })

  test('behind an address that WeChat never gave: inward ones are not fetched', async () => {
    await lin.sendsVideo()
    for (const url of ['http://127.0.0.1:1/x', 'http://169.254.169.254/latest', 'file:///etc/passwd', 'x', '']) {
      const body = JSON.stringify({ video_url: url })
      simulator.fail({ path: 'media/get', fault: { kind: 'garbage', body, accepted: false } })
      expect(await failure(received())).toBeInstanceOf(ReadError)
    }
  })

  test('a picture whose id is too old comes from its own address', async () => {
    const picture = drawScreen(3)
    await lin.sendsPicture(picture)
    simulator.advance(4 * 86_400_000)
    account.tools.setNow(simulator.now())
    expect(await bytesOf(received())).toEqual(picture)
  })

  test('a picture without an id comes from its address at once', async () => {
    const picture = drawScreen(4)
    await lin.sendsPicture(picture)
    const media = received((given) => ({ ...given, reference: { ...given.reference, mediaId: null } }))
    expect(await bytesOf(media)).toEqual(picture)
  })

  test('with neither is gone', async () => {
    await lin.sendsVoice(null)
    for (const reference of [{}, { mediaId: null, picUrl: null }, { mediaId: 'nobody-knows' }, { mediaId: 7 }]) {
      expect(await failure(received((media) => ({ ...media, reference })))).toMatchObject({ reason: 'gone' })
    }
  })

  test('a token that is refused is renewed once', async () => {
    await lin.sendsVoice(null)
    await bytesOf(received())
    simulator.revokeTokens()
    expect(await bytesOf(received())).toEqual(recordVoice())
  })
})

describe('what goes wrong', () => {
  beforeEach(() => lin.sendsVoice(null))
  test.each([
    [{ kind: 'errcode', errcode: 45009 }, 'later'],
    [{ kind: 'errcode', errcode: -1 }, 'later'],
    [{ kind: 'errcode', errcode: 48001 }, 'later'],
    [{ kind: 'errcode', errcode: 40164 }, 'credentials'],
    [{ kind: 'status', status: 502, accepted: false }, 'later'],
    [{ kind: 'status', status: 404, accepted: false }, 'later'],
    [{ kind: 'reset', accepted: false }, 'later'],
    [{ kind: 'garbage', body: '{}', accepted: false }, 'later'],
    [{ kind: 'garbage', body: '{"video_url":""}', accepted: false }, 'later'],
    [{ kind: 'garbage', body: '<html>', type: 'image/jpeg', accepted: false }, 'later'],
    [{ kind: 'garbage', body: ' \n{"errcode":40007}', type: 'image/jpeg', accepted: false }, 'gone'],
    [{ kind: 'garbage', body: '', type: 'image/jpeg', accepted: false }, 'later'],
    [{ kind: 'garbage', body: `{"a":"${'x'.repeat(100_000)}"}`, type: 'image/jpeg', accepted: false }, 'later'],
  ] as const)('%o is %s', async (fault, reason) => {
    simulator.fail({ path: 'media/get', fault })
    expect(await failure(received())).toMatchObject({ name: 'ReadError', reason, text: { en: /\S/u, zh: /\S/u } })
  })

  test('nobody is there', async () => {
    await simulator.close()
    expect(await failure(received())).toMatchObject({ name: 'ReadError', reason: 'later' })
    simulator = await startWeChatSimulator()
  })

  test('its time is over', async () => {
    await expect(fetchFile(received(), AbortSignal.abort())).rejects.toBeInstanceOf(ReadError)
  })
})
