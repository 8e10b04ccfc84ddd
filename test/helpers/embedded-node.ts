import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { EmbeddedTarget } from '../../src/db/embedded.ts'
import { quickly } from './quickly.ts'

export interface EmbeddedNode {
  readonly child: ChildProcess
  /** Rejects with the process's error. */
  readonly ready: Promise<{ target: EmbeddedTarget; ms: number }>
  /** Notes it gave so far. */
  readonly notes: string[]
  /** Leaves in order. */
  leave(): Promise<void>
  /** SIGKILL. */
  kill(): Promise<void>
}

/** A process of its own that uses the PostgreSQL of a data folder, as a server does. */
export function startNode(
  data: string,
  as: { uid?: number; gid?: number; env?: NodeJS.ProcessEnv } = {},
): EmbeddedNode {
  const script = fileURLToPath(new URL('./embedded-node-child.ts', import.meta.url))
  const child = spawn(process.execPath, [...quickly, script, data], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true, // a process group of its own, for the tests of Ctrl-C
    ...as,
    env: { ...process.env, ...as.env },
  })
  const exited = once(child, 'exit')
  const notes: string[] = []
  const ready = new Promise<{ target: EmbeddedTarget; ms: number }>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const said = JSON.parse(line) as { target: EmbeddedTarget; ms: number; error?: string; note?: string }
      if (said.note) notes.push(said.note)
      else if (said.error) reject(new Error(said.error))
      else if (said.target) resolve(said)
    })
    child.once('exit', () => reject(new Error('it ended before it was ready')))
  })
  ready.catch(() => {}) // a test that kills it early does not ask
  return {
    child,
    ready,
    notes,
    async leave() {
      child.stdin.end()
      await exited
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
