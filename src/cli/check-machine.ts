import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rm, stat, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Sql } from '../db/client.ts'
import type { Finding } from './doctor.ts'

export function checkNode(): Finding {
  const { node } = process.versions
  const good = Number.parseInt(node, 10) >= 24
  return { state: good ? 'ok' : 'wrong', what: 'node', text: good ? node : `${node}: 24 or newer is needed` }
}

/** Platforms call it: it has to be reachable from outside, by https. */
export function checkPublicAddress({ url }: Config): Finding {
  const what = 'public address'
  if (url === null)
    return { state: 'note', what, text: 'HUIXIN_URL is not set: channels are polled, webhooks cannot be' }
  if (url.startsWith('http:')) return { state: 'note', what, text: `${url}: most platforms call https addresses only` }
  return { state: 'ok', what, text: url }
}

/** Whether one runs here is no fault either way. */
export async function checkServer({ host, port }: Config): Promise<Finding> {
  const at = `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`
  try {
    const answer = await fetch(`${at}/health/ready`, { signal: AbortSignal.timeout(3_000) })
    await answer.body?.cancel()
    if (answer.ok) return { state: 'ok', what: 'server', text: `ready at ${at}` }
    return { state: 'wrong', what: 'server', text: `${at} answers ${answer.status} to /health/ready` }
  } catch {
    return { state: 'note', what: 'server', text: `none answers at ${at}` }
  }
}

const MEBIBYTE = 1024 * 1024

export async function checkDataFolder(config: Config, data: string): Promise<Finding[]> {
  const what = 'data folder'
  try {
    const probe = join(data, `.doctor-${process.pid}`)
    await writeFile(probe, '')
    await rm(probe)
  } catch (error) {
    return [{ state: 'wrong', what, text: `${data} cannot be written to (${(error as NodeJS.ErrnoException).code})` }]
  }
  const { bavail, bsize } = await statfs(data)
  const free = Math.floor((bavail * bsize) / MEBIBYTE)
  const state = free < 200 ? 'wrong' : free < 2_000 ? 'note' : 'ok'
  const findings: Finding[] = [{ state, what, text: `${data}, ${free} MB free` }]
  const file = join(data, 'secret')
  if (config.secret === null && existsSync(file)) {
    const mode = (await stat(file)).mode & 0o777
    const text = `${file}, mode ${mode.toString(8)}: keep a copy of it apart from the database's`
    findings.push({ state: (mode & 0o077) === 0 ? 'ok' : 'wrong', what: 'key file', text })
  }
  return findings
}

/**
 * Nodes of one database must share the data folder, or each has only the media it fetched itself. The first node leaves a
 * file and its name in the database; a node that does not see the file has another folder.
 */
export async function checkShared(sql: Sql, data: string): Promise<Finding> {
  const what = 'shared folder'
  const mine = `.shared-${randomBytes(8).toString('hex')}`
  await sql`insert into installation (key, value) values ('shared_folder', ${mine}) on conflict do nothing`
  const [row] = await sql<{ value: string }[]>`select value from installation where key = 'shared_folder'`
  const file = join(data, row!.value)
  if (row!.value === mine) await writeFile(file, '')
  if (existsSync(file)) return { state: 'ok', what, text: 'the folder the other nodes use, if there are any' }
  const text = `${data} is not the folder another node uses: media would be missing. Share it (HUIXIN_DATA) between all nodes`
  return { state: 'wrong', what, text }
}
