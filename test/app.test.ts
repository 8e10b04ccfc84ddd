/** The HTTP application as a whole: who may call what, and what odd requests get. Sign-in itself is in auth.test.ts. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify, { type InjectOptions, type LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { buildApp } from '../src/app.ts'
import type { App } from '../src/deps.ts'
import type { DeskFiles } from '../src/http/desk.ts'
import { counter, startMetricsServer } from '../src/http/metrics.ts'
import { answerProblems } from '../src/http/problems.ts'
import { Refused } from '../src/problem.ts'
import { Problem, type Role } from '../src/wire.ts'
import { host, openTestApp, origin, type Person, type TestApp } from './helpers/app.ts'
import { patience } from './helpers/patience.ts'
import { until } from './helpers/until.ts'

let house: TestApp
let app: App
const people = {} as Record<Role, Person>
/** A desk in a folder of its own that tests make ready, building or failed. */
const desk: { -readonly [K in keyof DeskFiles]: DeskFiles[K] } = { state: 'building', root: null }
let deskRoot: string

beforeAll(async () => {
  house = await openTestApp({ desk })
  app = house.app
  for (const role of ['agent', 'supervisor', 'administrator'] as const) people[role] = await house.person(role)
  deskRoot = await mkdtemp(join(tmpdir(), 'huixin-desk-'))
  await mkdir(join(deskRoot, 'assets'))
  await writeFile(
    join(deskRoot, 'index.html'),
    '<meta property="csp-nonce" nonce="__CSP_NONCE__"><div id="desk"></div>',
  )
  await writeFile(join(deskRoot, 'assets', 'main-4f2a.js'), 'export {}')
  await writeFile(join(deskRoot, 'theme.js'), '// theme')
  await writeFile(join(deskRoot, 'secret.json'), '{}')
})
afterAll(async () => {
  await house.close()
  await rm(deskRoot, { recursive: true })
})

function problemOf(answer: LightMyRequestResponse): z.infer<typeof Problem> {
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  const problem = Problem.parse(answer.json())
  expect(problem.status).toBe(answer.statusCode)
  expect(problem.requestId).toBe(answer.headers['x-request-id'])
  return problem
}
const post = (
  url: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<LightMyRequestResponse> =>
  app.inject({
    method: 'POST',
    url,
    payload: body,
    headers: { 'content-type': 'application/json', ...people.administrator.headers, ...headers },
  })

interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly access: 'public' | Role
  readonly operation: Record<string, unknown>
}
/** The route table as it is published. A route that is not in it is found by the test below. */
function operations(): Operation[] {
  const document = app.swagger() as unknown as { paths: Record<string, Record<string, Record<string, unknown>>> }
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const security = operation.security as unknown[]
      const description = String(operation.description ?? '')
      const access =
        security.length === 0
          ? 'public'
          : description.startsWith('For administrators.')
            ? 'administrator'
            : description.startsWith('For supervisors and administrators.')
              ? 'supervisor'
              : 'agent'
      const url = path.replaceAll(/\{\w+\}/gu, '01900000-0000-7000-8000-000000000000')
      return { method: method.toUpperCase() as Operation['method'], url, access, operation }
    }),
  )
}

describe('access', () => {
  const rank = { agent: 0, supervisor: 1, administrator: 2 }
  const roles = ['agent', 'supervisor', 'administrator'] as const
  /** Streams do not end by themselves. */
  const isStream = (operation: Operation) => operation.url === '/api/events'

  test('without sign-in every route but the public ones answers 401', async () => {
    for (const operation of operations()) {
      const answer = await app.inject({ method: operation.method, url: operation.url })
      if (operation.access === 'public') expect([operation, answer.statusCode]).not.toEqual([operation, 401])
      else expect([operation.url, problemOf(answer).code]).toEqual([operation.url, 'unauthenticated'])
    }
  })

  test.each(roles)('as %s exactly the routes above the role answer 403', async (role) => {
    const bearer = await house.program(role)
    for (const operation of operations()) {
      if (operation.access === 'public') continue
      const allowed = rank[role] >= rank[operation.access]
      if (allowed && isStream(operation)) continue
      // Without a body, so that nothing is changed where the role is allowed to.
      const answer = await app.inject({ method: operation.method, url: operation.url, headers: bearer })
      const told = [operation.method, operation.url, answer.statusCode, answer.statusCode === 403 && answer.json().code]
      if (!allowed) expect(told).toEqual([operation.method, operation.url, 403, 'forbidden'])
      else {
        expect(told).not.toEqual([operation.method, operation.url, 403, 'forbidden'])
        expect(answer.statusCode, `${operation.method} ${operation.url}: ${answer.body}`).toBeLessThan(500)
        // What does not exist, and what is another brand's, is the same to everybody.
        if (operation.method === 'GET' && operation.url.includes('01900000-'))
          expect(told).toEqual([...told.slice(0, 2), 404, false])
      }
    }
  })

  test('the public routes are these and no others', () => {
    const urls = operations().filter(({ access }) => access === 'public')
    expect(urls.map(({ method, url }) => `${method} ${url}`).sort()).toEqual([
      'GET /api/auth/get-session',
      'GET /api/openapi.json',
      'GET /api/setup',
      'POST /api/auth/sign-in/email',
      'POST /api/auth/sign-out',
      'POST /api/setup',
    ])
  })

  test('an API route that does not say who may call it cannot be registered', async () => {
    const other = await buildApp(house.deps)
    expect(() => other.get('/api/forgotten', async () => 'open')).toThrow(
      'GET /api/forgotten does not say who may call it',
    )
    await other.close()
  })

  test('a public route cannot read the actor', async () => {
    const other = await buildApp(house.deps)
    other.get('/api/mistaken', { config: { access: 'public' } }, async (request) => request.actor.id)
    const answer = await other.inject({ url: '/api/mistaken', headers: people.administrator.headers })
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'internal'])
    await other.close()
  })

  test('better-auth’s own routes do not exist', async () => {
    for (const path of [
      'sign-up/email',
      'admin/create-user',
      'admin/impersonate-user',
      'update-user',
      'delete-user',
      'ok',
    ]) {
      const answer = await post(`/api/auth/${path}`, '{}')
      expect([path, problemOf(answer).code]).toEqual([path, 'not_found'])
    }
  })
})

describe('the document', () => {
  test('every operation has a summary, a tag, and says how it fails', () => {
    const list = operations()
    expect(list.length).toBeGreaterThan(20)
    for (const { method, url, access, operation } of list) {
      const told = `${method} ${url}`
      expect(operation.summary, told).toEqual(expect.any(String))
      expect(operation.tags, told).toEqual([expect.any(String)])
      const statuses = Object.keys(operation.responses as object)
      const expected = ['400', '429', '500', '503', ...(access === 'public' ? [] : ['401', '403'])]
      expect(statuses, told).toEqual(expect.arrayContaining(expected))
      expect(
        statuses.some((status) => /^2/u.test(status)),
        told,
      ).toBe(true)
    }
  })

  test('is OpenAPI 3.1 and leaves no reference open', async () => {
    const answer = await app.inject({ url: '/api/openapi.json' })
    const document = answer.json()
    expect(document.openapi).toBe('3.1.0')
    const schemas = Object.keys(document.components.schemas)
    expect(schemas).toContain('Problem')
    for (const name of schemas) expect(answer.body).toContain(`"$ref":"#/components/schemas/${name}"`)
    for (const [, name] of answer.body.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/gu)) {
      expect(schemas).toContain(name)
    }
  })

  test('its page and everything the page loads come from here', async () => {
    const page = await app.inject({ url: '/api/docs/', headers: { accept: 'text/html' } })
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-security-policy']).toContain("script-src 'self';")
    const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/gu)].map(([, file]) => file!)
    expect(files.length).toBeGreaterThan(2)
    for (const file of files) {
      const answer = await app.inject({ url: new URL(file, 'http://x/api/docs/').pathname })
      expect([file, answer.statusCode]).toEqual([file, 200])
    }
  })
})

describe('a body', () => {
  const body = '{"name":"Acme"}'
  test.each([
    ['text/plain', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['multipart where none is taken', 'multipart/form-data; boundary=x'],
    ['a tab before parameters', 'application/json\t; a=b'],
    ['a leading tab', '\tapplication/json'],
    ['a leading space', ' application/json'],
    ['another charset', 'application/json; charset=utf-16'],
    ['trailing text', 'application/json text/plain'],
    ['a longer name', 'application/jsonp'],
    ['two types', 'application/json, text/plain'],
    ['none', ''],
  ])('%s is answered 415', async (_name, type) => {
    const answer = await post('/api/brands', body, { 'content-type': type })
    expect([answer.statusCode, problemOf(answer).code]).toEqual([415, 'unsupported_media_type'])
  })

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'of type %s is read',
    async (type) => {
      expect((await post('/api/brands', body, { 'content-type': type })).statusCode).toBe(201)
    },
  )

  test.each([
    ['broken', Buffer.from('{"name":'), 'invalid_json'],
    ['nested 200,000 deep', Buffer.from('['.repeat(200_000)), 'invalid_json'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'invalid_json'],
    ['with __proto__', Buffer.from('{"__proto__":{},"name":"x"}'), 'invalid_json'],
    ['empty', Buffer.alloc(0), 'invalid_request'],
    ['with an unknown field', Buffer.from('{"name":"x","admin":true}'), 'invalid_request'],
  ])('%s is answered 400', async (_name, odd, code) => {
    const answer = await post('/api/brands', odd)
    expect([answer.statusCode, problemOf(answer).code]).toEqual([400, code])
    expect((await post('/api/brands', body)).statusCode).toBe(201)
  })

  test('that fails the schema says where, in the words of the schema', async () => {
    const answer = await post('/api/users', JSON.stringify({ name: '', email: 'x', role: 'king', secret: 'hunter2' }))
    const problem = problemOf(answer)
    expect(problem.errors?.map(({ path }) => path).sort()).toEqual(['', 'email', 'name', 'role'])
    expect(answer.body).not.toContain('hunter2')
    const query = await app.inject({ url: '/api/audit?limit=0', headers: people.administrator.headers })
    expect(problemOf(query).errors?.[0]?.path).toBe('query.limit')
  })

  test('over 1 MiB is answered 413, declared or not, without being read to its end', async () => {
    const declared = await post('/api/brands', Buffer.alloc(1_048_577, ' '))
    expect(problemOf(declared).code).toBe('too_large')
    const address = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
    const socket = connect(Number(address.port), '127.0.0.1')
    let sent = 0
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
    })
    const closed = new Promise<void>((resolve) => {
      socket.on('error', () => {})
      socket.on('close', () => resolve())
    })
    const { authorization } = await house.program('administrator')
    socket.write(
      `POST /api/brands HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    )
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`
    const write = () => {
      while (!socket.destroyed && sent < 100_000_000) {
        sent += 65_536
        if (!socket.write(chunk)) return void socket.once('drain', write)
      }
    }
    write()
    await closed
    expect(answer).toMatch(/^HTTP\/1\.1 413 /u)
    expect(answer).toContain('"code":"too_large"')
    expect(sent).toBeLessThan(20_000_000)
  })
})

describe('an address', () => {
  test.each([
    ['/api/nothing', 404, 'not_found'],
    ['/api/users/%00', 400, 'invalid_request'],
    ['/api/audit?actor=%00', 400, 'invalid_request'],
    ['/api/%zz', 400, 'invalid_request'],
    [`/api/brands/${'x'.repeat(300)}/members`, 414, 'too_long'],
    ['/api/brands/no-uuid/members', 400, 'invalid_request'],
    ['/apiary', 404, 'not_found'],
  ])('%s is answered %i', async (url, status, code) => {
    const answer = await app.inject({ url, headers: people.administrator.headers })
    expect([answer.statusCode, problemOf(answer).code]).toEqual([status, code])
  })

  test.each([
    ['GARBAGE\r\n\r\n', 400, 'invalid_request'],
    [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'too_large'],
  ])('that is not even HTTP is answered like everything else', async (text, status, code) => {
    const server = await buildApp(house.deps)
    const { port } = new URL(await server.listen({ port: 0, host: '127.0.0.1' }))
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(text)
    let answer = ''
    for await (const chunk of socket) answer += chunk
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `, 'u'))
    expect(Problem.parse(JSON.parse(answer.split('\r\n\r\n')[1]!))).toMatchObject({ status, code })
    await server.close()
  })

  test('a NUL inside a body text is refused, not an error of ours', async () => {
    const answer = await app.inject({
      method: 'PUT',
      url: `/api/brands/${house.brandId}/members`,
      headers: people.administrator.headers,
      payload: { userIds: ['\u0000'] },
    })
    expect([answer.statusCode, problemOf(answer).code]).toEqual([400, 'invalid_request'])
  })
})

describe('a mistake of ours', () => {
  test('is answered with an id, logged with the stack, and tells nothing else', async () => {
    const other = await buildApp(house.deps)
    other.get('/broken', async () => {
      throw Object.assign(new Error('token 123456:SECRET'), { statusCode: 418 })
    })
    other.get('/thrown', async () => {
      throw 'token 123456:SECRET'
    })
    other.get('/data', async () => {
      await house.deps.sql`select ${'a customer’s words'}::int`
    })
    other.get('/shape', { schema: { response: { 200: z.object({ id: z.string() }) } } }, async () => ({
      id: 7 as never,
    }))
    for (const url of ['/broken', '/thrown', '/data', '/shape']) {
      const answer = await other.inject({ url })
      const problem = problemOf(answer)
      expect([url, answer.statusCode, problem.code]).toEqual([url, 500, 'internal'])
      expect(answer.body).not.toMatch(/SECRET|customer|select|at /u)
      expect(house.logged.some((line) => line.includes(problem.requestId) && line.includes('the request failed'))).toBe(
        true,
      )
    }
    expect(house.logged.join('')).not.toContain('customer’s words')
    await other.close()
  })

  test('a refusal carries its code and figures', async () => {
    const other = await buildApp(house.deps)
    other.get('/refused', async () => {
      throw new Refused(409, 'seen_conflict', 'Somebody wrote.', { version: 7 })
    })
    const problem = problemOf(await other.inject({ url: '/refused' }))
    expect(problem).toMatchObject({
      status: 409,
      code: 'seen_conflict',
      title: 'Somebody wrote.',
      details: { version: 7 },
    })
    await other.close()
  })
})

describe('another site', () => {
  const change: InjectOptions = { method: 'POST', url: '/api/brands', payload: { name: 'Acme' } }
  const send = (headers: Record<string, string | undefined>) =>
    app.inject({
      ...change,
      headers: Object.fromEntries(
        Object.entries({ ...people.administrator.headers, ...headers }).filter(([, value]) => value !== undefined),
      ),
    })

  test.each([
    ['another origin', { origin: 'https://evil.test' }],
    ['the same name on another port', { origin: `${origin}:8080` }],
    ['an opaque origin', { origin: 'null' }],
    ['a cookie without an origin', { origin: undefined }],
    ['a cross-site fetch', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling host', { 'sec-fetch-site': 'same-site' }],
    ['a typed address', { 'sec-fetch-site': 'none' }],
  ])('%s is refused', async (_name, headers) => {
    const answer = await send(headers)
    expect([answer.statusCode, problemOf(answer).code]).toEqual([403, 'foreign_origin'])
  })

  test.each([
    ['its own origin', {}],
    ['a same-origin fetch', { 'sec-fetch-site': 'same-origin', origin: undefined }],
  ])('%s is taken', async (_name, headers) => {
    expect((await send(headers)).statusCode).toBe(201)
  })

  test('cannot hide behind an address that is written oddly', async () => {
    const headers = { ...people.administrator.headers, origin: 'https://evil.test' }
    const answer = await app.inject({ ...change, url: '/%61pi/brands', headers })
    expect([answer.statusCode, problemOf(answer).code]).toEqual([403, 'foreign_origin'])
    expect((await app.inject({ url: '/%61pi/users' })).statusCode).toBe(401)
  })

  test('cannot sign somebody in either', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/auth/sign-in/email',
      headers: { origin: 'https://evil.test', host },
      payload: { email: people.agent.email, password: 'x' },
    })
    expect(problemOf(answer).code).toBe('foreign_origin')
  })

  test('programs need no origin: no browser sends their key by itself', async () => {
    const answer = await app.inject({ ...change, headers: await house.program('administrator') })
    expect(answer.statusCode).toBe(201)
  })
})

describe('headers', () => {
  const security = (answer: LightMyRequestResponse) =>
    Object.fromEntries(
      Object.entries(answer.headers).filter(
        ([name]) => !['date', 'connection', 'content-length', 'x-request-id', 'etag', 'last-modified'].includes(name),
      ),
    )

  test('of an API answer', async () => {
    const answer = await app.inject({ url: '/api/me', headers: people.agent.headers })
    expect(security(answer)).toMatchInlineSnapshot(`
      {
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
        "content-type": "application/json; charset=utf-8",
        "cross-origin-resource-policy": "same-origin",
        "origin-agent-cluster": "?1",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-dns-prefetch-control": "off",
        "x-download-options": "noopen",
        "x-frame-options": "DENY",
        "x-permitted-cross-domain-policies": "none",
        "x-xss-protection": "0",
      }
    `)
  })

  test('of the desk’s page, with a nonce of its own each time', async () => {
    Object.assign(desk, { state: 'ready', root: deskRoot })
    const [first, second] = [await page('/'), await page('/tickets/7')]
    const nonces = [first, second].map((answer) => /nonce="([^"]+)"/u.exec(answer.body)?.[1])
    expect(new Set(nonces).size).toBe(2)
    const policy = String(first.headers['content-security-policy'])
    expect(policy).toContain(`'nonce-${nonces[0]}'`)
    expect(
      security({ ...first, headers: { ...first.headers, 'content-security-policy': policy.replace(nonces[0]!, '…') } }),
    ).toMatchInlineSnapshot(`
      {
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-…'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "content-type": "text/html; charset=utf-8",
        "cross-origin-resource-policy": "same-origin",
        "origin-agent-cluster": "?1",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-dns-prefetch-control": "off",
        "x-download-options": "noopen",
        "x-frame-options": "DENY",
        "x-permitted-cross-domain-policies": "none",
        "x-xss-protection": "0",
      }
    `)
  })

  test('with https: strict transport and a host-bound cookie', async () => {
    const secure = await openTestApp({}, { HUIXIN_URL: 'https://care.example' })
    const answer = await secure.app.inject({ url: '/api/setup' })
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000')
    await secure.close()
  })
})

const page = (url: string, accept = 'text/html,*/*') => app.inject({ url, headers: { accept } })

describe('the desk', () => {
  test('while it is being built says so in both languages and comes again by itself', async () => {
    Object.assign(desk, { state: 'building', root: null })
    const answer = await page('/')
    expect([answer.statusCode, answer.headers.refresh]).toEqual([503, '2'])
    expect(answer.body).toMatch(/自动刷新.*being built/su)
    expect((await page('/assets/main-4f2a.js')).statusCode).toBe(404)
  })

  test('that could not be built says so and does not come again', async () => {
    Object.assign(desk, { state: 'failed', root: null })
    const answer = await page('/')
    expect([answer.statusCode, answer.headers.refresh]).toEqual([503, undefined])
  })

  test('answers any page address, hashed files for a year, and nothing else of the folder', async () => {
    Object.assign(desk, { state: 'ready', root: deskRoot })
    for (const url of ['/', '/tickets/1?q=%E9%80%80', '/settings/accounts'])
      expect((await page(url)).statusCode).toBe(200)
    expect((await page('/')).headers['cache-control']).toBe('no-store')
    const script = await page('/assets/main-4f2a.js', '*/*')
    expect([script.statusCode, script.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable'])
    expect(script.headers['content-type']).toMatch(/javascript/u)
    expect((await page('/theme.js', '*/*')).headers['cache-control']).toBe('public, max-age=3600')
    for (const url of ['/secret.json', '/assets/../secret.json', '/assets/%2e%2e/secret.json', '/assets/none.js']) {
      expect([url, (await page(url, '*/*')).statusCode]).toEqual([url, 404])
    }
  })

  test('is not given to programs or for API addresses', async () => {
    Object.assign(desk, { state: 'ready', root: deskRoot })
    expect(problemOf(await page('/tickets/1', 'application/json')).code).toBe('not_found')
    expect(problemOf(await page('/api/nothing')).code).toBe('not_found')
    expect(problemOf(await page('/webhooks/nobody/there')).code).toBe('not_found')
    expect(problemOf(await app.inject({ method: 'POST', url: '/', headers: { accept: 'text/html' } })).code).toBe(
      'not_found',
    )
  })
})

describe('health and figures', () => {
  test('live and ready', async () => {
    for (const url of ['/health/live', '/health/ready'])
      expect((await app.inject({ url })).json()).toEqual({ status: 'ok' })
  })

  test('a database that was never migrated, or not to the end, is not ready', async () => {
    const fresh = await openTestApp()
    await fresh.deps.sql`update drizzle.__drizzle_migrations set created_at = 1`
    const behind = await fresh.app.inject({ url: '/health/ready' })
    expect([problemOf(behind).code, behind.json().details]).toEqual(['not_ready', { reason: 'migrations' }])
    await fresh.deps.sql`drop schema drizzle cascade`
    expect((await fresh.app.inject({ url: '/health/ready' })).json().details).toEqual({ reason: 'migrations' })
    expect((await fresh.app.inject({ url: '/health/live' })).statusCode).toBe(200)
    await fresh.close()
  })

  test('a database that does not answer within two seconds is not ready', async () => {
    const slow = await openTestApp()
    // The probe's table, held by somebody else.
    const held = slow.deps.sql.begin(async (tx) => {
      await tx`lock table drizzle.__drizzle_migrations in access exclusive mode`
      const started = performance.now()
      const [one, two] = await Promise.all([
        slow.app.inject({ url: '/health/ready' }),
        slow.app.inject({ url: '/health/ready' }),
      ])
      expect([one.statusCode, two.statusCode]).toEqual([503, 503])
      expect(one.json().details).toEqual({ reason: 'database' })
      expect(performance.now() - started).toBeLessThan(4000 * patience)
    })
    await held
    expect((await slow.app.inject({ url: '/health/ready' })).statusCode).toBe(200)
    await slow.close()
  })

  test('metrics need a supervisor’s key, and name routes by pattern', async () => {
    counter('huixin_test_total', 'A figure of another part.').inc(3)
    await app.inject({
      url: '/api/brands/01900000-0000-7000-8000-000000000000/members',
      headers: people.supervisor.headers,
    })
    expect((await app.inject({ url: '/metrics' })).statusCode).toBe(401)
    expect((await app.inject({ url: '/metrics', headers: people.agent.headers })).statusCode).toBe(403)
    const answer = await app.inject({ url: '/metrics', headers: await house.program('supervisor') })
    expect(answer.headers['content-type']).toMatch(/^text\/plain/u)
    expect(answer.body).toMatch(/^huixin_test_total [1-9]/mu)
    expect(answer.body).toContain('route="/api/brands/:id/members",status="4xx"')
    expect(answer.body).not.toContain('01900000-0000')
  })

  test('metrics on their own port need none', async () => {
    const server = await startMetricsServer({ port: 0, host: '127.0.0.1' })
    const answer = await fetch(`http://127.0.0.1:${server.port}/metrics`)
    expect([answer.status, (await answer.text()).includes('process_cpu')]).toEqual([200, true])
    expect((await fetch(`http://127.0.0.1:${server.port}/api/me`)).status).toBe(404)
    await server.close()
  })
})

describe('limits', () => {
  test('an address that asks too much is told when to come back; platforms and health are not counted', async () => {
    const small = await openTestApp({ limits: { requests: 3 } })
    const ask = (url: string, remoteAddress = '192.0.2.1') => small.app.inject({ url, remoteAddress })
    for (let n = 0; n < 3; n++) expect((await ask('/api/setup')).statusCode).toBe(200)
    const refused = await ask('/api/setup')
    expect(problemOf(refused).code).toBe('rate_limited')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect((await ask('/somewhere')).statusCode).toBe(429)
    for (let n = 0; n < 5; n++) {
      expect((await ask('/webhooks/x')).statusCode).toBe(404)
      expect((await ask('/health/live')).statusCode).toBe(200)
    }
    expect((await ask('/api/setup', '192.0.2.2')).statusCode).toBe(200)
    await small.close()
  })

  test('one IPv6 network counts as one address', async () => {
    const small = await openTestApp({ limits: { requests: 1 } })
    const ask = (remoteAddress: string) => small.app.inject({ url: '/api/setup', remoteAddress })
    expect((await ask('2001:db8:1:2::1')).statusCode).toBe(200)
    expect((await ask('2001:db8:1:2:ffff::9')).statusCode).toBe(429)
    expect((await ask('2001:db8:1:3::1')).statusCode).toBe(200)
    await small.close()
  })

  test.each([
    ['not believed from anybody', {}, 429],
    ['believed from a trusted proxy', { HUIXIN_TRUSTED_PROXIES: '127.0.0.0/8' }, 200],
  ])('X-Forwarded-For is %s', async (_name, environment: Record<string, string>, status) => {
    const small = await openTestApp({ limits: { requests: 1 } }, environment)
    const ask = (address: string) => small.app.inject({ url: '/api/setup', headers: { 'x-forwarded-for': address } })
    expect((await ask('192.0.2.1')).statusCode).toBe(200)
    expect((await ask('192.0.2.2')).statusCode).toBe(status)
    await small.close()
  })
})

test('a database that went away is 503 for programs, people and whoever signs in', async () => {
  const gone = await openTestApp()
  const program = await gone.program('administrator')
  const person = await gone.person('agent')
  await gone.deps.sql.end({ timeout: 0 })
  for (const headers of [program, person.headers]) {
    const answer = await gone.app.inject({ url: '/api/brands', headers })
    expect(problemOf(answer).code).toBe('database_unavailable')
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
  }
  const signIn = await gone.app.inject({
    method: 'POST',
    url: '/api/auth/sign-in/email',
    headers: { origin, host },
    payload: { email: person.email, password: 'whatever it is' },
  })
  expect(problemOf(signIn).code).toBe('database_unavailable')
  expect((await gone.app.inject({ url: '/health/ready' })).statusCode).toBe(503)
  await gone.close()
})

test('two that waited for each other: one is done, the other is told to try again', async () => {
  const [first, second] = [await house.addBrand('First'), await house.addBrand('Second')]
  const app = Fastify()
  answerProblems(app)
  let met = 0
  app.get('/up', () => lockBoth(first, second))
  app.get('/down', () => lockBoth(second, first))
  async function lockBoth(a: string, b: string) {
    await house.deps.sql.begin(async (tx) => {
      await tx`select from brands where id = ${a} for update`
      met += 1
      await until(() => met === 2)
      await tx`select from brands where id = ${b} for update`
    })
    return {}
  }
  const answers = await Promise.all(['/up', '/down'].map((url) => app.inject({ url })))
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 503])
  const refused = answers.find(({ statusCode }) => statusCode === 503)!
  expect(problemOf(refused).code).toBe('try_again')
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  await app.close()
})

test('nothing that was logged in all of this is a secret', () => {
  const log = house.logged.join('')
  expect(log.length).toBeGreaterThan(1000)
  expect(log).not.toMatch(/hx_|session_token|correct horse|Bearer/u)
})
