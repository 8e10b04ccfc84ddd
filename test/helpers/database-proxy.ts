import { mkdtemp, rm } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Target } from './target.ts'

/** A PostgreSQL that can be away, or silent, for those who come to it by `target`; others do not notice. */
export interface DatabaseProxy {
  readonly target: Target
  /** Every connection is cut, and none is taken. */
  refuse(): Promise<void>
  /** Connections stay and are taken, and nothing passes: a network that drops packets. */
  silence(): void
  heal(): Promise<void>
  /** Connections made so far. */
  readonly made: number
  close(): Promise<void>
}

export async function openDatabaseProxy(target: Target): Promise<DatabaseProxy> {
  if (typeof target === 'string' || !target.path) throw new Error('the proxy stands before a Unix socket')
  const { path: behind } = target
  const folder = await mkdtemp(join(tmpdir(), 'huixin-proxy-'))
  const path = join(folder, '.s.PGSQL.5432')
  const pairs = new Set<readonly [net.Socket, net.Socket]>()
  let silent = false
  let made = 0

  const server = net.createServer((near) => {
    made += 1
    const far = net.connect(behind)
    const pair = [near, far] as const
    pairs.add(pair)
    const end = () => {
      near.destroy()
      far.destroy()
      pairs.delete(pair)
    }
    for (const socket of pair) socket.on('error', end).on('close', end)
    near.pipe(far)
    far.pipe(near)
    if (silent) for (const socket of pair) socket.pause()
  })
  const listen = () => new Promise<void>((resolve) => server.listen(path, resolve))
  await listen()

  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const [near, far] of [...pairs]) {
      near.destroy()
      far.destroy()
    }
    await closed
  }
  return {
    target: { ...target, path },
    refuse: stop,
    silence() {
      silent = true
      for (const pair of pairs) for (const socket of pair) socket.pause()
    },
    async heal() {
      silent = false
      for (const pair of pairs) for (const socket of pair) socket.resume()
      if (!server.listening) await listen()
    },
    get made() {
      return made
    },
    async close() {
      if (server.listening) await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
