/** The page in the iframe. Nothing in it but names of files: no inline script or style, no other origin. */
import { widgetAssets } from './assets.ts'
import { type Settings, sitesIn } from './settings.ts'
import type { Language } from './types.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string) => text.replaceAll(/[&<>"']/gu, (letter) => escapes[letter]!)

const needsScript = { 'zh-CN': '在线客服需要启用 JavaScript。', en: 'The chat needs JavaScript.' }

export function page(settings: Settings, name: string, language: Language): Response {
  const { version, files } = widgetAssets()
  const modules = [...files.keys()].filter((file) => file.endsWith('.ts') && file !== 'loader.ts')
  const title = escaped(settings.title || name)
  const html = `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="assets/${version}/chat.css">
${modules.map((file) => `<link rel="modulepreload" href="assets/${version}/${file}">`).join('\n')}
<script type="module" src="assets/${version}/main.ts"></script>
</head>
<body>
<noscript>${needsScript[language]}</noscript>
</body>
</html>
`
  return new Response(html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-language': language,
      'content-security-policy': policy(settings),
      'cache-control': 'no-cache',
      'referrer-policy': 'no-referrer',
      vary: 'accept-language',
    },
  })
}

const policy = ({ sites }: Settings): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    'media-src blob:',
    "connect-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    `frame-ancestors ${sitesIn(sites).join(' ')}`,
  ].join('; ')

/** By the page's wish, else the browser's. */
export function languageOf(request: Request): Language {
  const wished = new URL(request.url).searchParams.get('lang') ?? ''
  const first = (wished || request.headers.get('accept-language') || '').trim().toLowerCase()
  if (wished === '' && first === '') return 'zh-CN'
  return first.startsWith('zh') ? 'zh-CN' : 'en'
}
