import { type Asset, widgetAssets } from './assets.ts'

const day = 86_400

/** `/widget.js`: for the site's own page, so from any origin; looked for again after minutes. */
export function loader(request: Request): Response {
  return answer(request, widgetAssets().files.get('loader.ts')!, {
    'cache-control': 'public, max-age=300',
    'cross-origin-resource-policy': 'cross-origin',
  })
}

/** `/assets/<version>/<name>`. An older page's version gets the newest, and keeps it for nobody. Null: no such file. */
export function asset(request: Request, version: string, name: string): Response | null {
  const assets = widgetAssets()
  const file = assets.files.get(name)
  if (!file) return null
  const isCurrent = version === assets.version
  return answer(request, file, { 'cache-control': isCurrent ? `public, max-age=${365 * day}, immutable` : 'no-cache' })
}

function answer(request: Request, { type, body, gzip, etag }: Asset, more: Record<string, string>): Response {
  const takesGzip = /\bgzip\b/u.test(request.headers.get('accept-encoding') ?? '')
  const headers = { etag, vary: 'accept-encoding', ...more }
  if (request.headers.get('if-none-match')?.includes(etag)) return new Response(null, { status: 304, headers })
  return new Response(new Uint8Array(takesGzip ? gzip : body), {
    headers: { ...headers, 'content-type': type, ...(takesGzip ? { 'content-encoding': 'gzip' } : {}) },
  })
}
