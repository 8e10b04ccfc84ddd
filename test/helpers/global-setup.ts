/** Once per `vitest run`: a PostgreSQL (TEST_DATABASE_URL, else our own) and a migrated database to copy for each test file. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../src/db/client.ts'
import { migrate } from '../../src/db/migrate.ts'
import { targetOf } from '../../src/db/target.ts'
import { inDatabase, type Target } from './target.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    database: { readonly server: Target; readonly template: string }
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer()
  // Several runs may share TEST_DATABASE_URL.
  const template = `huixin_template_${randomBytes(6).toString('hex')}`
  const admin = openDatabase(server.target, { max: 1 })
  await admin.sql`create database ${admin.sql(template)}`
  await migrate(inDatabase(server.target, template))
  project.provide('database', { server: server.target, template })
  return async () => {
    await admin.sql`drop database if exists ${admin.sql(template)} with (force)`
    await admin.close()
    await server.stop()
  }
}

async function startServer(): Promise<{ target: Target; stop(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL
  if (given) return { target: targetOf(given), stop: async () => {} }
  const child = spawn(process.execPath, [fileURLToPath(new URL('./cluster.ts', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true, // Ctrl-C is for vitest; this one sees its input end
  })
  const exited = once(child, 'exit')
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([first]) => first as string),
    exited.then(() => null),
  ])
  if (line === null) throw new Error('the PostgreSQL for the tests did not start; its reason is above')
  child.unref()
  return {
    target: JSON.parse(line) as Target,
    async stop() {
      child.stdin.end()
      await exited
    },
  }
}
