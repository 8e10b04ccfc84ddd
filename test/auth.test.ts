/** People: signing in, sessions, the first administrator, users and brands. Keys and audit are beside their sources. */
import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemActor } from '../src/auth/actor.ts'
import { createUser } from '../src/auth/create-user.ts'
import { actorStillValid, stillValid } from '../src/auth/resolve.ts'
import { completeSetup, setupCode } from '../src/auth/setup.ts'
import { pruneSessions } from '../src/auth/sign-in.ts'
import { batchStillValid } from '../src/auth/still-valid.ts'
import { listUsers } from '../src/auth/users.ts'
import { newId } from '../src/db/id.ts'
import * as schema from '../src/db/schema.ts'
import { audit, authAccount, authSession, authUser, brandMembers, installation } from '../src/db/schema.ts'
import type { Refused } from '../src/problem.ts'
import { Me, type Role } from '../src/wire.ts'
import { cookiesOf, host, openTestApp, origin, type Person, password, signIn, type TestApp } from './helpers/app.ts'

let house: TestApp
beforeAll(async () => {
  house = await openTestApp({ limits: { signIns: 10_000, failuresPerAddress: 10_000 } })
})
afterAll(() => house.close())
beforeEach(async () => {
  await house.deps.db.delete(authUser)
  await house.deps.db.delete(brandMembers)
})

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
const ask = (method: Method, url: string, who: { headers: Record<string, string> } | null, payload?: object) =>
  house.app.inject({ method, url, headers: who?.headers ?? { origin, host }, ...(payload ? { payload } : {}) })
const trySignIn = (email: string, given: string, more: { remoteAddress?: string; app?: TestApp } = {}) =>
  (more.app ?? house).app.inject({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    headers: { origin, host },
    payload: { email, password: given },
    ...(more.remoteAddress ? { remoteAddress: more.remoteAddress } : {}),
  })
const isSignedIn = async (who: { headers: Record<string, string> }) =>
  (await ask('GET', '/api/me', who)).statusCode === 200

describe('signing in', () => {
  test('sets a cookie no script can read and no other site can send', async () => {
    const { email } = await house.person('agent')
    const answer = await trySignIn(email, password)
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^huixin\.session_token=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/u,
    )
    expect(answer.json()).toEqual({ id: expect.any(String) })
  })

  test('over https the cookie is bound to the host', async () => {
    const secure = await openTestApp({}, { HUIXIN_URL: 'https://desk.test' }, house.database)
    const { email } = await house.person('agent')
    const answer = await trySignIn(email, password, { app: secure })
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^__Host-huixin\.session_token=[^;]+; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Strict$/u,
    )
    const headers = { cookie: cookiesOf(answer.headers['set-cookie']) }
    expect((await secure.app.inject({ url: '/api/me', headers })).statusCode).toBe(200)
    await secure.close()
  })

  test('takes the address in any case, and the password however its accents are composed', async () => {
    const email = 'Mixed.Case@Desk.Test'
    await createUser(house.deps.db, systemActor, { name: 'M', email, role: 'agent', password: 'cafe\u0301 au lait' })
    expect((await trySignIn('mixed.CASE@desk.test', 'caf\u00e9 au lait')).statusCode).toBe(200)
  })

  test('answers the same to an address nobody has and to a wrong password', async () => {
    const { email } = await house.person('agent')
    const [wrong, unknown, odd] = await Promise.all([
      trySignIn(email, 'not the password'),
      trySignIn('nobody@desk.test', 'not the password'),
      trySignIn('not an address', 'not the password'),
    ])
    const seen = [wrong, unknown, odd].map(({ statusCode, headers, body }) => {
      const { requestId: _id, ...rest } = JSON.parse(body)
      return { statusCode, cookie: headers['set-cookie'], ...rest }
    })
    expect(seen[0]).toMatchObject({ statusCode: 401, cookie: undefined, code: 'wrong_credentials' })
    expect(seen[1]).toEqual(seen[0])
    expect(seen[2]).toEqual(seen[0])
  })

  test('takes as long for an address nobody has as for a wrong password', async () => {
    const { email } = await house.person('agent')
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
    const roomy = await openTestApp(
      { limits: { failuresPerAccount: 1000, failuresPerAddress: 1000, signIns: 1000 } },
      {},
      house.database,
    )
    // Alternating, so that a noisy machine slows both; the median, so that one pause decides nothing.
    for (let round = 0; round < 15; round++) {
      for (const [kind, address] of [
        ['known', email],
        ['unknown', 'nobody@desk.test'],
      ] as const) {
        const started = performance.now()
        await trySignIn(address, 'not the password', { app: roomy })
        times[kind].push(performance.now() - started)
      }
    }
    const median = (list: number[]) => list.toSorted((a, b) => a - b)[7]!
    const ratio = median(times.known) / median(times.unknown)
    // Without the hash for nobody it is above ten.
    expect(ratio).toBeGreaterThan(0.5)
    expect(ratio).toBeLessThan(2)
    await roomy.close()
  })

  test('a disabled user is told so only with the right password', async () => {
    const administrator = await house.person('administrator')
    const agent = await house.person('agent')
    await ask('PATCH', `/api/users/${agent.id}`, administrator, { disabled: true })
    expect((await trySignIn(agent.email, 'not the password')).json().code).toBe('wrong_credentials')
    const answer = await trySignIn(agent.email, password)
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'account_disabled'])
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  test.each([
    ['changed', (cookie: string) => cookie.replace(/.$/u, (last) => (last === 'A' ? 'B' : 'A'))],
    ['unsigned', (cookie: string) => cookie.replace(/\..*$/u, '')],
    ['of another name', (cookie: string) => `x${cookie}`],
    ['empty', () => 'huixin.session_token='],
    ['nonsense', () => 'huixin.session_token=%00%ff; =;;'],
  ])('a cookie that is %s is nobody', async (_name, spoil) => {
    const agent = await house.person('agent')
    expect(await isSignedIn(agent)).toBe(true)
    const answer = await ask('GET', '/api/me', { headers: { ...agent.headers, cookie: spoil(agent.headers.cookie) } })
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'unauthenticated'])
  })

  test('a wrong key is not forgiven because there is a cookie', async () => {
    const agent = await house.person('agent')
    const headers = { ...agent.headers, authorization: 'Bearer hx_wrong' }
    expect(await isSignedIn({ headers })).toBe(false)
    expect(await isSignedIn({ headers: { ...agent.headers, authorization: 'Basic x' } })).toBe(false)
  })
})

describe('guessing', () => {
  test('ten wrong passwords close an account for a while, from every address; others stay open', async () => {
    const small = await openTestApp({ limits: { failuresPerAddress: 1000 } }, {}, house.database)
    const [victim, other] = [await house.person('agent'), await house.person('agent')]
    for (let n = 0; n < 10; n++) {
      expect((await trySignIn(victim.email, 'guess', { app: small, remoteAddress: `192.0.2.${n}` })).statusCode).toBe(
        401,
      )
    }
    const closed = await trySignIn(victim.email.toUpperCase(), password, { app: small, remoteAddress: '192.0.2.99' })
    expect([closed.statusCode, closed.json().code]).toEqual([429, 'rate_limited'])
    expect(Number(closed.headers['retry-after'])).toBeGreaterThan(600)
    expect((await trySignIn(other.email, password, { app: small })).statusCode).toBe(200)
    await small.close()
  })

  test('an address nobody has is closed just the same', async () => {
    const small = await openTestApp({ limits: { failuresPerAccount: 2 } }, {}, house.database)
    const codes = []
    for (let n = 0; n < 3; n++) codes.push((await trySignIn('nobody@desk.test', 'guess', { app: small })).statusCode)
    expect(codes).toEqual([401, 401, 429])
    await small.close()
  })

  test('a hundred guesses at once get no further than ten in a row', async () => {
    const small = await openTestApp({}, {}, house.database)
    const { email } = await house.person('agent')
    const answers = await Promise.all(Array.from({ length: 100 }, () => trySignIn(email, 'guess', { app: small })))
    const tried = answers.filter(({ statusCode }) => statusCode === 401)
    expect(tried).toHaveLength(10)
    expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(90)
    await small.close()
  })

  test('one address cannot try one password on everybody', async () => {
    const small = await openTestApp({ limits: { failuresPerAddress: 5 } }, {}, house.database)
    const codes = []
    for (let n = 0; n < 6; n++) codes.push((await trySignIn(`user${n}@desk.test`, 'guess', { app: small })).statusCode)
    expect(codes).toEqual([401, 401, 401, 401, 401, 429])
    await small.close()
  })

  test('signing in rightly, however often, closes nothing', async () => {
    const small = await openTestApp({ limits: { failuresPerAccount: 2, failuresPerAddress: 2 } }, {}, house.database)
    const { email } = await house.person('agent')
    for (let n = 0; n < 5; n++) expect((await trySignIn(email, password, { app: small })).statusCode).toBe(200)
    await small.close()
  })

  test('the present password cannot be guessed at an unlocked screen either', async () => {
    const small = await openTestApp({ limits: { failuresPerAccount: 2 } }, {}, house.database)
    const { headers } = await house.person('agent')
    const codes = []
    for (let n = 0; n < 3; n++) {
      const payload = { currentPassword: 'guess', newPassword: 'another long one' }
      const answer = await small.app.inject({ method: 'POST', url: '/api/auth/change-password', headers, payload })
      codes.push(answer.json().code)
    }
    expect(codes).toEqual(['wrong_password', 'wrong_password', 'rate_limited'])
    await small.close()
  })
})

describe('a session', () => {
  test('ends by signing out, and signing out twice is no error', async () => {
    const agent = await house.person('agent')
    const answer = await ask('POST', '/api/auth/sign-out', agent)
    expect(answer.statusCode).toBe(200)
    expect(String(answer.headers['set-cookie'])).toContain('Max-Age=0')
    expect(await isSignedIn(agent)).toBe(false)
    expect((await ask('POST', '/api/auth/sign-out', agent, {})).statusCode).toBe(200)
    expect((await ask('POST', '/api/auth/sign-out', null)).statusCode).toBe(200)
  })

  test('ends when its time is over, and is prolonged while it is used', async () => {
    const { db } = house.deps
    const agent = await house.person('agent')
    const fiveDays = new Date(Date.now() + 5 * 86_400_000)
    await db.update(authSession).set({ expiresAt: fiveDays })
    const used = await ask('GET', '/api/me', agent)
    expect(String(used.headers['set-cookie'])).toContain('Max-Age=604800')
    const [session] = await db.select().from(authSession)
    expect(session!.expiresAt.getTime()).toBeGreaterThan(Date.now() + 6.9 * 86_400_000)
    await db.update(authSession).set({ expiresAt: new Date(Date.now() - 1000) })
    expect(await isSignedIn(agent)).toBe(false)
  })

  test('is listed without its token, and can be ended from another', async () => {
    const first = await house.person('agent')
    const second = { headers: await signIn(house.app, first.email) }
    const stranger = await house.person('agent')
    const answer = await ask('GET', '/api/auth/list-sessions', first)
    const { sessions } = answer.json()
    expect(sessions.map(({ current }: { current: boolean }) => current).sort()).toEqual([false, true])
    expect(answer.body).not.toContain(decodeURIComponent(first.headers.cookie.split('=')[1]!).split('.')[0])
    const other = sessions.find(({ current }: { current: boolean }) => !current)
    expect((await ask('POST', '/api/auth/revoke-session', stranger, { id: other.id })).statusCode).toBe(200)
    expect(await isSignedIn(second)).toBe(true)
    await ask('POST', '/api/auth/revoke-session', first, { id: other.id })
    expect([await isSignedIn(first), await isSignedIn(second)]).toEqual([true, false])
  })

  test('keeps itself when all others are ended', async () => {
    const first = await house.person('agent')
    const second = { headers: await signIn(house.app, first.email) }
    await ask('POST', '/api/auth/revoke-other-sessions', first)
    expect([await isSignedIn(first), await isSignedIn(second)]).toEqual([true, false])
  })

  test('get-session says who, or nobody', async () => {
    const agent = await house.person('agent')
    expect((await ask('GET', '/api/auth/get-session', agent)).json().me).toMatchObject({ id: agent.id, role: 'agent' })
    expect((await ask('GET', '/api/auth/get-session', null)).json()).toEqual({ me: null })
  })

  test('a new password ends every session and begins a new one here', async () => {
    const agent = await house.person('agent')
    const elsewhere = { headers: await signIn(house.app, agent.email) }
    const answer = await ask('POST', '/api/auth/change-password', agent, {
      currentPassword: password,
      newPassword: 'a different long one',
    })
    expect(answer.statusCode).toBe(200)
    const here = { headers: { ...agent.headers, cookie: cookiesOf(answer.headers['set-cookie']) } }
    expect([await isSignedIn(here), await isSignedIn(agent), await isSignedIn(elsewhere)]).toEqual([true, false, false])
    expect((await trySignIn(agent.email, password)).statusCode).toBe(401)
    expect((await trySignIn(agent.email, 'a different long one')).statusCode).toBe(200)
  })

  test.each([
    ['too short', 'short', 400, 'invalid_request'],
    ['one character again and again', 'aaaaaaaaaaaaaaa', 422, 'password_too_weak'],
    ['counted', '1234567890', 422, 'password_too_weak'],
    ['a common one in disguise', 'P@ssw0rd2026!', 422, 'password_too_weak'],
    ['the address', null, 422, 'password_too_weak'],
  ])('a new password that is %s is refused', async (_name, given, status, code) => {
    const agent = await house.person('agent')
    const answer = await ask('POST', '/api/auth/change-password', agent, {
      currentPassword: password,
      newPassword: given ?? agent.email,
    })
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
    expect(await isSignedIn(agent)).toBe(true)
  })

  test('is a person’s: programs have none to change', async () => {
    const headers = await house.program('administrator')
    const answer = await ask('GET', '/api/auth/list-sessions', { headers })
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'people_only'])
  })

  test('one that ended by age leaves the table', async () => {
    await house.person('agent')
    await house.deps.db.update(authSession).set({ expiresAt: new Date(Date.now() - 2 * 86_400_000) })
    await house.person('agent')
    await pruneSessions(house.deps.db)
    expect(await house.deps.db.select().from(authSession)).toHaveLength(1)
  })
})

describe('the first visit', () => {
  const input = { name: 'Ada', email: 'ada@desk.test', password: 'a long first password' }
  const tryCode = (code: string, more: object = {}, app = house) =>
    app.app.inject({
      method: 'POST',
      url: '/api/setup',
      headers: { origin, host },
      payload: { ...input, code, ...more },
    })

  test('with the printed code makes the administrator and signs in', async () => {
    expect((await ask('GET', '/api/setup', null)).json()).toEqual({ needed: true })
    const code = await setupCode(house.deps)
    const answer = await tryCode(` ${code!.toLowerCase().replaceAll('-', ' ')}`)
    expect(answer.statusCode).toBe(201)
    const me = await ask('GET', '/api/me', { headers: { cookie: cookiesOf(answer.headers['set-cookie']) } })
    expect(Me.parse(me.json())).toMatchObject({ email: input.email, role: 'administrator', brandIds: null })
    expect((await ask('GET', '/api/setup', null)).json()).toEqual({ needed: false })
    expect(await setupCode(house.deps)).toBeNull()
  })

  test('the code works once', async () => {
    const code = (await setupCode(house.deps))!
    expect((await tryCode(code)).statusCode).toBe(201)
    const again = await tryCode(code, { email: 'eve@desk.test' })
    expect([again.statusCode, again.json().code]).toEqual([409, 'already_set_up'])
    expect(await house.deps.db.select().from(installation).where(eq(installation.key, 'setup_code'))).toEqual([])
  })

  test('of twenty at once with the right code one wins', async () => {
    const code = (await setupCode(house.deps))!
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => completeSetup(house.deps, { ...input, code, email: `ada${n}@desk.test` })),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results) {
      if (result.status === 'rejected') expect((result.reason as Refused).code).toBe('already_set_up')
    }
    expect(await house.deps.db.select().from(authUser)).toHaveLength(1)
  })

  test('a wrong code, an old code and no code make nobody', async () => {
    expect((await tryCode('00000-00000-00000')).json().code).toBe('setup_code_wrong')
    const first = (await setupCode(house.deps))!
    const second = (await setupCode(house.deps))!
    expect((await tryCode(first)).json().code).toBe('setup_code_wrong')
    const began = house.clock.now
    house.clock.now = new Date(began.getTime() + 24 * 3_600_000)
    expect((await tryCode(second)).json().code).toBe('setup_code_expired')
    house.clock.now = began
    expect(await house.deps.db.select().from(authUser)).toHaveLength(0)
    expect((await tryCode(second)).statusCode).toBe(201)
  })

  test('cannot be guessed for long, and a wrong guess costs no password hash', async () => {
    const small = await openTestApp({ limits: { failuresPerAddress: 3 } }, {}, house.database)
    await setupCode(house.deps)
    const codes = []
    for (let n = 0; n < 4; n++) codes.push((await tryCode('11111-11111-11111', {}, small)).statusCode)
    expect(codes).toEqual([403, 403, 403, 429])
    await small.close()
  })

  test('the code is not in the database', async () => {
    const code = (await setupCode(house.deps))!
    const rows = await house.deps.db.select().from(installation)
    expect(JSON.stringify(rows)).not.toContain(code)
    expect(JSON.stringify(rows)).not.toContain(code.replaceAll('-', ''))
  })
})

describe('users', () => {
  let administrator: Person
  beforeEach(async () => {
    administrator = await house.person('administrator')
  })

  test('are added with a password made for them, shown once, and with the default brand', async () => {
    const answer = await ask('POST', '/api/users', administrator, {
      name: ' Bo ',
      email: 'Bo@Desk.test',
      role: 'agent',
    })
    const { user, password: made } = answer.json()
    expect(answer.statusCode).toBe(201)
    expect(user).toMatchObject({
      name: 'Bo',
      email: 'bo@desk.test',
      role: 'agent',
      disabled: false,
      brandIds: [house.brandId],
    })
    expect((await trySignIn('bo@desk.test', made)).statusCode).toBe(200)
    const stored = await house.deps.db.select().from(authAccount)
    expect(JSON.stringify(stored)).not.toContain(made)
  })

  test.each([
    ['an address somebody has', { email: 'TAKEN@desk.test' }, 409, 'email_taken'],
    ['a brand that does not exist', { brandIds: ['01900000-0000-7000-8000-000000000000'] }, 422, 'unknown_brand'],
    ['a weak password', { password: 'aaaaaaaaaaaa' }, 422, 'password_too_weak'],
    ['an unknown role', { role: 'owner' }, 400, 'invalid_request'],
    ['a field of the table', { banned: false }, 400, 'invalid_request'],
  ])('with %s are refused', async (_name, more, status, code) => {
    await createUser(house.deps.db, systemActor, { name: 'T', email: 'taken@desk.test', role: 'agent' })
    const before = await listUsers(house.deps.db)
    const answer = await ask('POST', '/api/users', administrator, {
      name: 'N',
      email: 'n@desk.test',
      role: 'agent',
      ...more,
    })
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
    expect(await listUsers(house.deps.db)).toEqual(before)
  })

  test('twenty at once with one address are one user', async () => {
    const make = () => createUser(house.deps.db, systemActor, { name: 'N', email: 'n@desk.test', role: 'agent' })
    const results = await Promise.allSettled(Array.from({ length: 20 }, make))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('a new role counts from the next request', async () => {
    const agent = await house.person('agent')
    expect((await ask('GET', '/api/users', agent)).statusCode).toBe(403)
    await ask('PATCH', `/api/users/${agent.id}`, administrator, { role: 'administrator' })
    expect((await ask('GET', '/api/users', agent)).statusCode).toBe(200)
    expect((await ask('GET', '/api/me', agent)).json().brandIds).toBeNull()
    const demoted = await ask('PATCH', `/api/users/${agent.id}`, administrator, { role: 'agent' })
    expect(demoted.json().brandIds).toEqual([house.brandId])
    expect((await ask('GET', '/api/users', agent)).statusCode).toBe(403)
  })

  test('brands are replaced, and none is a choice', async () => {
    const other = await house.addBrand('Other')
    const agent = await house.person('agent')
    const change = (brandIds: string[]) => ask('PATCH', `/api/users/${agent.id}`, administrator, { brandIds })
    expect((await change([other])).json().brandIds).toEqual([other])
    expect((await ask('GET', '/api/brands', agent)).json().brands).toEqual([{ id: other, name: 'Other' }])
    expect((await change([])).json().brandIds).toEqual([])
    expect((await ask('GET', '/api/brands', agent)).json()).toEqual({ brands: [] })
  })

  test('disabling ends the sessions at once, and enabling does not bring them back', async () => {
    const agent = await house.person('agent')
    await ask('PATCH', `/api/users/${agent.id}`, administrator, { disabled: true })
    expect(await isSignedIn(agent)).toBe(false)
    await ask('PATCH', `/api/users/${agent.id}`, administrator, { disabled: false })
    expect(await isSignedIn(agent)).toBe(false)
    expect((await trySignIn(agent.email, password)).statusCode).toBe(200)
  })

  test('a session that began while the user was being disabled is nobody’s', async () => {
    const agent = await house.person('agent')
    // As a sign-in leaves it that read the user just before and committed its session just after.
    await house.deps.db.update(authUser).set({ banned: true }).where(eq(authUser.id, agent.id))
    expect(await isSignedIn(agent)).toBe(false)
  })

  test('a password given anew ends the sessions and the old password', async () => {
    const agent = await house.person('agent')
    const answer = await ask('POST', `/api/users/${agent.id}/password`, administrator)
    expect(await isSignedIn(agent)).toBe(false)
    expect((await trySignIn(agent.email, password)).statusCode).toBe(401)
    expect((await trySignIn(agent.email, answer.json().password)).statusCode).toBe(200)
  })

  test.each([{ role: 'agent' as const }, { disabled: true }])(
    'the last administrator cannot be changed to %j',
    async (patch) => {
      await house.person('agent')
      const answer = await ask('PATCH', `/api/users/${administrator.id}`, administrator, patch)
      expect([answer.statusCode, answer.json().code]).toEqual([409, 'last_administrator'])
      const second = await house.person('administrator')
      expect((await ask('PATCH', `/api/users/${administrator.id}`, second, patch)).statusCode).toBe(200)
    },
  )

  test('a disabled administrator does not count as one who is left', async () => {
    const second = await house.person('administrator')
    await ask('PATCH', `/api/users/${second.id}`, administrator, { disabled: true })
    expect((await ask('PATCH', `/api/users/${administrator.id}`, administrator, { role: 'agent' })).statusCode).toBe(
      409,
    )
    expect((await ask('PATCH', `/api/users/${second.id}`, administrator, { role: 'agent' })).statusCode).toBe(200)
  })

  test('administrators who demote each other at once leave one', async () => {
    const all = [administrator, await house.person('administrator'), await house.person('administrator')]
    const { changeUser } = await import('../src/auth/users.ts')
    const results = await Promise.allSettled(
      all.map(({ id }) => changeUser(house.deps.db, systemActor, id, { role: 'agent' })),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
    const users = await listUsers(house.deps.db)
    expect(users.filter(({ role }) => role === 'administrator')).toHaveLength(1)
  })

  test('one that does not exist is 404', async () => {
    for (const [method, url] of [
      ['PATCH', '/api/users/nobody'],
      ['POST', '/api/users/nobody/password'],
    ] as const) {
      expect((await ask(method, url, administrator, {})).statusCode).toBe(404)
    }
  })

  test('acts are in the audit without names, addresses or passwords', async () => {
    await house.deps.sql`truncate audit`
    const { user, password: made } = (
      await ask('POST', '/api/users', administrator, { name: 'Zephyrine', email: 'z@desk.test', role: 'agent' })
    ).json()
    await ask('PATCH', `/api/users/${user.id}`, administrator, { name: 'Zenobia', role: 'supervisor' })
    await ask('POST', `/api/users/${user.id}/password`, administrator)
    const rows = await house.deps.db.select().from(audit).orderBy(audit.id)
    expect(rows.map(({ actor, action, subject }) => [actor, action, subject])).toEqual(
      ['user.created', 'user.changed', 'user.password_reset'].map((action) => [
        administrator.id,
        action,
        `user:${user.id}`,
      ]),
    )
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`Zephyrine|Zenobia|z@desk|${made}`, 'u'))
  })
})

describe('brands', () => {
  test('are seen by those they were given to; others’ are not found', async () => {
    const administrator = await house.person('administrator')
    const other = (await ask('POST', '/api/brands', administrator, { name: 'Other' })).json().id
    const supervisor = await house.person('supervisor')
    expect((await ask('GET', '/api/brands', supervisor)).json().brands.map(({ id }: { id: string }) => id)).toEqual([
      house.brandId,
    ])
    expect((await ask('GET', `/api/brands/${house.brandId}/members`, supervisor)).json()).toEqual({
      userIds: [supervisor.id],
    })
    expect((await ask('GET', `/api/brands/${other}/members`, supervisor)).statusCode).toBe(404)
    const key = { headers: await house.program('supervisor', [other]) }
    expect((await ask('GET', `/api/brands/${house.brandId}/members`, key)).statusCode).toBe(404)
    expect((await ask('GET', `/api/brands/${other}/members`, key)).json()).toEqual({ userIds: [] })
  })

  test('members are replaced; administrators and strangers cannot be members', async () => {
    const administrator = await house.person('administrator')
    const [one, two] = [await house.person('agent'), await house.person('agent', [])]
    const put = (userIds: string[]) => ask('PUT', `/api/brands/${house.brandId}/members`, administrator, { userIds })
    expect((await put([two.id, two.id])).json()).toEqual({ userIds: [two.id] })
    expect((await ask('GET', '/api/me', one)).json().brandIds).toEqual([])
    for (const id of [administrator.id, 'nobody']) expect((await put([id])).json().code).toBe('unknown_user')
    expect((await ask('GET', '/api/me', two)).json().brandIds).toEqual([house.brandId])
  })

  test('can be renamed', async () => {
    const administrator = await house.person('administrator')
    const id = await house.addBrand('Old')
    expect((await ask('PATCH', `/api/brands/${id}`, administrator, { name: 'New' })).json()).toEqual({
      id,
      name: 'New',
    })
    expect((await ask('PATCH', `/api/brands/${newId()}`, administrator, { name: 'New' })).statusCode).toBe(404)
  })
})

describe('colleagues', () => {
  const idsFor = async (who: { headers: Record<string, string> }, query = '') =>
    (await ask('GET', `/api/colleagues${query}`, who))
      .json()
      .colleagues.map(({ id }: { id: string }) => id)
      .sort()

  test('are who sees one of one’s brands and may sign in', async () => {
    const other = await house.addBrand('Other')
    const administrator = await house.person('administrator')
    const [mine, theirs, nobodys] = [
      await house.person('agent'),
      await house.person('agent', [other]),
      await house.person('agent', []),
    ]
    const gone = await house.person('agent')
    await ask('PATCH', `/api/users/${gone.id}`, administrator, { disabled: true })
    expect(await idsFor(mine)).toEqual([administrator.id, mine.id].sort())
    expect(await idsFor(theirs)).toEqual([administrator.id, theirs.id].sort())
    expect(await idsFor(administrator)).toEqual([administrator.id, mine.id, theirs.id, nobodys.id].sort())
    expect(await idsFor(administrator, `?brand=${other}`)).toEqual([administrator.id, theirs.id].sort())
    expect(await idsFor(mine, `?brand=${other}`)).toEqual([])
  })

  test('are told without addresses', async () => {
    const agent = await house.person('agent')
    expect((await ask('GET', '/api/colleagues', agent)).body).not.toContain('@')
  })
})

describe('who goes on with an open stream', () => {
  const actorFor = async (role: Role) => {
    const person = await house.person(role)
    const headers = { ...person.headers }
    let found: Parameters<typeof actorStillValid>[1] | undefined
    // As a route sees it.
    const { buildApp } = await import('../src/app.ts')
    const app = await buildApp(house.deps)
    app.get('/api/probe', { config: { access: 'agent' } }, async (request) => {
      found = request.actor
      return {}
    })
    await app.inject({ url: '/api/probe', headers })
    await app.close()
    return { person, actor: found! }
  }
  const valid = (actor: Parameters<typeof actorStillValid>[1]) => actorStillValid(house.deps, actor)

  test.each([
    ['signed out', (person: Person) => ask('POST', '/api/auth/sign-out', person)],
    [
      'disabled',
      (person: Person) => house.deps.db.update(authUser).set({ banned: true }).where(eq(authUser.id, person.id)),
    ],
    [
      'given another role',
      (person: Person) => house.deps.db.update(authUser).set({ role: 'supervisor' }).where(eq(authUser.id, person.id)),
    ],
    [
      'given other brands',
      (person: Person) => house.deps.db.delete(brandMembers).where(eq(brandMembers.userId, person.id)),
    ],
    ['expired', () => house.deps.db.update(authSession).set({ expiresAt: new Date(0) })],
    ['deleted', (person: Person) => house.deps.db.delete(authUser).where(eq(authUser.id, person.id))],
  ])('not one who was %s', async (_name, change) => {
    const { person, actor } = await actorFor('agent')
    expect(await valid(actor)).toBe(true)
    await change(person)
    expect(await valid(actor)).toBe(false)
  })

  test('asks once for all who ask together', async () => {
    const [one, two] = [await actorFor('agent'), await actorFor('administrator')]
    await ask('POST', '/api/auth/sign-out', two.person)
    let queries = 0
    const logger = { logQuery: () => void queries++ }
    const db = drizzle(house.deps.sql, { schema, casing: 'snake_case', logger })
    const isValid = batchStillValid({ db, now: house.deps.now })
    const answers = Promise.all([one.actor, two.actor, systemActor, one.actor].map(isValid))
    expect(await answers).toEqual([true, false, true, true])
    expect(queries).toBe(3)
    expect(await stillValid(house.deps.db, [], new Date())).toEqual(new Set())
  })
})
