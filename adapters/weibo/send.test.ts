/** Answering, in public and in private, and what is known when it fails. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ReadError, SendError } from '#channel/errors.ts'
import type { Reply } from '#channel/reply.ts'
import { measure } from '#channel/text.ts'
import { capabilities } from './capabilities.ts'
import { meaningOf } from './codes.ts'
import type { Fault } from './simulator.ts'
import { lin, openAccount, openScene, replyTo, type Scene, you } from './test-account.ts'

let scene: Scene
beforeEach(async () => {
  scene = await openScene({ dailyCalls: 1000, uid: '1902538057' }, { dailyCalls: 1000, postsPerHour: 1000 })
})
afterEach(() => scene.close())

const failing = async (reply: Reply) => {
  const error: unknown = await scene.connection.send(reply).then(
    () => new Error('it was sent'),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(SendError)
  return error as SendError
}
const mention = (text = '@回信手机客服 开不了机') => scene.account.customer(lin).posts(text)
const toMention = (text: string, more: Partial<Reply> = {}) => {
  const status = mention()
  return replyTo(`${status}/${lin.uid}`, `s:${status}`, text, more)
}

describe('in public', () => {
  test('a post is answered with a comment under it', async () => {
    const status = mention()
    const sent = await scene.connection.send(replyTo(`${status}/${lin.uid}`, `s:${status}`, '您好'))
    expect(scene.simulator.ledger).toMatchObject([{ text: '您好', status, comment: null, to: lin.uid }])
    expect(sent).toEqual({ externalId: `c:${scene.simulator.ledger[0]!.id}` })
  })

  test('a comment is answered as one, in the agent’s words alone', async () => {
    const post = scene.account.posts('欢迎升级')
    const comment = scene.account.customer(lin).comments(post, '很卡')
    await scene.connection.send(replyTo(`${post}/${lin.uid}`, `c:${comment}`, '您好'))
    expect(scene.simulator.ledger).toMatchObject([{ text: '您好', status: post, comment, to: lin.uid }])
    expect(scene.simulator.calls.at(-1)?.params).toMatchObject({ without_mention: '1', comment_ori: '0' })
  })

  test('edge 4: the answer to a comment under a repost goes under the repost', async () => {
    const original = scene.account.posts('欢迎升级')
    const repost = scene.account.customer(you).posts('转发微博', { reposts: original })
    const comment = scene.account.customer(lin).comments(repost, '@回信手机客服 看这里')
    const read = await scene.connection.poll!(
      { stream: 'comment-mentions', cursor: '1 - - 1 0', hint: null },
      new AbortController().signal,
    )
    const [event] = read.events
    if (event?.type !== 'message') throw new Error('no message')
    await scene.connection.send(replyTo(event.message.threadId, event.message.externalId, '您好'))
    expect(scene.simulator.ledger).toMatchObject([{ status: repost, comment }])
  })

  test('the text is 140 as Weibo counts, and the longest one fits', async () => {
    const limit = capabilities.surfaces.public!.text
    const fits = ['手'.repeat(140), 'a'.repeat(280), `${'手'.repeat(138)}😀`, `${'手'.repeat(139)}ab`]
    for (const text of fits) {
      expect(measure(text, limit.unit)).toBe(140)
      await scene.connection.send(toMention(text))
    }
    for (const text of ['手'.repeat(141), 'a'.repeat(281), `${'手'.repeat(139)}😀`]) {
      expect(measure(text, limit.unit)).toBeGreaterThan(140)
      expect(await failing(toMention(text))).toMatchObject({ outcome: 'rejected', code: 'too_long' })
    }
  })

  test.each([
    ['', 0],
    ['手机', 2],
    ['ab', 1],
    ['abc', 2],
    ['手a', 2],
    ['é', 1],
    ['😀', 2],
    ['👨‍👩‍👧', 8],
    ['[泪]', 2],
    ['，。！', 3],
    ['\n', 1],
  ])('%j counts as %i', (text, length) => {
    expect(measure(text, 'weibo-chars')).toBe(length)
  })

  test('edge 3: accepted with a delay is sent, and never sent again', async () => {
    scene.simulator.fail({ at: 'send', fault: { kind: 'late', showAfterMs: 90_000 } })
    expect(await scene.connection.send(toMention('您好'))).toEqual({ externalId: null })
    expect(scene.simulator.ledger).toHaveLength(1)
  })

  test('edge 6: the author lets nobody comment, or only some', async () => {
    for (const policy of ['followed', 'none'] as const) {
      const reply = toMention('您好')
      scene.simulator.setPolicy(reply.thread.externalId.split('/')[0]!, policy)
      expect(await failing(reply)).toMatchObject({
        outcome: 'rejected',
        code: 'permission',
        text: { zh: expect.stringContaining('评论权限') },
      })
    }
  })

  test('edge 13: a captcha is for a person to solve, and the text says where', async () => {
    scene.simulator.fail({ at: 'send', fault: { kind: 'refuse', code: 20031 } })
    const error = await failing(toMention('您好'))
    expect(error).toMatchObject({ outcome: 'rejected', code: 'permission' })
    expect(error.text.en).toContain('captcha')
    expect(error.text.zh).toContain('验证码')
  })

  test('a post or comment that is gone', async () => {
    const gone = toMention('您好')
    scene.simulator.deletePost(gone.thread.externalId.split('/')[0]!)
    expect(await failing(gone)).toMatchObject({ outcome: 'rejected', code: 'gone' })
    const post = scene.account.posts('欢迎升级')
    const comment = scene.account.customer(lin).comments(post, '很卡')
    scene.simulator.deleteComment(comment)
    expect(await failing(replyTo(`${post}/${lin.uid}`, `c:${comment}`, '您好'))).toMatchObject({ code: 'gone' })
  })

  test('the same words twice are refused; after a doubtful attempt that proves that it arrived', async () => {
    const reply = toMention('您好')
    await scene.connection.send(reply)
    expect(await failing({ ...reply, deliveryId: 'another' })).toMatchObject({ outcome: 'rejected', code: 'duplicate' })
    expect(await scene.connection.send({ ...reply, doubted: true })).toEqual({ externalId: null })
    expect(scene.simulator.ledger).toHaveLength(1)
  })

  test('when the day’s calls are used up, the thread waits until midnight and nothing is called', async () => {
    const small = openAccount(scene.simulator.url, { dailyCalls: 10, reservedCalls: 9, uid: '1902538057' })
    small.tools.setNow(new Date('2026-11-24T02:00:00Z'))
    for (let n = 0; n < 10; n += 1) await small.connection.send(toMention(`您好${n}`))
    const calls = scene.simulator.calls.length
    const error: unknown = await small.connection.send(toMention('您好')).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ outcome: 'retry', code: 'rate_limited', scope: 'thread' })
    expect((error as SendError).after?.toISOString()).toBe('2026-11-24T16:00:00.000Z')
    expect(scene.simulator.calls).toHaveLength(calls)
    // Private messages are not counted by that limit.
    const customer = scene.account.customer(lin)
    await customer.writes('在吗')
    await small.connection.send(replyTo(lin.uid, null, '在的'))
  })
})

describe('an answer of Weibo', () => {
  const table: [Fault, string, string][] = [
    [{ kind: 'refuse', code: 10001 }, 'unknown', 'platform_error'],
    [{ kind: 'refuse', code: 10002, status: 503 }, 'retry', 'platform_error'],
    [{ kind: 'refuse', code: 10003, status: 200 }, 'unknown', 'platform_error'],
    [{ kind: 'refuse', code: 10009 }, 'retry', 'platform_error'],
    [{ kind: 'refuse', code: 10010 }, 'unknown', 'platform_error'],
    [{ kind: 'refuse', code: 10004 }, 'rejected', 'permission'],
    [{ kind: 'refuse', code: 10005 }, 'rejected', 'permission'],
    [{ kind: 'refuse', code: 10014 }, 'rejected', 'permission'],
    [{ kind: 'refuse', code: 10013 }, 'rejected', 'invalid'],
    [{ kind: 'refuse', code: 10017 }, 'rejected', 'invalid'],
    [{ kind: 'refuse', code: 10022 }, 'retry', 'rate_limited'],
    [{ kind: 'refuse', code: 10023 }, 'retry', 'rate_limited'],
    [{ kind: 'refuse', code: 10024 }, 'retry', 'rate_limited'],
    [{ kind: 'refuse', code: 20012 }, 'rejected', 'too_long'],
    [{ kind: 'refuse', code: 20016 }, 'retry', 'rate_limited'],
    [{ kind: 'refuse', code: 20017 }, 'rejected', 'duplicate'],
    [{ kind: 'refuse', code: 20019, status: 200 }, 'rejected', 'duplicate'],
    [{ kind: 'refuse', code: 20021 }, 'rejected', 'invalid'],
    [{ kind: 'refuse', code: 20031 }, 'rejected', 'permission'],
    [{ kind: 'refuse', code: 20101 }, 'rejected', 'gone'],
    [{ kind: 'refuse', code: 20111 }, 'rejected', 'duplicate'],
    [{ kind: 'refuse', code: 20201 }, 'rejected', 'gone'],
    [{ kind: 'refuse', code: 20206 }, 'rejected', 'permission'],
    [{ kind: 'refuse', code: 20207 }, 'rejected', 'permission'],
    [{ kind: 'refuse', code: 21314 }, 'retry', 'credentials_refused'],
    [{ kind: 'refuse', code: 21327 }, 'retry', 'credentials_refused'],
    [{ kind: 'refuse', code: 21332, status: 200 }, 'retry', 'credentials_refused'],
    [{ kind: 'refuse', code: 26403 }, 'rejected', 'window_closed'],
    [{ kind: 'refuse', code: 29999 }, 'rejected', 'invalid'],
    [{ kind: 'status', status: 500, accepted: true }, 'unknown', 'platform_error'],
    [{ kind: 'status', status: 302, accepted: true }, 'unknown', 'platform_error'],
    [{ kind: 'status', status: 404, accepted: false }, 'rejected', 'invalid'],
    [{ kind: 'status', status: 429, accepted: false }, 'retry', 'rate_limited'],
    [{ kind: 'garbage', accepted: true }, 'unknown', 'platform_error'],
    [{ kind: 'garbage', accepted: true, body: '{}' }, 'unknown', 'platform_error'],
    [{ kind: 'cut', accepted: true }, 'unknown', 'no_answer'],
    [{ kind: 'reset', accepted: true }, 'unknown', 'no_answer'],
  ]
  test.each(table)('%o is %s: %s', async (fault, outcome, code) => {
    scene.simulator.fail({ at: 'send', fault })
    const error = await failing(toMention('您好'))
    expect([error.outcome, error.code]).toEqual([outcome, code])
    for (const text of Object.values(error.text)) expect(text).toMatch(/\S/u)
  })

  test.each([20019, 21327, 20032])('edge 2: code %i means the same as a number and as text', async (code) => {
    const outcomes: unknown[] = []
    for (const asText of [true, false]) {
      const value = asText ? `"${code}"` : code
      const body = `{"request":"/2/comments/create.json","error_code":${value},"error":"x"}`
      scene.simulator.fail({ at: 'send', fault: { kind: 'garbage', accepted: false, body } })
      outcomes.push(
        await scene.connection.send(toMention('您好')).catch(({ outcome, code }: SendError) => [outcome, code]),
      )
    }
    expect(outcomes[0]).toEqual(outcomes[1])
  })

  test('20016 makes the account wait two minutes', async () => {
    scene.simulator.fail({ at: 'send', fault: { kind: 'refuse', code: 20016 } })
    const error = await failing(toMention('您好'))
    expect(error.scope).toBe('account')
    expect(error.after!.getTime() - Date.now()).toBeGreaterThan(100_000)
  })

  test('every code of a token is one', () => {
    for (let code = 21314; code <= 21332; code += 1) {
      const kinds = code === 21331 ? 'retry' : code === 21321 ? 'rejected' : 'credentials'
      expect([code, meaningOf(code)?.kind]).toEqual([code, kinds])
    }
  })

  test('that never comes leaves it in doubt; one that was never asked for does not', async () => {
    scene.simulator.fail({ at: 'send', fault: { kind: 'silence', accepted: true } })
    const late = { ...toMention('您好'), signal: AbortSignal.timeout(200) }
    expect(await failing(late)).toMatchObject({ outcome: 'unknown', code: 'no_answer' })
    expect(await failing({ ...toMention('您好'), signal: AbortSignal.abort() })).toMatchObject({ outcome: 'retry' })
  })
})

describe('in private', () => {
  test('an answer goes through the fan service, with its own token', async () => {
    const token = '2.00fan-service-token_555'
    scene.simulator.account({ token: '2.00simulated-token_0123456789' })
    const other = await openScene({ pushToken: token, uid: '1902538057' }, { pushToken: token })
    const customer = other.account.customer(lin)
    await customer.writes('在吗')
    expect(await other.connection.send(replyTo(lin.uid, null, '在的 & 您说'))).toEqual({ externalId: null })
    expect(other.simulator.ledger).toMatchObject([{ surface: 'direct', to: lin.uid, text: '在的 & 您说' }])
    await other.close()
  })

  test('a refused token of the fan service holds up private messages alone, and is said until one goes out', async () => {
    await scene.account.customer(lin).writes('在吗')
    const { connection, tools } = openAccount(scene.simulator.url, {
      pushToken: '2.00refused-token_555',
      uid: '1902538057',
    })
    const direct = replyTo(lin.uid, null, '在的')
    const error: unknown = await connection.send(direct).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ outcome: 'retry', code: 'credentials_refused', scope: 'thread' })
    expect(tools.healths.at(-1)).toMatchObject({
      state: 'warning',
      text: { zh: expect.stringContaining('粉丝服务令牌') },
    })
    expect(await connection.check()).toMatchObject({ state: 'warning' })
    const status = mention()
    await connection.send(replyTo(`${status}/${lin.uid}`, `s:${status}`, '您好'))
    expect(scene.simulator.ledger).toMatchObject([{ surface: 'public', text: '您好' }])
    tools.close()
  })

  test('the window: after a message any number, after a mention one, after an unfollow none', async () => {
    const customer = scene.account.customer(lin)
    const answer = (text: string) => replyTo(lin.uid, null, text)
    expect(await failing(answer('0'))).toMatchObject({ outcome: 'rejected', code: 'window_closed' })
    await customer.tellsOfMention(mention())
    await scene.connection.send(answer('1'))
    expect(await failing(answer('2'))).toMatchObject({ code: 'window_closed' })
    await customer.does('click')
    for (const text of ['3', '4', '5', '6', '7', '8']) await scene.connection.send(answer(text))
    await customer.does('unfollow')
    expect(await failing(answer('9'))).toMatchObject({ code: 'window_closed' })
  })

  test('300 as Weibo counts', async () => {
    await scene.account.customer(lin).writes('在吗')
    await scene.connection.send(replyTo(lin.uid, null, '手'.repeat(300)))
    expect(await failing(replyTo(lin.uid, null, '手'.repeat(301)))).toMatchObject({ code: 'too_long' })
  })

  test.each([
    ['{"result":false}', 'rejected', 'invalid'],
    ['{"sender_id":1}', 'unknown', 'platform_error'],
    ['', 'unknown', 'platform_error'],
  ])('the answer %j is %s: %s', async (body, outcome, code) => {
    scene.simulator.fail({ at: 'messages/reply', fault: { kind: 'garbage', accepted: false, body } })
    expect(await failing(replyTo(lin.uid, null, '您好'))).toMatchObject({ outcome, code })
  })
})

describe('a reply in doubt', () => {
  /** Sent, and nobody knows. */
  async function doubtful(accepted: boolean): Promise<Reply> {
    // Something of ours that was there before.
    await scene.connection.send(toMention('之前的'))
    scene.tools.setNow(new Date(Date.now() + 600_000))
    const reply = toMention('您好，请看 https://care.example/repair?id=7 谢谢')
    scene.simulator.fail({ at: 'send', fault: { kind: 'status', status: 502, accepted } })
    expect((await failing(reply)).outcome).toBe('unknown')
    return reply
  }
  const later = (ms: number) => scene.tools.setNow(new Date(scene.tools.now().getTime() + ms))

  test('that arrived is found among our comments', async () => {
    scene.tools.setNow(new Date())
    const reply = toMention('您好')
    scene.simulator.fail({ at: 'send', fault: { kind: 'cut', accepted: true } })
    expect((await failing(reply)).outcome).toBe('unknown')
    expect(await scene.connection.findSent!(reply)).toEqual({ externalId: `c:${scene.simulator.ledger[0]!.id}` })
  })

  test('that did not arrive is absent, but not before two minutes have passed', async () => {
    const reply = await doubtful(false)
    await expect(scene.connection.findSent!(reply)).rejects.toBeInstanceOf(ReadError)
    later(60_000)
    await expect(scene.connection.findSent!(reply)).rejects.toBeInstanceOf(ReadError)
    later(61_000)
    expect(await scene.connection.findSent!(reply)).toBe('absent')
  })

  test('edge 3: that appears late is not taken for absent', async () => {
    scene.tools.setNow(new Date())
    await scene.connection.send(toMention('之前的'))
    const reply = toMention('您好')
    scene.simulator.fail({ at: 'send', fault: { kind: 'cut', accepted: true } })
    await failing(reply)
    const { id } = scene.simulator.ledger.at(-1)!
    scene.simulator.hide(id!, Date.now() + 3_600_000)
    await expect(scene.connection.findSent!(reply)).rejects.toBeInstanceOf(ReadError)
    scene.simulator.hide(id!, 0)
    expect(await scene.connection.findSent!(reply)).toEqual({ externalId: `c:${id}` })
  })

  test('of a time nobody noted, because the process died, is left to a person, unless it is found', async () => {
    const reply = await doubtful(false)
    const { connection } = openAccount(scene.simulator.url, { dailyCalls: 1000, uid: '1902538057' })
    expect(await connection.findSent!(reply)).toBe('cannot-tell')
    const arrived = toMention('到了')
    await scene.connection.send(arrived)
    expect(await connection.findSent!(arrived)).toEqual({ externalId: `c:${scene.simulator.ledger.at(-1)!.id}` })
  })

  test('is judged by its last attempt: an earlier one that was certainly not sent proves nothing', async () => {
    await scene.connection.send(toMention('之前的'))
    scene.tools.setNow(new Date(Date.now() + 600_000))
    const reply = toMention('您好')
    scene.simulator.fail({ at: 'send', fault: { kind: 'refuse', code: 10002 } })
    expect((await failing(reply)).outcome).toBe('retry')
    later(1_800_000)
    scene.simulator.fail({ at: 'send', fault: { kind: 'status', status: 502, accepted: false } })
    expect((await failing(reply)).outcome).toBe('unknown')
    await expect(scene.connection.findSent!(reply)).rejects.toBeInstanceOf(ReadError)
    later(130_000)
    expect(await scene.connection.findSent!(reply)).toBe('absent')
    // Nothing of it is kept.
    expect(await scene.tools.state.get(`doubt:${reply.deliveryId}`)).toBeNull()
  })

  test('where the list does not reach back to before it is left to a person', async () => {
    scene.tools.setNow(new Date())
    const reply = toMention('您好')
    scene.simulator.fail({ at: 'send', fault: { kind: 'status', status: 502, accepted: false } })
    await failing(reply)
    later(200_000)
    expect(await scene.connection.findSent!(reply)).toBe('cannot-tell')
  })

  test('in private cannot be read back', async () => {
    expect(await scene.connection.findSent!(replyTo(lin.uid, null, '您好'))).toBe('cannot-tell')
  })

  test('is not taken for the same words under another post, or to another person', async () => {
    scene.tools.setNow(new Date())
    const post = scene.account.posts('欢迎升级')
    const [a, b] = [lin, you].map((person) => scene.account.customer(person).comments(post, '很卡'))
    await scene.connection.send(replyTo(`${post}/${lin.uid}`, `c:${a}`, '您好'))
    await scene.connection.send(toMention('您好'))
    const reply = replyTo(`${post}/${you.uid}`, `c:${b}`, '您好')
    scene.simulator.fail({ at: 'send', fault: { kind: 'status', status: 502, accepted: false } })
    await failing(reply)
    await expect(scene.connection.findSent!(reply)).rejects.toBeInstanceOf(ReadError)
  })
})

test('an echo is the text we sent, shortened links and all', () => {
  const same = scene.connection.sameText!
  expect(same('您好 https://care.example/a?b=1 谢谢', '回复@夜跑的鱼:您好 http://t.cn/A6xyz 谢谢')).toBe(true)
  expect(same('5 < 6 & 7', '5 &lt; 6 &amp; 7')).toBe(true)
  expect(same('您好', '您好吗')).toBe(false)
})
