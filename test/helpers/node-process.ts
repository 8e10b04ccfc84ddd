import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Point, Spans } from '../../src/serve.ts'
import { quickly } from './quickly.ts'
import type { Target } from './target.ts'
import { urlOf } from './url.ts'

/** Where a process ends or freezes itself: at the n-th time (default the first) it passes the point. */
export interface StopAt {
  readonly point: Point
  readonly occurrence?: number
  readonly by: 'SIGKILL' | 'SIGSTOP'
}

export interface NodeOptions {
  readonly target: Target
  /** The data folder, shared by all nodes. */
  readonly data: string
  readonly secret: string
  /** `HUIXIN_URL`: where platforms reach the house. */
  readonly url?: string
  readonly spans?: Spans
  /** Of every channel, in place of its own: a test waits for it. */
  readonly callTimeoutMs?: number
  readonly stopAt?: StopAt
}

/** What the process is told at its start; JSON. */
export interface NodePlan extends Pick<NodeOptions, 'spans' | 'callTimeoutMs' | 'stopAt'> {
  readonly environment: Record<string, string>
}
export type ToNode = { readonly start: NodePlan } | { readonly arm: StopAt | null }
export type FromNode = { readonly url: string } | { readonly reached: Point } | { readonly failed: string }

export interface NodeProcess {
  readonly child: ChildProcess
  readonly pid: number
  /** Its own address. */
  readonly url: string
  /** What it logged, one JSON document a line; a crash, too. */
  readonly lines: readonly string[]
  /** Null: goes on past every point. Counting begins anew. */
  arm(stop: StopAt | null): Promise<void>
  /** Resolves with the point at which it ended or froze itself. */
  reached(): Promise<Point>
  /** With code and signal, when it is over. */
  readonly over: Promise<{ readonly code: number | null; readonly signal: string | null }>
  isOver(): boolean
  kill(): Promise<void>
  freeze(): void
  wake(): void
  /** SIGTERM. */
  terminate(): Promise<{ readonly code: number | null; readonly signal: string | null; readonly ms: number }>
}

/** The server as it is, in a process of its own, which a test may end or freeze at any line that has a name. */
export async function startNode(options: NodeOptions): Promise<NodeProcess> {
  const child = fork(fileURLToPath(new URL('./node-process-child.ts', import.meta.url)), {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: quickly,
  })
  const lines: string[] = []
  const over = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
  const collect = (rest = '') => {
    return (chunk: Buffer) => {
      const parts = (rest + chunk.toString('utf8')).split('\n')
      rest = parts.pop() ?? ''
      lines.push(...parts)
    }
  }
  child.stdout!.on('data', collect())
  child.stderr!.on('data', collect())

  const at = Promise.withResolvers<Point>()
  const ready = Promise.withResolvers<string>()
  let reached = at
  child.on('message', (message: FromNode) => {
    if ('url' in message) ready.resolve(message.url)
    else if ('reached' in message) reached.resolve(message.reached)
    else ready.reject(new Error(message.failed))
  })
  void over.then(() => ready.reject(new Error(`the node ended before it was ready:\n${lines.join('\n')}`)))

  const { target, data, secret, url, spans, callTimeoutMs, stopAt } = options
  const tell = (message: ToNode) => {
    return new Promise<void>((resolve, reject) => child.send(message, (error) => (error ? reject(error) : resolve())))
  }
  await tell({
    start: {
      environment: {
        PORT: '0',
        LOG_LEVEL: 'info',
        DATABASE_URL: urlOf(target),
        HUIXIN_SECRET: secret,
        HUIXIN_DATA: data,
        ...(url === undefined ? {} : { HUIXIN_URL: url }),
      },
      ...(spans === undefined ? {} : { spans }),
      ...(callTimeoutMs === undefined ? {} : { callTimeoutMs }),
      ...(stopAt === undefined ? {} : { stopAt }),
    },
  })

  return {
    child,
    pid: child.pid!,
    url: await ready.promise,
    lines,
    async arm(stop) {
      reached = Promise.withResolvers()
      await tell({ arm: stop })
    },
    reached: () => reached.promise,
    over,
    isOver: () => child.exitCode !== null || child.signalCode !== null,
    async kill() {
      child.kill('SIGKILL')
      await over
    },
    freeze: () => void process.kill(child.pid!, 'SIGSTOP'),
    wake: () => void process.kill(child.pid!, 'SIGCONT'),
    async terminate() {
      const begun = performance.now()
      child.kill('SIGTERM')
      const { code, signal } = await over
      return { code, signal, ms: performance.now() - begun }
    },
  }
}
