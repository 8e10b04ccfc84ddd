import { spawn, spawnSync } from 'node:child_process'
import { chownSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { chmod, cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/db/client.ts'
import { findInstalled, prepareBinaries } from '../src/db/embedded/binaries.ts'
import { cannotRun } from '../src/db/embedded/cannot-run.ts'
import { type EmbeddedTarget, startEmbedded } from '../src/db/embedded.ts'
import { dataFolder } from '../src/db/open.ts'
import { isAlive } from './helpers/alive.ts'
import { type EmbeddedNode, startNode } from './helpers/embedded-node.ts'
import { patience } from './helpers/patience.ts'
import { until } from './helpers/until.ts'

// Processes and whole clusters, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const isRoot = process.getuid?.() === 0
const NOBODY = 65_534

let folder: string
let data: string
const nodes: EmbeddedNode[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'huixin-embedded-'))
  await chmod(folder, 0o711)
  data = join(folder, 'data')
})
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.kill()
  // Whatever a test left running goes the regular way.
  if (existsSync(join(data, 'postgres', 'postmaster.pid'))) await (await startEmbedded({ data })).close()
  await rm(folder, { recursive: true, force: true })
})

function node(...args: Parameters<typeof startNode>): EmbeddedNode {
  const started = startNode(...args)
  nodes.push(started)
  return started
}

let model: string
beforeAll(async () => {
  model = await mkdtemp(join(tmpdir(), 'huixin-model-'))
  await chmod(model, 0o711)
  await (await startEmbedded({ data: join(model, 'data') })).close()
})
afterAll(() => rm(model, { recursive: true, force: true }))

/** The folder as a first start leaves it, in a tenth of the time. */
function seed(): void {
  expect(spawnSync('cp', ['-a', join(model, 'data'), data]).status).toBe(0)
}

const pidFile = () => join(data, 'postgres', 'postmaster.pid')
const postmaster = () => Number.parseInt(readFileSync(pidFile(), 'utf8'), 10)

async function ask<T>(target: EmbeddedTarget, query: string): Promise<T[]> {
  const { sql, close } = openDatabase(target, { max: 1 })
  try {
    return await sql.unsafe<T[] & object[]>(query)
  } finally {
    await close()
  }
}

async function keep(target: EmbeddedTarget, value: string): Promise<void> {
  await ask(target, `create table if not exists kept (value text); insert into kept values ('${value}')`)
}
const kept = async (target: EmbeddedTarget) =>
  (await ask<{ value: string }>(target, 'select value from kept order by 1')).map((row) => row.value)

test('PostgreSQL runs as in production: durable, UTF-8, reachable through a private socket only', async () => {
  const embedded = await startEmbedded({ data })
  const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'autovacuum', 'listen_addresses', 'shared_buffers']
  const rows = await ask<{ name: string; value: string }>(
    embedded.target,
    `select name, current_setting(name) as value from pg_settings where name in (${names.map((name) => `'${name}'`)})
     union all select 'encoding', getdatabaseencoding()
     union all select 'locale', datlocprovider::text || ' ' || datlocale from pg_database where datname = current_database()`,
  )
  expect(Object.fromEntries(rows.map(({ name, value }) => [name, value]))).toEqual({
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    autovacuum: 'on',
    listen_addresses: '',
    shared_buffers: '128MB',
    encoding: 'UTF8',
    locale: 'b C.UTF-8',
  })
  expect(statSync(join(data, 'postgres')).mode & 0o777).toBe(0o700)
  expect(statSync(embedded.target.path!).mode & 0o777).toBe(0o700)
  await embedded.close()
})

test('what was written is there after a restart, and PostgreSQL stops with its last user', async () => {
  seed()
  const first = node(data)
  const { target } = await first.ready
  await keep(target, 'one')
  const pid = postmaster()
  await first.leave()
  expect(isAlive(pid)).toBe(false)
  expect(existsSync(pidFile())).toBe(false)
  const second = node(data)
  expect(await kept((await second.ready).target)).toEqual(['one'])
})

test('a second user of the folder uses the same PostgreSQL and keeps it when the first one leaves', async () => {
  seed()
  const first = node(data)
  await keep((await first.ready).target, 'first')
  const second = node(data)
  const { target } = await second.ready
  const pid = postmaster()
  await first.leave()
  expect(isAlive(pid)).toBe(true)
  await keep(target, 'second')
  expect(await kept(target)).toEqual(['first', 'second'])
  await second.leave()
  expect(isAlive(pid)).toBe(false)
})

test('two users within one process count as two', async () => {
  seed()
  const first = await startEmbedded({ data })
  const second = await startEmbedded({ data })
  const pid = postmaster()
  await first.close()
  expect(isAlive(pid)).toBe(true)
  await second.close()
  expect(isAlive(pid)).toBe(false)
})

test('four that start at the same instant on an empty folder make one cluster and one PostgreSQL', async () => {
  const four = [node(data), node(data), node(data), node(data)]
  const targets = await Promise.all(four.map((each) => each.ready))
  const identifiers = await Promise.all(
    targets.map(({ target }) =>
      ask<{ id: string }>(target, 'select system_identifier::text as id from pg_control_system()'),
    ),
  )
  expect(new Set(identifiers.map(([row]) => row!.id)).size).toBe(1)
  const pid = postmaster()
  await Promise.all(four.slice(1).map((each) => each.leave()))
  expect(isAlive(pid)).toBe(true)
  await four[0]!.leave()
  expect(isAlive(pid)).toBe(false)
  expect(readdirSync(data).filter((name) => name.startsWith('postgres.new'))).toEqual([])
})

test('a PostgreSQL left behind by a killed server is taken over, and stopped by who leaves last', async () => {
  seed()
  const first = node(data)
  await keep((await first.ready).target, 'before')
  const pid = postmaster()
  await first.kill()
  expect(isAlive(pid)).toBe(true)
  const second = node(data)
  const { target } = await second.ready
  expect(postmaster()).toBe(pid)
  expect(await kept(target)).toEqual(['before'])
  await second.leave()
  expect(isAlive(pid)).toBe(false)
})

test('after a power cut the cluster recovers', async () => {
  seed()
  const first = node(data)
  await keep((await first.ready).target, 'committed')
  const pid = postmaster()
  await first.kill()
  process.kill(pid, 'SIGKILL')
  await until(() => !isAlive(pid))
  expect(existsSync(pidFile())).toBe(true)
  const second = node(data)
  expect(await kept((await second.ready).target)).toEqual(['committed'])
  expect(postmaster()).not.toBe(pid)
})

test('a pid file whose number now belongs to another process of the same user does not stop the start', async () => {
  seed()
  const first = node(data)
  await keep((await first.ready).target, 'kept')
  const pid = postmaster()
  await first.kill()
  process.kill(pid, 'SIGKILL')
  await until(() => !isAlive(pid))
  const stranger = spawn('sleep', ['60'], isRoot ? { uid: NOBODY, gid: NOBODY } : {})
  try {
    for (const file of [pidFile(), join(data, 'postgres', '.s.PGSQL.5432.lock')]) {
      writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/u, String(stranger.pid)))
    }
    const second = node(data)
    expect(await kept((await second.ready).target)).toEqual(['kept'])
    await second.leave()
    expect(stranger.exitCode).toBeNull()
    expect(isAlive(stranger.pid!)).toBe(true)
  } finally {
    stranger.kill()
  }
})

test('a first start that is killed half-way is made anew', async () => {
  const first = node(data)
  await until(() => readdirSync(data).some((name) => name.startsWith('postgres.new-')), { everyMs: 1 })
  await first.kill()
  expect(existsSync(join(data, 'postgres'))).toBe(false)
  const second = node(data)
  await keep((await second.ready).target, 'works')
  expect(readdirSync(data).filter((name) => name.startsWith('postgres.new'))).toEqual([])
})

test('a start that is killed while PostgreSQL comes up leaves nothing the next one stumbles over', async () => {
  seed()
  for (const afterMs of [0, 5, 15, 30]) {
    const one = node(data)
    await until(() => existsSync(pidFile()), { everyMs: 1 })
    const at = performance.now() + afterMs
    await until(() => performance.now() >= at, { everyMs: 1 })
    await one.kill()
    const next = node(data)
    await next.ready
    await next.leave()
    expect(existsSync(pidFile())).toBe(false)
  }
})

test('Ctrl-C reaches the server, not PostgreSQL', async () => {
  seed()
  const one = node(data)
  const { target } = await one.ready
  const pid = postmaster()
  process.kill(-one.child.pid!, 'SIGINT')
  await keep(target, 'still here')
  expect(isAlive(pid)).toBe(true)
  expect(one.child.exitCode).toBeNull()
})

test('a PostgreSQL that dies under its user is started again, and open pools find it', async () => {
  seed()
  const one = node(data)
  const other = node(data)
  const { target } = await one.ready
  await other.ready
  const { sql, close } = openDatabase(target, { max: 2 })
  await sql`create table counted (n int)`
  const pid = postmaster()
  process.kill(pid, 'SIGKILL')
  await until(
    () => existsSync(pidFile()) && postmaster() !== pid && sql`insert into counted values (1)`.then(() => true),
    {
      timeoutMs: 10_000,
    },
  )
  await close()
  // Said by the one that started it; the other finds it running.
  await until(() => [...one.notes, ...other.notes].some((note) => note.includes('starting it again')))
  await one.leave()
  await other.leave()
  expect(existsSync(pidFile())).toBe(false)
})

test('while it cannot be started again that is said once, and it runs as soon as it can', async () => {
  seed()
  const one = node(data)
  const { target } = await one.ready
  const file = join(data, 'postgres', 'postgresql.conf')
  const right = readFileSync(file, 'utf8')
  writeFileSync(file, `${right}\nshared_buffers = 'a lot'\n`)
  process.kill(postmaster(), 'SIGINT')
  await until(() => one.notes.some((note) => note.includes('cannot run')), { timeoutMs: 10_000 })
  writeFileSync(file, right)
  await until(() => ask(target, 'select 1'), { timeoutMs: 10_000 })
  expect(one.notes.filter((note) => note.includes('cannot run'))).toHaveLength(1)
  await one.leave()
  expect(existsSync(pidFile())).toBe(false)
})

test('a data folder with a path far too long for a socket works', async () => {
  data = join(folder, 'x'.repeat(100), '数据'.repeat(20), 'data')
  const one = node(data, { env: { TMPDIR: folder } })
  const { target } = await one.ready
  expect(Buffer.byteLength(target.path!)).toBeLessThanOrEqual(103)
  await keep(target, 'far')
  await one.leave()
  const again = node(data, { env: { TMPDIR: folder } })
  expect(await kept((await again.ready).target)).toEqual(['far'])
  await again.leave()
})

test('a folder that holds something else, or the cluster of another version, is left alone with a sentence', async () => {
  await mkdir(join(data, 'postgres'), { recursive: true })
  await chmod(data, 0o711)
  writeFileSync(join(data, 'postgres', 'notes.txt'), 'mine')
  await expect(startEmbedded({ data })).rejects.toThrow(/something else.*DATABASE_URL/u)
  rmSync(join(data, 'postgres', 'notes.txt'))
  writeFileSync(join(data, 'postgres', 'PG_VERSION'), '17\n')
  await expect(startEmbedded({ data })).rejects.toThrow(/PostgreSQL 17/u)
  rmSync(join(data, 'postgres'), { recursive: true })
})

test('a wrong setting in postgresql.conf is named in the error, at once', async () => {
  seed()
  const file = join(data, 'postgres', 'postgresql.conf')
  writeFileSync(file, `${readFileSync(file, 'utf8')}\nshared_buffers = 'a lot'\n`)
  const began = performance.now()
  await expect(startEmbedded({ data })).rejects.toThrow(/configuration file.*postgresql\.conf.*DATABASE_URL/u)
  expect(performance.now() - began).toBeLessThan(3_000 * patience)
})

test('a full disk is called a full disk', () => {
  const error = cannotRun(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }))
  expect(error.message).toBe(
    "Huixin's own PostgreSQL cannot run: the disk is full. To use another one, set DATABASE_URL and HUIXIN_SECRET.",
  )
})

describe('the programs', () => {
  const version = (program: string, as: object = {}) => spawnSync(program, ['-V'], { encoding: 'utf8', env: {}, ...as })

  test('a package installed without its scripts gets the links between its libraries', async () => {
    const native = join(folder, 'package', 'native')
    await cp(findInstalled().native, native, { recursive: true, verbatimSymlinks: true })
    for (const { target } of JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
      target: string
    }[]) {
      rmSync(join(native, '..', target))
    }
    expect(version(join(native, 'bin', 'postgres')).status).not.toBe(0)
    const { postgres } = await prepareBinaries(folder, null, { native, version: '18.test' })
    expect(postgres.startsWith(native)).toBe(true)
    expect(version(postgres).stdout).toContain('PostgreSQL) 18')
  })

  test.skipIf(!isRoot)('programs the user cannot reach are copied once into the data folder', async () => {
    const hidden = await mkdtemp(join(tmpdir(), 'huixin-hidden-')) // mode 700
    try {
      const native = join(hidden, 'native')
      cpSync(findInstalled().native, native, { recursive: true, verbatimSymlinks: true })
      const user = { uid: NOBODY, gid: NOBODY }
      const { postgres, copy } = await prepareBinaries(folder, user, { native, version: '18.test' })
      expect(copy).toBe(join(folder, 'postgresql-18.test'))
      expect(version(postgres, user).stdout).toContain('PostgreSQL) 18')
      const before = statSync(postgres).ino
      await prepareBinaries(folder, user, { native, version: '18.test' })
      expect(statSync(postgres).ino).toBe(before)
    } finally {
      await rm(hidden, { recursive: true })
    }
  })
})

describe.skipIf(!isRoot)('as root', () => {
  test('PostgreSQL runs as nobody, and the key folder stays ours', async () => {
    const one = node(data)
    await one.ready
    const status = readFileSync(`/proc/${postmaster()}/status`, 'utf8')
    expect(status).toMatch(new RegExp(`^Uid:\\s+${NOBODY}\\s+${NOBODY}`, 'mu'))
    expect(status).toMatch(new RegExp(`^Gid:\\s+${NOBODY}\\s+${NOBODY}`, 'mu'))
    expect(status).toMatch(/^Groups:\s*$/mu)
    expect(statSync(data)).toMatchObject({ uid: 0 })
    expect(statSync(data).mode & 0o777).toBe(0o711)
  })

  test('a folder the user cannot enter is named, with what to do', async () => {
    await chmod(folder, 0o700)
    await expect(startEmbedded({ data })).rejects.toThrow(
      new RegExp(
        `refuses to run as root.*uid ${NOBODY}.*cannot enter ${folder}:.*chmod o\\+x.*HUIXIN_DATA.*DATABASE_URL`,
        'u',
      ),
    )
    expect(existsSync(data)).toBe(false)
  })

  test('the default data folder moves when it cannot be entered, and a line says so; a chosen one does not', async () => {
    const notes: string[] = []
    expect(dataFolder(readConfig({}, folder), (note) => notes.push(note))).toBe(join(folder, 'data'))
    expect(notes).toEqual([])
    await chmod(folder, 0o700)
    expect(dataFolder(readConfig({}, folder), (note) => notes.push(note))).toBe('/var/lib/huixin')
    expect(notes).toHaveLength(1)
    expect(notes[0]).toContain(folder)
    expect(dataFolder(readConfig({ HUIXIN_DATA: data }, folder), () => {})).toBe(data)
  })

  test('an ordinary user needs none of that, and root beside it leaves the folder usable', async () => {
    const as = { uid: NOBODY, gid: NOBODY }
    chownSync(folder, as.uid, as.gid)
    const first = node(data, as)
    await keep((await first.ready).target, 'mine')
    expect(statSync(data).mode & 0o777).toBe(0o700)
    const root = node(data)
    expect(await kept((await root.ready).target)).toEqual(['mine'])
    await first.leave()
    await root.leave()
    const alone = node(data)
    await alone.ready
    await alone.leave()
    const again = node(data, as)
    expect(await kept((await again.ready).target)).toEqual(['mine'])
    await again.leave()
  })
})

test('a later start takes a third of a second', async () => {
  seed()
  const took: number[] = []
  for (let round = 0; round < 3; round++) {
    const began = performance.now()
    const embedded = await startEmbedded({ data })
    took.push(performance.now() - began)
    await embedded.close()
  }
  // The best of three, with room for a busy machine; measured 60 ms.
  expect(Math.min(...took)).toBeLessThan(1_000 * patience)
})
