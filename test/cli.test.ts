import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { parseExpiry } from '../src/cli/key.ts'
import { openDatabase } from '../src/db/client.ts'
import { newId } from '../src/db/id.ts'
import { isAlive } from './helpers/alive.ts'
import { createTestDatabase, type TestDatabase } from './helpers/database.ts'
import { startNode } from './helpers/embedded-node.ts'
import { patience } from './helpers/patience.ts'
import { until } from './helpers/until.ts'
import { urlOf } from './helpers/url.ts'

const bin = join(import.meta.dirname, '..', 'bin', 'huixin.js')
const secret = 'a secret for tests that is long enough'

// Every command is a process; a busy machine takes seconds for one.
vi.setConfig({ testTimeout: 60_000 })

let database: TestDatabase
let folder: string
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huixin-cli-'))
  await chmod(folder, 0o711)
})
afterEach(async () => {
  await rm(folder, { recursive: true })
  await database.truncate()
})

interface Result {
  readonly code: number | null
  readonly out: string
  readonly err: string
  /** Of standard output. */
  readonly lastLine: string
}

interface Run {
  readonly env?: Record<string, string>
  readonly input?: string
  readonly node?: string
  readonly program?: string
}

async function huixin(args: readonly string[], run: Run = {}): Promise<Result> {
  const shared = { DATABASE_URL: urlOf(database.target), HUIXIN_SECRET: secret, HUIXIN_DATA: join(folder, 'data') }
  const child = spawn(run.node ?? process.execPath, [run.program ?? bin, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...(run.env ?? shared) },
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  child.stdin.end(run.input ?? '')
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err, lastLine: out.trimEnd().split('\n').at(-1) ?? '' }
}

const all = async (table: string) => database.sql`select * from ${database.sql(table)}`

describe('user add', () => {
  test('makes a one-time password and prints it alone on the last line', async () => {
    const result = await huixin(['user', 'add', '--email', 'Li.Na@example.com', '--role', 'supervisor'])
    expect(result).toMatchObject({ code: 0, err: '' })
    expect(result.lastLine).toMatch(/^[0-9A-Z-]{10,}$/u)
    const [user] = await all('auth_user')
    expect(user).toMatchObject({ email: 'li.na@example.com', role: 'supervisor', name: 'Li.Na' })
    expect(JSON.stringify(await all('auth_account'))).not.toContain(result.lastLine)
  })

  test('takes a password from standard input and does not repeat it', async () => {
    const args = ['user', 'add', '--email', 'a@example.com', '--role', 'agent', '--name', '李娜', '--password-stdin']
    const result = await huixin(args, { input: '  correct horse battery staple\n' })
    expect(result).toMatchObject({ code: 0, err: '' })
    expect(result.out).not.toContain('correct horse')
    expect(await all('auth_user')).toMatchObject([{ name: '李娜', role: 'agent' }])
    expect((await huixin(args, { input: '' })).err).toMatch(/No password came/u)
  })

  test('refuses in a sentence: an address that is taken or none, a role or a brand that is not there', async () => {
    const add = (...more: string[]) => huixin(['user', 'add', '--email', 'a@example.com', '--role', 'agent', ...more])
    expect((await add()).code).toBe(0)
    const refused = [
      [add(), /^Somebody with this e-mail address exists\.\n$/u],
      [add('--email', 'nobody'), /^--email: /u],
      [add('--role', 'boss'), /Allowed choices are administrator, supervisor, agent/u],
      [add('--email', 'b@example.com', '--brand', 'Nowhere'), /^There is no brand "Nowhere"\.\n$/u],
    ] as const
    for (const [running, text] of refused) {
      const result = await running
      expect(result.err).toMatch(text)
      expect(result).toMatchObject({ code: 1, out: '' })
    }
    expect(await all('auth_user')).toHaveLength(1)
  })
})

describe('key add', () => {
  test('prints the key alone on the last line and stores only its hash', async () => {
    const { code, lastLine } = await huixin(['key', 'add', '--name', 'archive', '--role', 'agent', '--expires', '30d'])
    expect(code).toBe(0)
    expect(lastLine).toMatch(/^hx_[0-9a-f-]{36}_[\w-]{43}$/u)
    const [key] = await all('api_keys')
    expect(lastLine).toContain(`hx_${key!.id}_`)
    expect(key).toMatchObject({ name: 'archive', role: 'agent', brand_ids: null })
    expect(JSON.stringify(key)).not.toContain(lastLine.slice(-43))
    const days = (new Date(key!.expires_at).getTime() - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(29.9)
    expect(days).toBeLessThan(30.1)
  })

  test('is limited to brands given by name or id', async () => {
    const [one, two] = [newId(), newId()]
    await database.sql`insert into brands (id, name) values (${one}, '晨光'), (${two}, 'Dawn')`
    const args = ['key', 'add', '--name', 'x', '--role', 'agent', '--brand', '晨光', two]
    expect((await huixin(args)).code).toBe(0)
    const [key] = await all('api_keys')
    expect(key!.brand_ids.toSorted()).toEqual([one, two].sort())
  })

  test('an expiry is a date, a time with its zone or a span, and lies ahead', () => {
    const now = new Date('2026-11-22T12:00:00Z')
    expect(parseExpiry('12h', now)).toEqual(new Date('2026-11-23T00:00:00Z'))
    expect(parseExpiry('90d', now)).toEqual(new Date('2027-02-20T12:00:00Z'))
    expect(parseExpiry('2027-01-31', now)).toEqual(new Date('2027-01-31T23:59:59.999Z'))
    expect(parseExpiry('2027-01-31T08:00:00+08:00', now)).toEqual(new Date('2027-01-31T00:00:00Z'))
    for (const text of ['', 'tomorrow', '2027-02-31', '2027-1-1', '2027-01-31T08:00:00', '-5d', '0d', '2020-01-01']) {
      expect(() => parseExpiry(text, now), text).toThrow(/--expires/u)
    }
  })
})

describe('account add', () => {
  test('prints the id alone on the last line and seals the settings', async () => {
    const file = join(folder, 'token')
    await writeFile(file, '123456:a-token-from-a-file\n')
    const args = [
      'account',
      'add',
      'telegram',
      '--set',
      'mode=polling',
      '--set-file',
      `token=${file}`,
      '--name',
      '客服',
    ]
    const result = await huixin(args)
    expect(result).toMatchObject({ code: 0, err: '' })
    const [account] = await all('accounts')
    expect(account).toMatchObject({ id: result.lastLine, channel: 'telegram', name: '客服' })
    expect(account!.settings_sealed.includes('a-token-from-a-file')).toBe(false)
    expect(result.out).not.toContain('a-token')
  })

  // Three commands, each a process.
  test('takes what becomes of posts, and changes it later; what is left out stays', { timeout: 180_000 }, async () => {
    const { lastLine: id } = await huixin(['account', 'add', 'csv', '--set', 'platform=小红书', '--intake', 'watch'])
    expect(await all('accounts')).toMatchObject([{ intake: 'watch' }])
    const changed = await huixin(['account', 'change', id, '--intake', 'tickets', '--name', '评论'])
    expect(changed).toMatchObject({ code: 0, err: '' })
    expect(await all('accounts')).toMatchObject([{ intake: 'tickets', name: '评论', settings_version: 2 }])
    const refused = await huixin(['account', 'change', id, '--set', 'timeZone=Nowhere'])
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('timeZone')
  })

  test('refuses in a sentence, and never repeats a value', async () => {
    const add = (...more: string[]) => huixin(['account', 'add', ...more])
    const refused = [
      [add('pigeon', '--set', 'token=hunter2'), /^There is no channel "pigeon"\. There are: .*telegram/u],
      [add('telegram', '--set', 'hunter2'), /^--set takes name=value\.\n$/u],
      [add('telegram', '--set', 'token=hunter2', '--set', 'token=hunter2'), /^--set token is given twice\.\n$/u],
      [add('telegram', '--set', 'token=1:hunter2', '--set', 'mode=hunter2'), /mode/u],
      [add('telegram', '--set-file', 'token=/nowhere/at/all'), /ENOENT/u],
    ] as const
    for (const [running, text] of refused) {
      const result = await running
      expect(result.err).toMatch(text)
      expect(result.code).toBe(1)
      expect(result.out + result.err).not.toContain('hunter2')
    }
    expect(await all('accounts')).toHaveLength(0)
  })
})

describe('with one account', () => {
  let account: string
  beforeEach(async () => {
    account = (await huixin(['account', 'add', 'telegram', '--set', 'token=1:abc', '--set', 'mode=polling'])).lastLine
    await database.sql`update accounts set health = '{"state":"ok"}'`
  })

  test('unknown list names what may not have arrived, and no one’s words', async () => {
    expect((await huixin(['unknown', 'list'])).out).toBe('None.\n')
    const { delivery } = await unknownDelivery(account)
    const { code, out } = await huixin(['unknown', 'list'])
    expect(code).toBe(0)
    expect(out).toContain(delivery)
    expect(out).toContain('no_answer')
    expect(out).not.toContain('word')
  })

  test('replay reads again what could not be read, and ends with 1 while something cannot', async () => {
    expect(await huixin(['replay'])).toMatchObject({ code: 0, out: '0 read, 0 still unreadable.\n' })
    await database.sql`insert into inbound_unread (id, account_id, kind, sealed, reason)
      values (${newId()}, ${account}, 'raw', ${Buffer.from('not sealed by us')}, 'test')`
    expect(await huixin(['replay'])).toMatchObject({ code: 1, out: '0 read, 1 still unreadable.\n' })
    expect((await huixin(['replay', '--account', newId()])).err).toMatch(/^There is no account/u)
  })

  test.each([
    [
      'unread',
      () => database.sql`insert into inbound_unread (id, account_id, kind, sealed, reason)
      select ${newId()}, id, 'raw', ''::bytea, 'test' from accounts`,
    ],
    [
      'parked work',
      () => database.sql`insert into due_work (id, kind, subject, parked_at) values (${newId()}, 'media', 'x', now())`,
    ],
    ['account', () => database.sql`update accounts set health = '{"state":"refused"}'`],
    ['shared folder', () => database.sql`insert into installation values ('shared_folder', '.shared-elsewhere')`],
  ])('doctor ends with 1 when something is wrong: %s', async (what, spoil) => {
    await spoil()
    const { code, out } = await huixin(['doctor'])
    expect(code).toBe(1)
    // The tests' own PostgreSQL is not durable, which is another finding.
    const wrong = out.split('\n').filter((line) => line.startsWith('✗') && !line.startsWith('✗ durability'))
    expect(wrong).toEqual([expect.stringContaining(`✗ ${what}`)])
  })
})

test('doctor finds nothing wrong with an empty folder, whose database it makes', async () => {
  const { code, out, err } = await huixin(['doctor'], { env: { HUIXIN_DATA: join(folder, 'own') } })
  expect(out).not.toContain('✗')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  for (const what of [
    'node',
    'data folder',
    'database',
    'durability',
    'migrations',
    'secret',
    'unread',
    'parked work',
  ]) {
    expect(out).toMatch(new RegExp(`^✓ ${what} `, 'mu'))
  }
})

test('doctor calls a database that loses commits in a power cut wrong', async () => {
  const name = new URL(urlOf(database.target)).pathname.slice(1)
  await database.sql`alter database ${database.sql(name)} set synchronous_commit = off`
  const { code, out } = await huixin(['doctor'])
  expect(code).toBe(1)
  expect(out).toMatch(/^✗ durability .*synchronous_commit off/mu)
  await database.sql`alter database ${database.sql(name)} reset synchronous_commit`
})

test('configuration errors are listed all at once, on standard error', async () => {
  const { code, out, err } = await huixin(['migrate'], { env: { PORT: 'x', LOG_LEVEL: 'y', HUIXIN_URL: 'z' } })
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/PORT: [\s\S]*HUIXIN_URL: [\s\S]*LOG_LEVEL: /u)
})

test('an error is one sentence; its stack comes with LOG_LEVEL=debug', async () => {
  const env = { DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/x', HUIXIN_SECRET: secret, HUIXIN_DATA: folder }
  const plain = await huixin(['migrate'], { env })
  expect(plain).toMatchObject({ code: 1, out: '' })
  expect(plain.err.trimEnd().split('\n')).toHaveLength(1)
  const debug = await huixin(['migrate'], { env: { ...env, LOG_LEVEL: 'debug' } })
  expect(debug.err).toContain('"stack"')
  expect(plain.err + debug.err).not.toContain('hunter2')
})

test('commands work in an empty folder and beside a running server, which keeps its database', {
  timeout: 60_000 * patience,
}, async () => {
  const env = { HUIXIN_DATA: join(folder, 'own') }
  expect((await huixin(['migrate'], { env })).out).toMatch(/at this version \((\d+) of \1 migrations\)/u)
  const first = await huixin(['key', 'add', '--name', 'first', '--role', 'agent'], { env })
  expect(first).toMatchObject({ code: 0, err: '' })
  const server = startNode(env.HUIXIN_DATA)
  try {
    const { target } = await server.ready
    const { sql, close } = openDatabase(target, { max: 1 })
    expect((await huixin(['key', 'add', '--name', 'second', '--role', 'agent'], { env })).code).toBe(0)
    expect(await sql`select name from api_keys order by created_at`).toEqual([{ name: 'first' }, { name: 'second' }])
    await close()
  } finally {
    await server.leave()
  }
})

const older = findOlderNode()
describe.skipIf(older === null)('on a machine whose own Node is too old', () => {
  const node = older!

  test('the Node among the packages runs the command', async () => {
    expect(await huixin(['--version'], { node })).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/^\d/u),
    })
    expect(await huixin(['frobnicate'], { node })).toMatchObject({ code: 1 })
    const input = 'correct horse battery staple'
    const args = ['user', 'add', '--email', 'a@example.com', '--role', 'agent', '--password-stdin']
    expect(await huixin(args, { node, input })).toMatchObject({ code: 0 })
  })

  test('without it one sentence says what to install', async () => {
    const program = join(folder, 'bin', 'huixin.js')
    await mkdir(join(folder, 'bin'))
    await cp(bin, program)
    await writeFile(join(folder, 'package.json'), '{"type":"module"}')
    const { code, out, err } = await huixin(['start'], { node, program })
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/^Huixin needs Node 24 or newer; this is Node \d+\.\d+\.\d+\. Run "npm ci" .*\n$/u)
  })

  test.each([
    ['exits', 'process.exit(7)', { code: 7, signal: null }],
    ['is ended by a signal', 'process.kill(process.pid, "SIGKILL")', { code: null, signal: 'SIGKILL' }],
  ])('it ends as the command does when that %s', async (_how, body, expected) => {
    const child = await launched(node, body)
    const [code, signal] = await once(child, 'exit')
    expect({ code, signal }).toEqual(expected)
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('%s to the whole group reaches the command once', async (name) => {
    const child = await launched(
      node,
      `let count = 0
       process.on('${name}', () => { if (++count === 1) setTimeout(() => process.exit(100 + count), 300) })
       console.log('ready')`,
    )
    await once(child.stdout!, 'data')
    process.kill(-child.pid!, name)
    expect((await once(child, 'exit'))[0]).toBe(101)
  })

  test('a launcher that is killed takes the command with it', async () => {
    const child = await launched(node, `console.log(process.pid); setInterval(() => {}, 1000)`)
    const [line] = (await once(child.stdout!, 'data')) as [Buffer]
    const pid = Number(line.toString())
    expect(isAlive(pid)).toBe(true)
    child.kill('SIGKILL')
    await until(() => !isAlive(pid))
  })

  /** The real launcher with a command line of one statement. */
  async function launched(program: string, body: string) {
    await mkdir(join(folder, 'bin'), { recursive: true })
    await mkdir(join(folder, 'src'), { recursive: true })
    await mkdir(join(folder, 'node_modules', '.bin'), { recursive: true })
    await cp(join(bin, '..'), join(folder, 'bin'), { recursive: true })
    await writeFile(join(folder, 'package.json'), '{"type":"module"}')
    await writeFile(join(folder, 'src', 'cli.ts'), `${body}\nexport type {}\nsetInterval(() => {}, 1000)`)
    await writeFile(join(folder, 'node_modules', '.bin', 'node'), `#!/bin/sh\nexec ${process.execPath} "$@"\n`, {
      mode: 0o755,
    })
    return spawn(program, [join(folder, 'bin', 'huixin.js')], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
  }
})

function findOlderNode(): string | null {
  for (const path of (process.env.PATH ?? '').split(delimiter)) {
    const { stdout } = spawnSync(join(path, 'node'), ['-p', 'process.versions.node'], { encoding: 'utf8' })
    const major = Number.parseInt(stdout ?? '', 10)
    if (major >= 18 && major < 24) return join(path, 'node')
  }
  return null
}

async function unknownDelivery(account: string): Promise<{ delivery: string }> {
  const ids = {
    contact: newId(),
    identity: newId(),
    thread: newId(),
    ticket: newId(),
    message: newId(),
    delivery: newId(),
  }
  const { sql } = database
  const [brand] = await sql`select brand_id as id from accounts where id = ${account}`
  await sql`insert into contacts (id, brand_id, name) values (${ids.contact}, ${brand!.id}, 'a word')`
  await sql`insert into identities (id, account_id, external_id, contact_id, name)
    values (${ids.identity}, ${account}, '1', ${ids.contact}, 'a word')`
  await sql`insert into threads (id, account_id, external_id, surface, identity_id)
    values (${ids.thread}, ${account}, '1', 'direct', ${ids.identity})`
  await sql`insert into tickets (id, brand_id, account_id, contact_id, surface, last_message_at)
    values (${ids.ticket}, ${brand!.id}, ${account}, ${ids.contact}, 'direct', now())`
  await sql`insert into messages (id, ticket_id, thread_id, account_id, direction, surface, author_name, text, sent_at,
      received_at, ordered_at, ticket_version)
    values (${ids.message}, ${ids.ticket}, ${ids.thread}, ${account}, 'outbound', 'direct', 'a word', 'a word', now(), now(), now(), 1)`
  await sql`insert into deliveries (id, message_id, ticket_id, thread_id, account_id, part, text, state, expires_at, reason_code)
    values (${ids.delivery}, ${ids.message}, ${ids.ticket}, ${ids.thread}, ${account}, 0, 'a word', 'unknown', now(), 'no_answer')`
  return ids
}
