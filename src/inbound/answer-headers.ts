/** Which headers of an adapter's answer leave the house: those named here and no others. */

/** In place of helmet's, made anew for every answer. Some answers repeat what was sent, and a browser may be led here. */
export const nothingRuns = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
}

const plain = new Set(['content-type', 'cache-control', 'retry-after', 'allow'])
/** For an adapter that declares `servesPages`. No cookies: what it serves has the desk's origin. */
const ofPages = new Set([
  ...plain,
  'content-security-policy',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'cross-origin-resource-policy',
  'etag',
  'referrer-policy',
  'vary',
])

export function* answerHeaders(response: Response, servesPages: boolean): Generator<[string, string]> {
  const allowed = servesPages ? ofPages : plain
  for (const header of response.headers) if (allowed.has(header[0])) yield header
}
