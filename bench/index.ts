/**
 * `npm run bench`: webhook posts per second through the whole of Huixin's way in, beside the ceiling program, in the same
 * minute on the same machine and the same PostgreSQL. A minute and a half; loopback only.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../src/config.ts'
import { openHouse } from '../src/db/open.ts'
import type { LoadPlan, LoadResult } from './load.ts'
import { processorMs } from './processor.ts'

type Measured = Awaited<ReturnType<typeof measure>>

const root = join(import.meta.dirname, '..')
const connections = 64
const rounds = 3

const data = await mkdtemp(join(tmpdir(), 'huixin-bench-'))
await chmod(data, 0o755)
const port = 20_000 + Math.floor(Math.random() * 20_000)
const environment = { ...process.env, HUIXIN_DATA: data, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'error' }
const started: ChildProcess[] = []
const house = await openHouse(readConfig(environment))
try {
  const secret = randomBytes(24).toString('base64url')
  const server = spawn(process.execPath, ['bin/huixin.js', 'start'], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  started.push(server)
  const accountId = await addAccount(secret)
  const ceiling = fork(join(import.meta.dirname, 'ceiling.ts'))
  started.push(ceiling)
  ceiling.send({ target: house.target, secret })
  const [{ port: ceilingPort }] = (await once(ceiling, 'message')) as [{ port: number }]
  await ready(`http://127.0.0.1:${port}/health/ready`)

  const postmaster = Number.parseInt(readFileSync(join(house.data, 'postgres', 'postmaster.pid'), 'utf8'), 10)
  const results: { ceiling: Measured; huixin: Measured }[] = []
  // Round 0 is not counted: what a program costs while it is compiled is paid once, and a server runs for weeks.
  for (let run = 0; run <= rounds; run++) {
    const plan = { secret, connections, warmUpMs: 2_000, measureMs: 6_000, people: 5_000, run }
    results.push({
      ceiling: await measure([ceiling.pid, postmaster], {
        ...plan,
        origin: `http://127.0.0.1:${ceilingPort}`,
        path: '/posts',
      }),
      huixin: await measure([server.pid, postmaster], {
        ...plan,
        origin: `http://127.0.0.1:${port}`,
        path: `/webhooks/${accountId}`,
      }),
    })
  }
  const [stored] = await house.database.sql<{ n: number }[]>`select count(*)::int as n from messages`
  report(results.slice(1), stored?.n ?? 0)
} finally {
  for (const child of started) await end(child)
  await house.close()
  await rm(data, { recursive: true, force: true })
}

async function addAccount(secret: string): Promise<string> {
  const child = spawn(
    process.execPath,
    // The platform's address is one nobody listens on: only the way in is measured.
    [
      'bin/huixin.js',
      'account',
      'add',
      'telegram',
      '--set',
      'token=1:bench',
      'mode=webhook',
      `secret=${secret}`,
      'apiRoot=http://127.0.0.1:9',
    ],
    { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  const [code] = (await once(child, 'close')) as [number]
  const id = output.trim().split('\n').at(-1)
  if (code !== 0 || !id) throw new Error('the account could not be added')
  return id
}

async function ready(url: string): Promise<void> {
  const deadline = Date.now() + 30_000
  while (Date.now() < deadline) {
    const answer = await fetch(url).catch(() => null)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the server did not become ready')
}

/** With the processor time of the server and of PostgreSQL for each post, warm-up included. */
async function measure(pids: readonly (number | undefined)[], plan: LoadPlan) {
  const used = () => pids.map((pid) => (pid ? processorMs(pid) : null) ?? Number.NaN)
  const before = used()
  const result = await load(plan)
  const [nodeUs, postgresUs] = used().map((ms, index) => ((ms - (before[index] ?? 0)) * 1000) / result.answered)
  return { ...result, nodeUs, postgresUs }
}

async function load(plan: LoadPlan): Promise<LoadResult> {
  const child = fork(join(import.meta.dirname, 'load.ts'))
  started.push(child)
  child.send(plan)
  const [result] = (await once(child, 'message')) as [LoadResult]
  return result
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'close')
}

function report(results: { ceiling: Measured; huixin: Measured }[], stored: number): void {
  const line = (name: string, { perSecond, p50Ms, p99Ms, maxMs, refused, nodeUs, postgresUs }: Measured) =>
    `| ${[
      name,
      Math.round(perSecond),
      ...[p50Ms, p99Ms, maxMs].map((ms) => ms.toFixed(1)),
      refused,
      ...[nodeUs, postgresUs].map((us) => Math.round(us ?? Number.NaN)),
    ].join(' | ')} |`
  console.log(
    `\nWebhook posts, ${connections} connections, ${availableParallelism()} cores, generator and PostgreSQL on the same machine\n`,
  )
  console.log(
    '| | posts/s | p50 ms | p99 ms | max ms | refused | Node µs/post | PostgreSQL µs/post |\n|---|---:|---:|---:|---:|---:|---:|---:|',
  )
  for (const { ceiling, huixin } of results) {
    console.log(line('ceiling', ceiling))
    console.log(line('Huixin', huixin))
  }
  const ratios = results.map(({ ceiling, huixin }) => huixin.perSecond / ceiling.perSecond).sort((a, b) => a - b)
  const middle = ratios[Math.floor(ratios.length / 2)] ?? Number.NaN
  const speeds = results.map(({ huixin }) => huixin.perSecond).sort((a, b) => a - b)
  console.log(
    `\nratio to the ceiling ${middle.toFixed(2)} (mark 0.25); ${Math.round(speeds[Math.floor(speeds.length / 2)] ?? 0)} posts/s (mark 2,000); ${stored} messages stored`,
  )
}
