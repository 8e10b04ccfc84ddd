/** Every answer that is not a success, as RFC 9457 problem details: a fixed code and an id, never an exception's text. */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionError, FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { databaseCode, isLostRace, isUnavailable } from '../db/client.ts'
import { newId } from '../db/id.ts'
import { Refused } from '../problem.ts'
import type { Problem } from '../wire.ts'
import { describeError } from './log.ts'

type Answer = Omit<Problem, 'type' | 'requestId'>

/** What the framework itself refuses, by status. Its own messages are not shown: some quote what was sent. */
const refusals: Record<number, { code: string; title: string }> = {
  400: { code: 'invalid_request', title: 'The request cannot be understood.' },
  404: { code: 'not_found', title: 'There is nothing here.' },
  405: { code: 'method_not_allowed', title: 'This method is not allowed here.' },
  406: { code: 'not_acceptable', title: 'There is no answer in a form you accept.' },
  408: { code: 'timeout', title: 'The request took too long.' },
  411: { code: 'length_required', title: 'The length of the body is missing.' },
  413: { code: 'too_large', title: 'The body is too large.' },
  414: { code: 'too_long', title: 'The address is too long.' },
  415: { code: 'unsupported_media_type', title: 'The body is of a kind that is not taken here.' },
  416: { code: 'range_not_satisfiable', title: 'There is no such part of the file.' },
  431: { code: 'too_large', title: 'The headers are too large.' },
}

const problemType = 'application/problem+json; charset=utf-8'

/** Seconds after which a client may try again when the database does not serve. */
const retryAfter = 2

export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler(problemHandler)
}

/** Also for errors before routing (`frameworkErrors`). */
export function problemHandler(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const answer = answerTo(error, reply)
  if (answer.status === 500) request.log.error({ err: describeError(error) }, 'the request failed')
  else if (isUnavailable(error)) request.log.warn({ err: describeError(error) }, 'the database does not answer')
  else if (isLostRace(error)) request.log.warn({ err: describeError(error) }, 'two waited for each other')
  return sendProblem(request, reply, answer)
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  const problem: Problem = { type: 'about:blank', ...answer, requestId: request.id }
  return reply
    .code(answer.status)
    .headers({
      'content-type': problemType,
      'cache-control': 'no-store',
      // Set here too: before routing no hook has run.
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
    })
    .serializer(JSON.stringify)
    .send(problem)
}

/**
 * What Node could not read as HTTP at all: no request, no hooks, only a socket. When an answer was begun on it, the
 * bytes of a second one would be read as part of the first.
 */
export function answerGarbage(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
  if (socket.writable && socket.bytesWritten === 0) {
    const body = JSON.stringify({ type: 'about:blank', status, ...refusals[status]!, requestId: newId() })
    const headers = `content-type: ${problemType}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers}\r\n\r\n${body}`)
  }
  socket.destroy(error)
}

function answerTo(error: unknown, reply: FastifyReply): Answer {
  if (error instanceof Refused) {
    const { retryAfterSeconds, ...details } = error.details ?? {}
    if (typeof retryAfterSeconds === 'number') reply.header('retry-after', Math.max(1, Math.ceil(retryAfterSeconds)))
    else if (error.status === 503) reply.header('retry-after', retryAfter)
    return {
      status: error.status,
      code: error.code,
      title: error.message,
      ...(Object.keys(details).length > 0 ? { details } : {}),
    }
  }
  if (isUnavailable(error)) {
    reply.header('retry-after', retryAfter)
    return { status: 503, code: 'database_unavailable', title: 'The database does not answer. Try again in a moment.' }
  }
  if (isLostRace(error)) {
    reply.header('retry-after', retryAfter)
    return { status: 503, code: 'try_again', title: 'Somebody did the same at the same moment. Try again.' }
  }
  if (isValidation(error)) {
    return { status: 400, code: 'invalid_request', title: 'The request is not valid.', errors: fieldErrors(error) }
  }
  // A NUL somewhere in a text: PostgreSQL cannot hold one, and whoever sends it in an id or a filter asks for nothing.
  if (databaseCode(error) === '22021') return { status: 400, ...refusals[400]! }
  const status = frameworkStatus(error)
  const known = refusals[status]
  if (known) return { status, ...known }
  if (status < 500) return { status, code: 'invalid_request', title: 'The request cannot be understood.' }
  return { status: 500, code: 'internal', title: 'Something went wrong here. The request id finds it in the log.' }
}

/** Only what Fastify or its plugins threw may choose a status; a `statusCode` on anything else is not meant for us. */
function frameworkStatus(error: unknown): number {
  if (!(error instanceof Error) || !('code' in error) || !('statusCode' in error)) return 500
  const { code, statusCode } = error
  const ours = typeof code === 'string' && code.startsWith('FST_') && typeof statusCode === 'number'
  return ours && statusCode >= 400 && statusCode < 500 ? statusCode : 500
}

const isValidation = (error: unknown): error is Required<Pick<FastifyError, 'validation'>> & FastifyError =>
  error instanceof Error && 'validation' in error && Array.isArray(error.validation)

const places: Record<string, string> = { querystring: 'query', body: '', params: 'path', headers: 'header' }

/** Paths as `mediaIds.0` in the body, `query.limit` elsewhere. zod's messages name types and limits, not values. */
function fieldErrors(error: Pick<FastifyError, 'validation' | 'validationContext'>): NonNullable<Problem['errors']> {
  const place = places[error.validationContext ?? 'body'] ?? ''
  return (error.validation ?? []).slice(0, 50).map((issue) => {
    const path = (issue.instancePath ?? '').split('/').filter(Boolean)
    return { path: [...(place ? [place] : []), ...path].join('.'), message: issue.message ?? 'is not valid' }
  })
}
