/** The one parser of request bodies. Everything that is not plain, shallow, valid JSON is refused before a schema sees it. */
import type { FastifyInstance } from 'fastify'
import { Refused } from '../problem.ts'

/** Deeper than any body of ours; JSON.parse itself takes 200,000 levels, and whatever walks them recursively does not. */
const maxDepth = 64
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Replaces Fastify's own parsers, of which the one for text/plain would let a form of another site in. */
export function acceptOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      refuseOddType(request.headers['content-type'])
      done(null, parseJson(body as Buffer))
    } catch (error) {
      done(error as Error)
    }
  })
}

/** The router matches media types leniently; a body in another charset would be read as if it were UTF-8. */
function refuseOddType(contentType: string | undefined): void {
  if (!/^application\/json(?: *; *charset="?utf-8"?)?$/iu.test(contentType ?? '')) {
    throw new Refused(415, 'unsupported_media_type', 'The body must be application/json in UTF-8.')
  }
}

/** Undefined for an empty body: routes that need one have a schema that says so. */
export function parseJson(body: Uint8Array): unknown {
  if (body.byteLength === 0) return undefined
  if (isDeeperThan(body, maxDepth)) throw refused('The body is nested too deeply.')
  let value: unknown
  try {
    value = JSON.parse(utf8.decode(body))
  } catch {
    // The parser's own message quotes the body; it must not reach a log or a client.
    throw refused('The body is no valid JSON.')
  }
  if (poisons(value)) throw refused('The body names a forbidden property.')
  return value
}

const refused = (title: string) => new Refused(400, 'invalid_json', title)

/** Counts brackets outside strings. In UTF-8 the bytes of `[ ] { } " \` never occur inside another character. */
export function isDeeperThan(body: Uint8Array, limit: number): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < body.byteLength; at++) {
    const byte = body[at]
    if (inString) {
      if (byte === 0x5c) at += 1
      else if (byte === 0x22) inString = false
    } else if (byte === 0x22) inString = true
    else if (byte === 0x5b || byte === 0x7b) {
      depth += 1
      if (depth > limit) return true
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1
  }
  return false
}

/** Keys that change an object's prototype when somebody copies them carelessly. As text they are harmless. */
function poisons(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(poisons)
  return Object.entries(value).some(
    ([key, field]) =>
      key === '__proto__' ||
      (key === 'constructor' && typeof field === 'object' && field !== null && Object.hasOwn(field, 'prototype')) ||
      poisons(field),
  )
}
