/** Both paths from end to end, whichever way posts come in. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drawPicture, type Fault, refuse } from '../../adapters/telegram/simulator.ts'
import { systemActor } from '../../src/auth/actor.ts'
import { createUser } from '../../src/auth/create-user.ts'
import type { Media, Message } from '../../src/wire.ts'
import { until } from '../helpers/until.ts'
import { brokenPromises, isSettled } from './invariants.ts'
import { isOwnedBy, ok, openScene, type Scene, untilConnected } from './scene.ts'

let lastChat = 1000
const nextChat = () => ++lastChat

export function provePaths(mode: 'webhook' | 'polling'): () => Scene {
  let scene: Scene
  beforeAll(async () => {
    scene = await openScene({ mode, undoMs: 600 })
    const node = await scene.start()
    scene.front.to([node.url])
    if (mode === 'webhook') await untilConnected(scene)
    await until(() => isOwnedBy(scene, node), { timeoutMs: 15_000 })
  })
  afterAll(async () => {
    try {
      await until(() => isSettled(scene), { timeoutMs: 10_000 })
      expect(await brokenPromises(scene)).toEqual([])
    } finally {
      await scene.close()
    }
  })

  /** A new customer's first line, and its ticket. */
  async function complaint(text: string) {
    const customer = scene.customer(nextChat())
    const post = scene.says(customer, text)
    return { customer, post, ticket: await scene.ticketOf(post) }
  }
  const arrived = (chatId: number) => scene.simulator.messages().filter((entry) => entry.chatId === String(chatId))
  const reaches = (message: Message, state: string) =>
    until(async () => (await scene.stateOf(message.id)) === state, {
      timeoutMs: 10_000,
      what: `“${message.text}” is ${state}`,
    })

  test('a post becomes a ticket, its answer arrives once and answers it, and the customer goes on in the same ticket', async () => {
    const { customer, post, ticket } = await complaint(`手机无法开机 ${mode}`)
    expect(ticket).toMatchObject({ status: 'new', preview: post.text })
    const reply = await scene.reply(ticket.id, '您好,请问保修卡还在吗?')
    await reaches(reply, 'sent')
    expect(arrived(customer.chat.id)).toMatchObject([
      { text: '您好,请问保修卡还在吗?', replyTo: post.messageId, method: 'sendMessage' },
    ])
    const answer = scene.says(customer, '在的,两个月前买的')
    expect(await scene.ticketOf(answer)).toMatchObject({ id: ticket.id, status: 'open' })
  })

  test('a picture arrives whole, and one goes back', async () => {
    const picture = drawPicture(7)
    const customer = scene.customer(nextChat())
    const post = scene.note(customer, customer.sendsPhoto(picture, '屏幕碎了'), '屏幕碎了')
    const ticket = await scene.ticketOf(post)
    const file = await until(async () => {
      const [message] = await scene.messagesOf(ticket.id)
      return message?.media[0]?.state === 'ready' && message.media[0]
    })
    const answer = await fetch(new URL(`/api/media/${file.id}`, scene.front.url), { headers: scene.headers })
    expect(Buffer.from(await answer.arrayBuffer()).equals(picture)).toBe(true)

    const ours = drawPicture(8)
    const form = new FormData()
    form.set('file', new File([new Uint8Array(ours)], '说明.png', { type: 'image/png' }))
    const upload = await fetch(new URL('/api/media', scene.front.url), {
      method: 'POST',
      headers: scene.headers,
      body: form,
    })
    expect(upload.status).toBe(201)
    const { media } = (await upload.json()) as { media: Media }
    const reply = await scene.reply(ticket.id, '请看这里', { mediaIds: [media.id] })
    await reaches(reply, 'sent')
    expect(arrived(customer.chat.id)).toMatchObject([
      { method: 'sendPhoto', text: '请看这里', replyTo: post.messageId, files: [{ sha256: sha256(ours) }] },
    ])
  })

  test('the pictures of an album are one message, in their order', async () => {
    const customer = scene.customer(nextChat())
    const pictures = [1, 2, 3].map((seed) => ({
      bytes: drawPicture(seed),
      ...(seed === 1 ? { caption: '三处划痕' } : {}),
    }))
    const parts = customer.sendsAlbum(pictures).map((acted) => scene.note(customer, acted, null))
    for (const part of parts) await scene.ticketOf(part)
    const ticket = await scene.ticketOf(parts[0]!)
    const messages = await until(async () => {
      const found = await scene.messagesOf(ticket.id)
      return found[0]?.media.length === 3 && found[0].media.every(({ state }) => state === 'ready') && found
    })
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatchObject({ text: '三处划痕' })
    const stored = await scene.database.sql<{ sha256: string }[]>`
      select sha256 from media where message_id = ${messages[0]!.id} order by position`
    expect(stored.map((row) => row.sha256)).toEqual(pictures.map(({ bytes }) => sha256(bytes)))
  })

  test('an edit is shown, and the first words are kept', async () => {
    const { customer, post, ticket } = await complaint('退货!')
    customer.edits(post.messageId, '换货,谢谢')
    const message = await until(async () => {
      const [first] = await scene.messagesOf(ticket.id)
      return first?.text === '换货,谢谢' && first
    })
    expect(message.revisions).toMatchObject([{ text: '退货!' }])
  })

  test('who blocked us is not written to, until they let us in again', async () => {
    const { customer, ticket } = await complaint('别再联系我')
    const isReachable = async () =>
      (
        await scene.database.sql<{ reachable: boolean }[]>`
      select reachable from identities where external_id = ${String(customer.chat.id)}`
      )[0]?.reachable
    const blockedAt = Date.now()
    customer.blocks()
    await until(async () => (await isReachable()) === false)
    const path = `/api/tickets/${ticket.id}/replies`
    expect(await scene.call('POST', path, { text: '抱歉' })).toMatchObject({ status: 422 })
    expect(arrived(customer.chat.id)).toEqual([])
    // The platform's times are whole seconds.
    await until(() => Math.floor(Date.now() / 1000) > Math.floor(blockedAt / 1000), { what: 'the next second' })
    customer.unblocks()
    await until(isReachable)
    await reaches(await scene.reply(ticket.id, '欢迎回来'), 'sent')
  })

  test('a platform that asks to wait is waited for, and gets the reply once', async () => {
    const { customer, ticket } = await complaint('多久能到?')
    scene.simulator.fail({ method: 'sendMessage', chatId: String(customer.chat.id), fault: refuse.tooMany(2) })
    const reply = await scene.reply(ticket.id, '明天')
    const waiting = await until(async () => {
      const delivery = (await scene.messagesOf(ticket.id)).at(-1)?.deliveries[0]
      return delivery?.reason?.code === 'rate_limited' && delivery
    })
    expect(waiting).toMatchObject({ state: 'queued' })
    expect(callsTo(customer.chat.id)).toHaveLength(1)
    await reaches(reply, 'sent')
    const [first, second] = callsTo(customer.chat.id)
    expect(callsTo(customer.chat.id).map(({ outcome }) => outcome)).toEqual([429, 200])
    expect(Date.parse(second!.at) - Date.parse(first!.at)).toBeGreaterThanOrEqual(1_900)
    expect(arrived(customer.chat.id)).toHaveLength(1)
  })
  const callsTo = (chatId: number) => scene.simulator.calls.filter((call) => call.chatId === String(chatId))

  test('a refusal fails the reply, says why, and gives the ticket back', async () => {
    const { customer, ticket } = await complaint('有人吗?')
    scene.simulator.fail({ method: 'sendMessage', chatId: String(customer.chat.id), fault: refuse.blocked })
    const reply = await scene.reply(ticket.id, '在的')
    await reaches(reply, 'failed')
    const messages = await scene.messagesOf(ticket.id)
    expect(messages.at(-1)!.deliveries[0]).toMatchObject({ state: 'failed', reason: { code: 'blocked' } })
    const after = ok(await scene.call<typeof ticket>('GET', `/api/tickets/${ticket.id}`))
    expect(after).toMatchObject({ status: 'open', threads: [{ identity: { reachable: false } }] })
    expect(after.unansweredSince).not.toBeNull()
  })

  describe('an answer that tells nothing is in doubt, and a person decides', () => {
    const unclear: [string, Fault, 'sent' | 'queued' | 'dropped'][] = [
      ['a 502 after it arrived', { kind: 'status', status: 502, accepted: true }, 'sent'],
      ['a 502 before it arrived', { kind: 'status', status: 502, accepted: false }, 'queued'],
      ['a 500 before it arrived', { kind: 'status', status: 500, accepted: false }, 'dropped'],
      ['silence after it arrived', { kind: 'silence', accepted: true }, 'sent'],
      ['silence before it arrived', { kind: 'silence', accepted: false }, 'queued'],
      ['half an answer', { kind: 'cut', accepted: true }, 'sent'],
      ['a reset after it arrived', { kind: 'reset', accepted: true }, 'sent'],
      ['a reset before it arrived', { kind: 'reset', accepted: false }, 'queued'],
      ['an answer nobody can read', { kind: 'garbage', accepted: true }, 'sent'],
    ]
    test.concurrent.for(unclear)('%s', async ([name, fault, as]) => {
      const { customer, ticket } = await complaint(`投诉:${name}`)
      scene.simulator.fail({ method: 'sendMessage', chatId: String(customer.chat.id), fault })
      const reply = await scene.reply(ticket.id, `答复:${name}`)
      const next = await scene.reply(ticket.id, `另外:${name}`)
      await reaches(reply, 'unknown')
      expect(await scene.stateOf(next.id)).toBe('queued')
      const [delivery] = (await scene.messagesOf(ticket.id)).find(({ id }) => id === reply.id)!.deliveries
      ok(await scene.call('POST', `/api/deliveries/${delivery!.id}/resolve`, { as }))
      await reaches(reply, as === 'dropped' ? 'cancelled' : 'sent')
      await reaches(next, 'sent')
      const texts = arrived(customer.chat.id).map(({ text }) => text)
      expect(texts).toEqual([...(as === 'dropped' ? [] : [`答复:${name}`]), `另外:${name}`])
    })
  })

  test('a scheduled reply goes at its time; a customer who writes meanwhile stops it', async () => {
    const calm = await complaint('什么时候修好?')
    const busy = await complaint('什么时候发货?')
    const sendAt = new Date(Date.now() + 2_000)
    const later = { sendAt: sendAt.toISOString() }
    const goes = await scene.reply(calm.ticket.id, '修好了', later)
    const stays = await scene.reply(busy.ticket.id, '已发货', later)
    expect(goes.deliveries).toEqual([])
    await scene.ticketOf(scene.says(busy.customer, '算了,不要了'))
    await reaches(goes, 'sent')
    const [entry] = arrived(calm.customer.chat.id)
    expect(Date.parse(entry!.at)).toBeGreaterThanOrEqual(sendAt.getTime())
    await until(async () => {
      const { scheduled } = ok(await scene.call<typeof calm.ticket>('GET', `/api/tickets/${busy.ticket.id}`))
      return scheduled[0]?.id === stays.id && scheduled[0].refused === 'seen_conflict'
    })
    expect(arrived(busy.customer.chat.id)).toEqual([])
  })

  test('what a person takes back in time is never sent, and what follows is', async () => {
    const { customer, ticket } = await complaint('请问营业时间?')
    const person = await signIn(scene)
    const path = `/api/tickets/${ticket.id}/replies`
    const { message } = ok(await scene.call<{ message: Message }>('POST', path, { text: '我们不营业' }, person))
    ok(await scene.call('POST', `/api/messages/${message.id}/undo`, {}, person))
    const next = await scene.reply(ticket.id, '九点到六点')
    await reaches(next, 'sent')
    expect(await scene.stateOf(message.id)).toBe('cancelled')
    const kept = ok(await scene.call<{ message: Message }>('POST', path, { text: '周末也开' }, person)).message
    expect(arrived(customer.chat.id)).toHaveLength(1)
    await reaches(kept, 'sent')
    expect(arrived(customer.chat.id).map(({ text }) => text)).toEqual(['九点到六点', '周末也开'])
    expect(await scene.call('POST', `/api/messages/${kept.id}/undo`, {}, person)).toMatchObject({ status: 409 })
  })

  return () => scene
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

async function signIn({ database, call, front }: Scene): Promise<Record<string, string>> {
  const [brand] = await database.sql<{ id: string }[]>`select id from brands`
  const email = 'agent@desk.test'
  const password = 'correct horse battery'
  await createUser(database.db, systemActor, { name: 'Lin', email, role: 'agent', password, brandIds: [brand!.id] })
  const origin = { origin: front.url }
  const answer = await call('POST', '/api/auth/sign-in/email', { email, password }, origin)
  ok(answer)
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0])
  return { ...origin, cookie: cookie.join('; ') }
}
