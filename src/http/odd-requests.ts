import type { FastifyInstance } from 'fastify'
import { Refused } from '../problem.ts'

/** PostgreSQL cannot hold a NUL, so no id, filter or search has one: refused once, here, instead of in every route. */
export function refuseNul(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (/%00/u.test(request.url)) throw new Refused(400, 'invalid_request', 'The address holds a NUL character.')
  })
}
