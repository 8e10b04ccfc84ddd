import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/helpers/database.ts'
import { quickly } from '../../test/helpers/quickly.ts'
import { until } from '../../test/helpers/until.ts'
import { ReadError } from '../channel/errors.ts'
import { followUp } from './due.ts'
import { claimDue, finish, renewLeases } from './due-rows.ts'
import { createDueRunner, type DueHandler, type DueRunner, type DueRunnerOptions, pauseAfter } from './run-due.ts'

let database: TestDatabase
let clock = new Date('2026-11-22T08:00:00Z')
const logged: string[] = []
const log = {
  info: () => {},
  warn: (_: unknown, message?: string) => void logged.push(message ?? ''),
  error: (_: unknown, message?: string) => void logged.push(message ?? ''),
}
const runners: DueRunner[] = []
const children: ChildProcess[] = []

beforeAll(async () => {
  database = await createTestDatabase({ max: 12 })
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.sql`delete from due_work`
  clock = new Date('2026-11-22T08:00:00Z')
})
afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.stop(0)))
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

function startRunner(handlers: DueRunnerOptions['handlers'], options: Partial<DueRunnerOptions> = {}): DueRunner {
  const runner = createDueRunner({ db: database.db, handlers, now: () => clock, log, pollMs: 15, ...options })
  runners.push(runner)
  runner.start()
  return runner
}

const ask = (subject: string, options: { kind?: string; dueAt?: Date; payload?: unknown } = {}) =>
  database.db.transaction((tx) => followUp(tx, [{ kind: 'job', subject, dueAt: clock, ...options }]))
const rows = () => database.db.query.dueWork.findMany({ orderBy: (t, { asc }) => asc(t.subject) })
const isEmpty = async () => (await rows()).length === 0
const claim = (limit = 10) => claimDue(database.db, { kinds: ['job'], limit, leaseMs: 30_000, now: clock })

describe('claiming', () => {
  test('many claims at once never give one row to two', async () => {
    for (let n = 0; n < 60; n += 1) await ask(`s${n}`)
    const claims = await Promise.all(Array.from({ length: 12 }, () => claim(5)))
    const subjects = claims.flat().map((row) => row.subject)
    expect(new Set(subjects).size).toBe(subjects.length)
    for (const one of claims) expect(one.length).toBeLessThanOrEqual(5)
    while ((await claim(5)).length > 0);
    expect((await rows()).every((row) => row.claims === 1)).toBe(true)
  })

  test('the most overdue comes first; what is not due, parked or held by somebody does not come', async () => {
    await ask('later', { dueAt: new Date(clock.getTime() + 1) })
    await ask('second')
    await ask('first', { dueAt: new Date(clock.getTime() - 1_000) })
    expect((await claim(1)).map((row) => row.subject)).toEqual(['first'])
    expect((await claim()).map((row) => row.subject)).toEqual(['second'])
    expect(await claim()).toEqual([])
    clock = new Date(clock.getTime() + 1)
    expect((await claim()).map((row) => row.subject)).toEqual(['later'])
  })

  test('a row that somebody is changing is stepped over, not waited for', async () => {
    await ask('held', { dueAt: new Date(clock.getTime() - 1_000) })
    await ask('free')
    await database.db.transaction(async (tx) => {
      await followUp(tx, [{ kind: 'job', subject: 'held', dueAt: clock }])
      expect((await claim(1)).map((row) => row.subject)).toEqual(['free'])
    })
    expect((await claim(1)).map((row) => row.subject)).toEqual(['held'])
  })

  test('an expired lease is claimed by another, and the first one can change nothing any more', async () => {
    await ask('a')
    const [slow] = await claim()
    await database.sql`update due_work set lease_until = now() - interval '1 s'`
    const [fast] = await claim()
    expect(fast?.claims).toBe(2)
    await finish(database.db, slow!)
    expect(await rows()).toMatchObject([{ claims: 2, leaseUntil: expect.any(Date) }])
    expect([...(await renewLeases(database.db, [slow!, fast!], 30_000))]).toEqual([fast])
    await finish(database.db, fast!)
    expect(await rows()).toEqual([])
  })

  test('a kind nobody here knows is left for a node that does', async () => {
    await ask('a', { kind: 'of_a_newer_version' })
    await ask('b')
    startRunner({ job: async () => {} })
    await until(async () => (await rows()).length === 1)
    expect(await rows()).toMatchObject([{ kind: 'of_a_newer_version', claims: 0 }])
  })
})

describe('running', () => {
  test('work is done once and its row goes', async () => {
    const seen: string[] = []
    startRunner({ job: async (item) => void seen.push(item.subject) })
    for (let n = 0; n < 30; n += 1) await ask(`s${n}`)
    await until(isEmpty)
    expect(seen.length).toBe(30)
    expect(new Set(seen).size).toBe(30)
  })

  test('a call of wake does not wait for the poll', async () => {
    const seen: string[] = []
    const runner = startRunner({ job: async (item) => void seen.push(item.subject) }, { pollMs: 3_600_000 })
    await ask('a')
    runner.wake()
    await until(() => seen.length === 1)
  })

  test('work asked for again while it runs runs again', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const payloads: unknown[] = []
    startRunner({
      async job(item) {
        payloads.push(item.payload)
        await gates[payloads.length - 1]!.promise
      },
    })
    await ask('a', { payload: 1 })
    await until(() => payloads.length === 1)
    await ask('a', { payload: 2 })
    gates[0]!.resolve()
    await until(() => payloads.length === 2)
    expect(payloads).toEqual([1, 2])
    gates[1]!.resolve()
    await until(isEmpty)
  })

  test('work asked for again in a transaction that commits after the run ended runs again', async () => {
    const gate = Promise.withResolvers<void>()
    let runs = 0
    startRunner({
      async job() {
        runs += 1
        if (runs === 1) await gate.promise
      },
    })
    await ask('a')
    await until(() => runs === 1)
    await database.db.transaction(async (tx) => {
      await followUp(tx, [{ kind: 'job', subject: 'a', dueAt: clock }])
      gate.resolve()
      // The run's end waits for our row lock: committing only then is the order that could lose the second ask.
      await until(async () => {
        const [row] = await database.sql`select count(*)::int as n from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like '%due_work%'`
        return row!.n > 0
      })
    })
    await until(() => runs === 2)
    await until(isEmpty)
  })

  test('work is never run twice at once for one subject, however often it is asked for', async () => {
    let [at, most, runs] = [0, 0, 0]
    const job: DueHandler = async () => {
      at += 1
      runs += 1
      most = Math.max(most, at)
      await database.sql`select pg_sleep(0.01)`
      at -= 1
    }
    startRunner({ job })
    startRunner({ job })
    for (let n = 0; n < 40; n += 1) await ask('a')
    await until(isEmpty)
    expect(most).toBe(1)
    expect(runs).toBeGreaterThan(1)
  })

  test('a handler that says when to run again is run then, and not before', async () => {
    let runs = 0
    const later = new Date(clock.getTime() + 3_600_000)
    startRunner({
      async job() {
        runs += 1
        return runs === 1 ? { again: later } : undefined
      },
    })
    await ask('a')
    await until(async () => (await rows())[0]?.dueAt.getTime() === later.getTime())
    expect(await rows()).toMatchObject([{ attempts: 0, leaseUntil: null }])
    clock = later
    await until(isEmpty)
    expect(runs).toBe(2)
  })

  test('a time asked for while it ran is kept when the handler wants a later one', async () => {
    const gate = Promise.withResolvers<void>()
    const at = (ms: number) => new Date(clock.getTime() + ms)
    let runs = 0
    startRunner({
      async job() {
        runs += 1
        await gate.promise
        return { again: at(60_000) }
      },
    })
    await ask('a')
    await until(() => runs === 1)
    await ask('a', { dueAt: at(5_000) })
    gate.resolve()
    await until(async () => (await rows())[0]?.leaseUntil === null)
    expect((await rows())[0]?.dueAt).toEqual(at(5_000))
  })

  test('a kind with slots of its own does not hold up the others, and keeps to its number', async () => {
    const gate = Promise.withResolvers<void>()
    let [slow, quick] = [0, 0]
    startRunner(
      {
        slow: {
          atOnce: 2,
          async run() {
            slow += 1
            await gate.promise
          },
        },
        quick: async () => {
          quick += 1
        },
      },
      { concurrency: 1 },
    )
    for (let n = 0; n < 5; n += 1) await ask(`${n}`, { kind: 'slow' })
    await until(() => slow === 2)
    for (let n = 0; n < 5; n += 1) await ask(`${n}`, { kind: 'quick' })
    await until(() => quick === 5)
    expect(slow).toBe(2)
    gate.resolve()
    await until(isEmpty)
    expect(slow).toBe(5)
  })

  test('recurring work has a row from the start, and two nodes make one', async () => {
    let runs = 0
    const tidy: DueHandler = async () => {
      runs += 1
      return { again: new Date(clock.getTime() + 60_000) }
    }
    startRunner({ tidy }, { recurring: ['tidy'] })
    startRunner({ tidy }, { recurring: ['tidy'] })
    await until(async () => (await rows())[0]?.dueAt.getTime() === clock.getTime() + 60_000)
    startRunner({ tidy }, { recurring: ['tidy'] })
    expect(await rows()).toMatchObject([{ kind: 'tidy', subject: 'all' }])
    expect(runs).toBe(1)
  })
})

describe('failing', () => {
  test('a run that throws is tried again after 2ⁿ seconds, and parked after the eighth', async () => {
    const attempts: [number, boolean][] = []
    startRunner({
      async poison(_, run) {
        attempts.push([run.attempt, run.isLast])
        throw new ReadError('later', { text: { en: 'x', zh: 'x' } })
      },
      job: async () => {},
    })
    await ask('a', { kind: 'poison' })
    for (let n = 1; n < 8; n += 1) {
      const row = await until(async () => {
        const [found] = await rows()
        return found?.attempts === n && found.leaseUntil === null && found
      })
      expect(row.dueAt.getTime() - clock.getTime()).toBe(2 ** n * 1000)
      clock = row.dueAt
    }
    const parked = await until(async () => (await rows()).find((row) => row.parkedAt))
    expect(parked).toMatchObject({ attempts: 8, reason: 'read: later', leaseUntil: null })
    expect(attempts.map(([attempt]) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(attempts.filter(([, isLast]) => isLast)).toEqual([[8, true]])
    clock = new Date(clock.getTime() + 86_400_000)
    await ask('b')
    await until(async () => (await rows()).length === 1)
    expect(attempts.length, 'parked work stays parked').toBe(8)
  })

  test('the pause grows to an hour and no further', () => {
    expect([1, 2, 11, 12, 60].map(pauseAfter)).toEqual([2_000, 4_000, 2_048_000, 3_600_000, 3_600_000])
  })

  test('what is stored of an error names no secret', async () => {
    startRunner({
      async job() {
        throw Object.assign(new Error('GET https://api/bot123:SECRET/getFile'), {
          name: 'SECRET https://x',
          code: 'a b',
        })
      },
    })
    await ask('a')
    const row = await until(async () => (await rows()).find((found) => found.reason))
    expect(row.reason).toBe('error: Error')
  })

  test('parked work that is asked for again runs again', async () => {
    await ask('a')
    await database.sql`update due_work set parked_at = now(), attempts = 8, reason = 'x'`
    let runs = 0
    startRunner({
      job: async () => {
        runs += 1
      },
    })
    await ask('a')
    await until(isEmpty)
    expect(runs).toBe(1)
  })

  test('work that killed its process eight times is parked without another run', async () => {
    await ask('a')
    await database.sql`update due_work set attempts = 8, claims = 8, lease_until = now() - interval '1 s'`
    let runs = 0
    startRunner({
      job: async () => {
        runs += 1
      },
    })
    const parked = await until(async () => (await rows()).find((row) => row.parkedAt))
    expect(parked.reason).toBe('error: RunsLost')
    expect(runs).toBe(0)
  })

  test('a run that takes too long is aborted and has failed, even when it heeds no signal', async () => {
    startRunner({ job: () => new Promise(() => {}) }, { timeoutMs: 20 })
    await ask('a')
    const row = await until(async () => (await rows()).find((found) => found.reason))
    expect(row).toMatchObject({ reason: 'error: TimedOut', attempts: 1, leaseUntil: null })
  })

  test('a lease that was lost aborts the run', async () => {
    const reasons: unknown[] = []
    startRunner(
      {
        job: (_, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              reasons.push(signal.reason)
              reject(signal.reason)
            })
          }),
      },
      { leaseMs: 90 },
    )
    await ask('a')
    await until(async () => (await rows())[0]?.claims === 1)
    await database.sql`update due_work set claims = claims + 1, lease_until = now() + interval '1 h'`
    await until(() => reasons.length === 1)
    expect(String(reasons[0])).toContain('LeaseLost')
    await until(async () => (await rows())[0]?.claims === 2)
    expect(await rows(), 'the loser changed nothing').toMatchObject([{ attempts: 1, reason: null }])
  })

  test('a database that goes away stops nothing for ever', async () => {
    let runs = 0
    startRunner({
      job: async () => {
        runs += 1
      },
    })
    await ask('a')
    await until(() => runs === 1)
    await database.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`
    await until(() => ask('b').then(() => true))
    await until(() => runs === 2)
  })
})

describe('stopping', () => {
  test('what runs is finished and nothing new is begun', async () => {
    const gate = Promise.withResolvers<void>()
    const seen: string[] = []
    const runner = startRunner({
      async job(item) {
        seen.push(item.subject)
        await gate.promise
      },
    })
    await ask('a')
    await until(() => seen.length === 1)
    const stopped = runner.stop(5_000)
    await ask('b')
    gate.resolve()
    await stopped
    expect(seen).toEqual(['a'])
    expect(await rows()).toMatchObject([{ subject: 'b', claims: 0 }])
  })

  test('what does not end in time is aborted and given back uncounted, to be run elsewhere at once', async () => {
    const runner = startRunner({
      job: (_, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    })
    await ask('a')
    await until(async () => (await rows())[0]?.claims === 1)
    await runner.stop(0)
    expect(await rows()).toMatchObject([{ attempts: 0, leaseUntil: null, parkedAt: null }])
    let runs = 0
    startRunner({
      job: async () => {
        runs += 1
      },
    })
    await until(isEmpty)
    expect(runs).toBe(1)
  })
})

describe('two processes', () => {
  function startProcess(name: string, hang: boolean, leaseMs: number) {
    const child = spawn(process.execPath, [
      ...quickly,
      fileURLToPath(new URL('../../test/helpers/due-process.ts', import.meta.url)),
      JSON.stringify({ target: database.target, name, hang, leaseMs }),
    ])
    children.push(child)
    const lines: string[] = []
    createInterface(child.stdout!).on('line', (line) => lines.push(line))
    return { child, lines }
  }

  test('work whose process was killed is done once by another when its lease is over', async () => {
    clock = new Date()
    await ask('a')
    const killed = startProcess('killed', true, 700)
    await until(() => killed.lines.length === 1, { timeoutMs: 10_000 })
    killed.child.kill('SIGKILL')
    const runs: number[] = []
    startRunner({ job: async (_, run) => void runs.push(run.attempt) })
    await until(isEmpty)
    expect(runs).toEqual([2])
  })

  test('a process frozen past its lease leaves the work to another, and writes nothing when it wakes', async () => {
    clock = new Date()
    await ask('a')
    const frozen = startProcess('frozen', true, 400)
    await until(() => frozen.lines.length === 1, { timeoutMs: 10_000 })
    frozen.child.kill('SIGSTOP')
    const gate = Promise.withResolvers<void>()
    let runs = 0
    startRunner({
      async job() {
        runs += 1
        await gate.promise
      },
    })
    await until(() => runs === 1)
    const during = await rows()
    frozen.child.kill('SIGCONT')
    // Awake again: it renews what it thinks it holds, finds it lost, and takes other work.
    await ask('b')
    await until(() => runs === 2 || frozen.lines.includes('b'))
    expect((await rows()).find((row) => row.subject === 'a')).toMatchObject({
      claims: during[0]!.claims,
      attempts: during[0]!.attempts,
      reason: null,
    })
    gate.resolve()
    await until(async () => !(await rows()).some((row) => row.subject === 'a'))
    expect(frozen.lines.filter((line) => line === 'a')).toHaveLength(1)
  })
})
