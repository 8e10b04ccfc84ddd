/** The simulator against the documentation, by plain HTTP: the adapter has no part in this. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../../test/helpers/until.ts'
import { refuse, startTelegramSimulator, type TelegramSimulator } from './simulator.ts'

const token = '4242:simulated'
const lin = { id: 7001, first_name: 'Lin', username: 'lin' }
let simulator: TelegramSimulator

interface Answer {
  readonly ok: boolean
  readonly result?: unknown
  readonly error_code?: number
  readonly description?: string
}
const servers: Server[] = []

beforeEach(async () => {
  simulator = await startTelegramSimulator({ speed: 100, bots: [{ token, username: 'care_bot', name: 'Care' }] })
})
afterEach(async () => {
  await simulator.close()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function call(method: string, body: object = {}, as = token) {
  const response = await fetch(`${simulator.url}/bot${as}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer }
}

/** A webhook that answers as told, and keeps what it got. */
async function webhook(statusOf: (attempt: number) => number, headers: Record<string, string> = {}) {
  const got: { body: Record<string, unknown>; secret: string | undefined; at: number }[] = []
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const secret = request.headers['x-telegram-bot-api-secret-token']
      got.push({ body: JSON.parse(body), secret: secret as string | undefined, at: Date.now() })
      response.writeHead(statusOf(got.length), headers).end()
    })
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await until(() => server.listening)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

describe('tokens and methods', () => {
  test('getMe tells who the bot is', async () => {
    expect((await call('getMe')).body).toMatchObject({
      ok: true,
      result: { id: 4242, is_bot: true, username: 'care_bot' },
    })
  })
  test('names of methods are not case-sensitive, and may stand in the body', async () => {
    expect((await call('GETME')).status).toBe(200)
    const response = await fetch(`${simulator.url}/bot${token}/?method=getMe`)
    expect(response.status).toBe(200)
  })
  test.each([
    ['99:unknown', 401, 'Unauthorized'],
    ['no-colon', 401, 'Unauthorized: invalid token specified'],
  ])('token %s is refused', async (as, status, description) => {
    expect((await call('getMe', {}, as)).body).toEqual({ ok: false, error_code: status, description })
  })
  test('an unknown method is not found', async () => {
    expect((await call('sendTelepathy')).body).toEqual({
      ok: false,
      error_code: 404,
      description: 'Not Found: method not found',
    })
  })
  test('another path is not found', async () => {
    expect((await fetch(`${simulator.url}/`)).status).toBe(404)
    expect((await fetch(`${simulator.url}/%ff`)).status).toBe(404)
  })
})

describe('sending', () => {
  test('a message stands in the chat, in the answer and in the ledger', async () => {
    simulator.customer(token, lin).says('hello')
    const { body } = await call('sendMessage', { chat_id: lin.id, text: ' hi <3 ' })
    expect(body.result).toMatchObject({
      message_id: 2,
      text: 'hi <3',
      chat: { id: 7001, type: 'private' },
      from: { id: 4242 },
    })
    expect(simulator.messages()).toMatchObject([{ method: 'sendMessage', chatId: '7001', text: 'hi <3', messageId: 2 }])
  })
  test.each([
    [{ text: 'x' }, 400, 'Bad Request: chat_id is empty'],
    [{ chat_id: 1, text: 'x' }, 400, 'Bad Request: chat not found'],
    [{ chat_id: 7001 }, 400, 'Bad Request: message text is empty'],
    [{ chat_id: 7001, text: '  ' }, 400, 'Bad Request: text must be non-empty'],
    [{ chat_id: 7001, text: '界'.repeat(4097) }, 400, 'Bad Request: message is too long'],
    [
      { chat_id: 7001, text: 'x', reply_parameters: { message_id: 99 } },
      400,
      'Bad Request: message to be replied not found',
    ],
    [
      { chat_id: 7001, text: '<5', parse_mode: 'HTML' },
      400,
      "Bad Request: can't parse entities: unsupported start tag",
    ],
  ])('%o is refused', async (body, status, description) => {
    simulator.customer(token, lin).says('hello')
    expect((await call('sendMessage', body)).body).toEqual({ ok: false, error_code: status, description })
    expect(simulator.ledger).toEqual([])
  })
  test('the limit counts what is left after parsing', async () => {
    simulator.customer(token, lin).says('hello')
    const text = `<b>${'x'.repeat(4096)}</b>`
    expect((await call('sendMessage', { chat_id: 7001, text, parse_mode: 'HTML' })).status).toBe(200)
    expect((await call('sendMessage', { chat_id: 7001, text })).status).toBe(400)
  })
  test('a reply to a deleted message may go without it', async () => {
    simulator.customer(token, lin).says('hello')
    const answers = (message_id: number) => ({
      chat_id: 7001,
      text: 'x',
      reply_parameters: JSON.stringify({ message_id, allow_sending_without_reply: true }),
    })
    await call('sendMessage', answers(1))
    await call('sendMessage', answers(77))
    expect(simulator.messages().map(({ replyTo }) => replyTo)).toEqual([1, null])
  })
  test('who blocked the bot, left, or threw it out gets nothing', async () => {
    const customer = simulator.customer(token, lin)
    customer.blocks()
    expect((await call('sendMessage', { chat_id: 7001, text: 'x' })).body.description).toBe(
      'Forbidden: bot was blocked by the user',
    )
    customer.unblocks()
    expect((await call('sendMessage', { chat_id: 7001, text: 'x' })).status).toBe(200)
    customer.leaves()
    expect((await call('sendMessage', { chat_id: 7001, text: 'x' })).body.description).toBe(
      'Forbidden: user is deactivated',
    )
  })
  test('a group that became a supergroup names it', async () => {
    const group = simulator.group(token, { id: -55, type: 'group', title: 'g' })
    const next = group.becomesSupergroup()
    expect((await call('sendMessage', { chat_id: -55, text: 'x' })).body).toEqual({
      ok: false,
      error_code: 400,
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: next.chat.id },
    })
  })
  test('topics: General may not be named, a deleted one is not found', async () => {
    const group = simulator.group(token, { id: -1001, type: 'supergroup', title: 'g', is_forum: true })
    group.addTopic(5)
    const send = (message_thread_id: number) => call('sendMessage', { chat_id: -1001, text: 'x', message_thread_id })
    expect((await send(5)).body.result).toMatchObject({ message_thread_id: 5, is_topic_message: true })
    group.deleteTopic(5)
    for (const topic of [1, 5])
      expect((await send(topic)).body.description).toBe('Bad Request: message thread not found')
  })
  test('files come as multipart, and can be fetched by their id', async () => {
    simulator.customer(token, lin).says('hello')
    const form = new FormData()
    form.append('chat_id', '7001')
    form.append('caption', '保修单')
    form.append('document', new Blob([Buffer.from([1, 0, 255, 13, 10, 45, 45])]), 'a.bin')
    const response = await fetch(`${simulator.url}/bot${token}/sendDocument`, { method: 'POST', body: form })
    const sent = (await response.json()) as { result: { document: { file_id: string } } }
    expect(sent).toMatchObject({ result: { caption: '保修单', document: { file_name: 'a.bin', file_size: 7 } } })
    const { body } = await call('getFile', { file_id: sent.result.document.file_id })
    const path = (body.result as { file_path: string }).file_path
    const bytes = await (await fetch(`${simulator.url}/file/bot${token}/${path}`)).arrayBuffer()
    expect([...new Uint8Array(bytes)]).toEqual([1, 0, 255, 13, 10, 45, 45])
    expect(simulator.messages()[0]).toMatchObject({
      text: '保修单',
      files: [{ field: 'document', name: 'a.bin', bytes: 7 }],
    })
  })
  test('an album has two to ten files', async () => {
    simulator.customer(token, lin).says('hello')
    const send = async (count: number) => {
      const form = new FormData()
      form.append('chat_id', '7001')
      form.append(
        'media',
        JSON.stringify(Array.from({ length: count }, (_, n) => ({ type: 'photo', media: `attach://f${n}` }))),
      )
      for (let n = 0; n < count; n += 1) form.append(`f${n}`, new Blob(['x']), `${n}.png`)
      const response = await fetch(`${simulator.url}/bot${token}/sendMediaGroup`, { method: 'POST', body: form })
      return (await response.json()) as { result: { media_group_id: string }[] }
    }
    expect(await send(1)).toMatchObject({ ok: false, error_code: 400 })
    const { result } = await send(2)
    expect(new Set(result.map((message) => message.media_group_id)).size).toBe(1)
  })
  test('an edit changes the text once, a delete takes it away once', async () => {
    simulator.customer(token, lin).says('hello')
    await call('sendMessage', { chat_id: 7001, text: 'a' })
    const edit = () => call('editMessageText', { chat_id: 7001, message_id: 2, text: 'b' })
    expect((await edit()).body.result).toMatchObject({ text: 'b' })
    expect((await edit()).body.description).toMatch(/^Bad Request: message is not modified/u)
    const remove = () => call('deleteMessage', { chat_id: 7001, message_id: 2 })
    expect((await remove()).body.result).toBe(true)
    expect((await remove()).body.description).toBe('Bad Request: message to delete not found')
  })
  test('a press can be answered once', async () => {
    const { callbackId } = simulator.customer(token, lin).presses(1, 'yes')
    expect((await call('answerCallbackQuery', { callback_query_id: callbackId })).body.result).toBe(true)
    expect((await call('answerCallbackQuery', { callback_query_id: callbackId })).status).toBe(400)
  })
})

describe('polling', () => {
  const ids = (body: Answer) => (body.result as { update_id: number }[]).map((update) => update.update_id)

  test('the offset confirms what came before it', async () => {
    const customer = simulator.customer(token, lin)
    const sent = ['a', 'b', 'c'].map((text) => customer.says(text).updateId!)
    expect(ids((await call('getUpdates', { limit: 2 })).body)).toEqual(sent.slice(0, 2))
    expect(ids((await call('getUpdates', { offset: sent[1] })).body)).toEqual(sent.slice(1))
    expect(ids((await call('getUpdates', { offset: sent[2]! + 1 })).body)).toEqual([])
    expect(simulator.state().bots[0]!.pending).toBe(0)
  })
  test('a negative offset keeps the last ones', async () => {
    const customer = simulator.customer(token, lin)
    const sent = ['a', 'b', 'c'].map((text) => customer.says(text).updateId)
    expect(ids((await call('getUpdates', { offset: -1 })).body)).toEqual([sent[2]])
    expect(simulator.state().bots[0]!.pending).toBe(1)
  })
  test('an offset from before the numbers jumped reads from the head', async () => {
    const old = simulator.customer(token, lin).says('a').updateId!
    await call('getUpdates', { offset: old + 1 })
    simulator.jumpTo(token, 1000)
    simulator.customer(token, lin).says('b')
    expect(ids((await call('getUpdates', { offset: old + 1 })).body)).toEqual([1000])
  })
  test('a long poll answers as soon as something comes', async () => {
    const waiting = call('getUpdates', { timeout: 50 })
    await until(() => simulator.calls.length === 1)
    const { updateId } = simulator.customer(token, lin).says('now')
    expect(ids((await waiting).body)).toEqual([updateId])
  })
  test('of two pollers the first is told to go', async () => {
    const first = call('getUpdates', { timeout: 50 })
    await until(() => simulator.calls.length === 1)
    const second = call('getUpdates', { timeout: 50, offset: 1 })
    expect((await first).body).toMatchObject({
      error_code: 409,
      description: expect.stringMatching(/other getUpdates/u),
    })
    simulator.customer(token, lin).says('x')
    expect((await second).status).toBe(200)
  })
  test('a webhook and polling exclude each other', async () => {
    const { url } = await webhook(() => 200)
    const waiting = call('getUpdates', { timeout: 50 })
    await until(() => simulator.calls.length === 1)
    await call('setWebhook', { url })
    expect((await waiting).body.description).toBe('Conflict: terminated by setWebhook request')
    expect((await call('getUpdates')).body.description).toMatch(/webhook is active/u)
    await call('deleteWebhook')
    expect((await call('getUpdates')).status).toBe(200)
  })
  test('kinds that are not allowed are lost', async () => {
    await call('getUpdates', { allowed_updates: ['message'] })
    expect(simulator.customer(token, lin).blocks()).toBeNull()
    expect(simulator.customer(token, { ...lin, id: 2 }).says('x').updateId).not.toBeNull()
  })
})

describe('webhooks', () => {
  test('carry the secret and the update', async () => {
    const { url, got } = await webhook(() => 200)
    await call('setWebhook', { url, secret_token: 's-1_A' })
    const { updateId } = simulator.customer(token, lin).says('hi')
    await until(() => got.length === 1)
    expect(got[0]).toMatchObject({
      secret: 's-1_A',
      body: { update_id: updateId, message: { text: 'hi', from: { id: 7001 } } },
    })
    await until(() => simulator.state().bots[0]!.pending === 0)
  })
  test('repeat at once, then after 2, 4, 8 seconds', async () => {
    await simulator.close()
    simulator = await startTelegramSimulator({ speed: 20, bots: [{ token }] })
    const { url, got } = await webhook((attempt) => (attempt < 5 ? 500 : 200))
    await call('setWebhook', { url })
    simulator.customer(token, lin).says('hi')
    await until(() => got.length === 5)
    const waits = got.slice(1).map(({ at }, index) => (at - got[index]!.at) * 20)
    expect(waits[0]).toBeLessThan(waits[1]!)
    for (const [index, seconds] of [2, 4, 8].entries()) expect(waits[index + 1]).toBeGreaterThan(seconds * 1000 - 100)
    const info = (await call('getWebhookInfo')).body.result
    expect(info).toMatchObject({
      url,
      last_error_message: 'Wrong response from the webhook: 500 Internal Server Error',
    })
  })
  test('wait as long as Retry-After says', async () => {
    const { url, got } = await webhook((attempt) => (attempt < 2 ? 503 : 200), { 'retry-after': '30' })
    await call('setWebhook', { url })
    simulator.customer(token, lin).says('hi')
    await until(() => got.length === 2)
    expect((got[1]!.at - got[0]!.at) * 100).toBeGreaterThan(29_000)
  })
  test('keep the order of a chat while one update fails, and let other chats pass', async () => {
    const fails = new Map<string, number>([['first', 3]])
    const got: string[] = []
    const server = createServer((request, response) => {
      void read(request).then((body) => {
        const { text } = JSON.parse(body).message
        const left = fails.get(text) ?? 0
        fails.set(text, left - 1)
        if (left <= 0) got.push(text)
        response.writeHead(left > 0 ? 500 : 200).end()
      })
    }).listen(0, '127.0.0.1')
    servers.push(server)
    await until(() => server.listening)
    await call('setWebhook', { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
    simulator.customer(token, lin).says('first')
    simulator.customer(token, lin).says('second')
    simulator.customer(token, { id: 2, first_name: 'B' }).says('other')
    await until(() => got.length === 3)
    expect(got).toEqual(['other', 'first', 'second'])
  })
  test('use no more connections than allowed', async () => {
    let open = 0
    let most = 0
    const release: (() => void)[] = []
    const server = createServer((request, response) => {
      open += 1
      most = Math.max(most, open)
      request.resume().on('end', () =>
        release.push(() => {
          open -= 1
          response.end()
        }),
      )
    }).listen(0, '127.0.0.1')
    servers.push(server)
    await until(() => server.listening)
    await call('setWebhook', { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, max_connections: 2 })
    for (let id = 1; id <= 5; id += 1) simulator.customer(token, { id, first_name: 'x' }).says('hi')
    await until(() => release.length === 2)
    for (let done = 0; done < 5; done += 1) {
      await until(() => release.length > 0)
      release.shift()!()
    }
    await until(() => simulator.state().bots[0]!.pending === 0)
    expect(most).toBe(2)
  })
  test('may answer with a call of a method', async () => {
    const server = createServer((request, response) => {
      request
        .resume()
        .on('end', () => response.end(JSON.stringify({ method: 'sendMessage', chat_id: 7001, text: 'auto' })))
    }).listen(0, '127.0.0.1')
    servers.push(server)
    await until(() => server.listening)
    await call('setWebhook', { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
    simulator.customer(token, lin).says('hi')
    await until(() => simulator.messages().length === 1)
    expect(simulator.messages()[0]).toMatchObject({ text: 'auto', chatId: '7001' })
  })
  test('are set at most once a second, with a fitting secret', async () => {
    const { url } = await webhook(() => 200)
    expect((await call('setWebhook', { url, secret_token: 'not a secret' })).status).toBe(400)
    // In the real rhythm: a hundredth of a second may pass between two calls.
    const real = await startTelegramSimulator({ speed: 1, bots: [{ token }] })
    try {
      const set = () => fetch(`${real.url}/bot${token}/setWebhook?url=${encodeURIComponent(url)}`)
      expect((await set()).status).toBe(200)
      const again = await set()
      expect(await again.json()).toMatchObject({ error_code: 429, parameters: { retry_after: 1 } })
      expect(again.headers.get('retry-after')).toBe('1')
    } finally {
      await real.close()
    }
  })
})

describe('scripts', () => {
  beforeEach(() => void simulator.customer(token, lin).says('hello'))
  const send = () => call('sendMessage', { chat_id: 7001, text: 'x' })

  test('refuse as often as told, and only what fits', async () => {
    simulator.fail({ method: 'sendMessage', chatId: '7001', times: 2, fault: refuse.tooMany(35) })
    expect((await call('getMe')).status).toBe(200)
    expect((await send()).body).toMatchObject({ error_code: 429, parameters: { retry_after: 35 } })
    expect((await send()).status).toBe(429)
    expect((await send()).status).toBe(200)
    expect(simulator.messages()).toHaveLength(1)
  })
  test.each([true, false])('a 5xx, a cut, a reset, garbage: accepted %s', async (accepted) => {
    for (const kind of ['reset', 'cut', 'garbage'] as const)
      simulator.fail({ method: 'sendMessage', fault: { kind, accepted } })
    simulator.fail({ method: 'sendMessage', fault: { kind: 'status', status: 502, accepted } })
    await expect(send()).rejects.toThrow('fetch failed')
    await expect(send()).rejects.toThrow(/terminated/u)
    await expect(send()).rejects.toThrow(SyntaxError)
    await expect(send()).rejects.toThrow(SyntaxError)
    expect(simulator.messages()).toHaveLength(accepted ? 4 : 0)
    expect(simulator.calls.map(({ outcome }) => outcome)).toEqual(['reset', 'cut', 'garbage', 502])
  })
  test('silence lasts until the caller goes', async () => {
    simulator.fail({ method: 'sendMessage', fault: { kind: 'silence', accepted: true } })
    const stop = new AbortController()
    const asked = fetch(`${simulator.url}/bot${token}/sendMessage?chat_id=7001&text=x`, { signal: stop.signal })
    await until(() => simulator.messages().length === 1)
    stop.abort()
    await expect(asked).rejects.toThrow('aborted')
  })
  test('a held call is done when it is released, though its caller is gone', async () => {
    const id = simulator.hold({ method: 'sendMessage' })
    const stop = new AbortController()
    const asked = fetch(`${simulator.url}/bot${token}/sendMessage?chat_id=7001&text=x`, { signal: stop.signal })
    await until(() => simulator.state().holds[0]?.waiting === 1)
    stop.abort()
    await expect(asked).rejects.toThrow('aborted')
    expect(simulator.messages()).toHaveLength(0)
    simulator.release(id)
    await until(() => simulator.messages().length === 1)
  })
  test('a call held after it was done stands in the ledger already', async () => {
    simulator.hold({ method: 'sendMessage', at: 'after' })
    const asked = send()
    await until(() => simulator.messages().length === 1)
    simulator.release()
    expect((await asked).status).toBe(200)
  })
})

describe('the control surface over HTTP', () => {
  const post = async (name: string, body: object = {}) => {
    const response = await fetch(`${simulator.url}/_control/${name}`, { method: 'POST', body: JSON.stringify(body) })
    return { status: response.status, body: await response.json() }
  }
  test('does what the object does', async () => {
    const said = await post('says', { token, from: lin, text: '手机很卡' })
    expect(said.body).toEqual({ updateId: expect.any(Number), messageId: 1 })
    await post('edit', { token, from: lin, messageId: 1, text: '手机非常卡' })
    await post('photo', { token, from: lin, caption: 'here' })
    expect((await post('album', { token, from: lin, pictures: [{ caption: 'a' }, {}] })).body).toHaveLength(2)
    await post('group', { token, from: lin, chat: { id: -5, type: 'group', title: 'g' }, text: 'in a group' })
    const { body } = await call('getUpdates')
    const updates = body.result as Record<string, { text?: string; caption?: string }>[]
    expect(
      updates.map(({ message, edited_message }) => message?.text ?? edited_message?.text ?? message?.caption),
    ).toEqual(['手机很卡', '手机非常卡', 'here', 'a', undefined, 'in a group'])
    await post('fail', { method: 'sendMessage', fault: refuse.blocked })
    expect((await call('sendMessage', { chat_id: 7001, text: 'x' })).status).toBe(403)
    await call('sendMessage', { chat_id: 7001, text: 'y' })
    expect((await post('ledger')).body).toMatchObject([{ text: 'y', chatId: '7001' }])
    await post('reset')
    expect((await post('ledger')).body).toEqual([])
  })
  test('says what is wrong', async () => {
    expect(await post('nonsense')).toMatchObject({ status: 404 })
    expect(await post('edit', { token, from: lin, messageId: 9, text: 'x' })).toMatchObject({
      status: 400,
      body: { error: 'there is no message 9 to edit' },
    })
  })
})
