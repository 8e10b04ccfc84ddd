/** What a test can make of the next post. */
import type { ServerResponse } from 'node:http'
import type { SendCode } from '#channel/errors.ts'
import { rateHeaders } from './limits.ts'

export type SimFault =
  | { readonly kind: 'server-error' | 'hang' | 'cut' | 'unreadable' | 'credentials' }
  | { readonly kind: 'rate-limited'; readonly seconds: number }
  | { readonly kind: 'refused'; readonly code: SendCode }
  /** Any answer at all. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown }

/** As the server words them. */
const refusals: { readonly [code in SendCode]?: readonly [number, string] } = {
  gone: [404, 'The post you are trying to reply to does not appear to exist.'],
  permission: [403, 'This action is not allowed'],
  too_long: [422, 'Validation failed: Text character limit of 500 exceeded'],
  media_refused: [422, 'Validation failed: Cannot attach a video to a post that already contains images'],
  invalid: [422, "Validation failed: Text can't be blank"],
}
export const refusalCodes = Object.keys(refusals) as readonly SendCode[]

/** Was the post taken before the trouble began? */
export const isTaken = ({ kind }: SimFault): boolean => kind === 'hang' || kind === 'cut' || kind === 'unreadable'

export function answerWith(fault: SimFault, response: ServerResponse): void {
  const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  switch (fault.kind) {
    case 'hang':
      return
    case 'cut':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' })
      response.write('{"id":"1135', () => response.destroy())
      return
    case 'unreadable':
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>proxy</html>')
    case 'server-error':
      return json(503, { error: 'There was a temporary problem serving your request, please try again' })
    case 'credentials':
      return json(401, { error: 'The access token is invalid' })
    case 'rate-limited': {
      const reset = new Date(Date.now() + fault.seconds * 1000)
      return json(429, { error: 'Too many requests' }, rateHeaders(300, 0, reset))
    }
    case 'refused': {
      const [status, error] = refusals[fault.code] ?? [422, 'Validation failed']
      return json(status, { error })
    }
    case 'answer':
      return json(fault.status, fault.body)
  }
}
