/**
 * The ceiling: the least code that takes the same posts and loses none. Fastify, the same check of the secret, one
 * batched insert into one table, the answer after its commit. What Huixin does beyond it is measured against it.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import Fastify from 'fastify'
import { openDatabase } from '../src/db/client.ts'

interface Plan {
  readonly target: Parameters<typeof openDatabase>[0]
  readonly secret: string
}

async function serve({ target, secret }: Plan): Promise<number> {
  const { sql } = openDatabase(target, { applicationName: 'ceiling' })
  await sql`create table if not exists ceiling_posts (id bigint primary key, body jsonb not null)`
  const expected = createHash('sha256').update(secret).digest()
  const waiting: { body: string; id: number; done: () => void; failed: (error: unknown) => void }[] = []
  let writing = false

  async function write(): Promise<void> {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting.splice(0, 500)
      try {
        await sql`insert into ceiling_posts select (r ->> 'id')::bigint, (r ->> 'body')::jsonb
          from jsonb_array_elements(${JSON.stringify(batch.map(({ id, body }) => ({ id, body })))}::text::jsonb) r
          on conflict do nothing`
        for (const { done } of batch) done()
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    writing = false
  }

  const app = Fastify({ bodyLimit: 1_048_576 })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post('/posts', async (request, reply) => {
    const given = createHash('sha256').update(String(request.headers['x-telegram-bot-api-secret-token'])).digest()
    if (!timingSafeEqual(given, expected)) return reply.code(401).send()
    const body = String(request.body)
    const { update_id: id } = JSON.parse(body) as { update_id: number }
    await new Promise<void>((done, failed) => {
      waiting.push({ body, id, done, failed })
      if (!writing) void write()
    })
    return reply.code(200).send()
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return (app.server.address() as { port: number }).port
}

process.once('message', (plan: Plan) => {
  serve(plan).then(
    (port) => process.send?.({ port }),
    (error) => {
      console.error(error)
      process.exit(1)
    },
  )
})
