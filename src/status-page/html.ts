/** Pages made on the server, without scripts: text goes in escaped, and nothing else does. Pure. */
import type { Language } from '../automatic/texts.ts'
import { words } from './words.ts'

/** Markup that was made here. */
export interface Html {
  readonly markup: string
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string) => text.replace(/[&<>"']/gu, (char) => entities[char] ?? char)

type Part = string | number | Html | null | false | readonly Html[]

/** Every value is text, unless it is markup made by this function itself. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  const show = (value: Part): string => {
    if (value === null || value === false) return ''
    if (typeof value === 'string' || typeof value === 'number') return escaped(String(value))
    return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('')
  }
  return {
    markup: strings.reduce((sum, piece, at) => sum + (at === 0 ? '' : show(values[at - 1] ?? null)) + piece, ''),
  }
}

/** Only files of ours, forms to ourselves, and not a single script. */
export const statusPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

export interface Page {
  readonly language: Language
  readonly title: string
  readonly body: Html
  /** Of the same page in the other language, without `lang`. */
  readonly here: string
  /** Loads itself again, in seconds. */
  readonly refresh?: number
}

export function renderPage({ language, title, body, here, refresh }: Page): string {
  const other: Language = language === 'zh' ? 'en' : 'zh'
  const t = words[language]
  return html`<!doctype html>
<html lang="${tagOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
${refresh ? html`<meta http-equiv="refresh" content="${refresh}">` : null}
<title>${title}</title>
<link rel="stylesheet" href="/status/style.css">
</head>
<body>
<header class="top">
<a class="home" href="/status?lang=${language}">${t.name}</a>
<a class="other" hreflang="${tagOf(other)}" lang="${tagOf(other)}" href="${here}${here.includes('?') ? '&' : '?'}lang=${other}">${words[other].thisLanguage}</a>
</header>
<main>
${body}
</main>
<footer><a href="/status/verify?lang=${language}">${t.verify}</a></footer>
</body>
</html>`.markup
}

const tagOf = (language: Language) => (language === 'zh' ? 'zh-CN' : 'en')
