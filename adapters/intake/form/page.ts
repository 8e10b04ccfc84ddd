/** The form as a page: works without a script, with a keyboard and with a screen reader. */
import { noValues, type Problems, type Values } from './read.ts'
import { type Language, type Words, words } from './texts.ts'

export interface PageOptions {
  readonly language: Language
  /** The account's. */
  readonly name: string
  readonly token: string
  readonly values?: Values
  readonly problems?: Problems
}

/** Into text and into quoted attributes. */
const escaped = (text: string) =>
  text.replace(/[&<>"']/gu, (letter) => `&#${letter.codePointAt(0)};`).replace(/\p{Cs}/gu, '\ufffd')

export function formPage({ language, name, token, values = noValues, problems = {} }: PageOptions): string {
  const t = words[language]
  const other = language === 'en' ? 'zh-CN' : 'en'
  const error = (at: keyof Problems) => problems[at] && t.error[problems[at]]
  const row = (at: keyof Values, label: string, attributes: string) => {
    const wrong = error(at)
    const describedBy = [wrong ? `${at}-error` : '', at === 'phone' || at === 'email' ? 'contact-help' : ''].filter(
      Boolean,
    )
    return `<div class="row"><label for="${at}">${escaped(label)}</label>
<input id="${at}" name="${at}" value="${escaped(values[at])}" ${attributes}${described(describedBy)}${invalid(wrong)}>${message(at, wrong)}</div>`
  }
  return shell(
    language,
    `${t.title} · ${name}`,
    `<header><h1>${escaped(t.title)}</h1><a href="?lang=${other}" lang="${other}" hreflang="${other}">${t.other}</a></header>
<p>${escaped(t.intro)}</p>
${summary(t, problems)}
<form method="post" enctype="multipart/form-data" action="?lang=${language}" novalidate>
<input type="hidden" name="token" value="${escaped(token)}">
<div class="extra" aria-hidden="true"><label for="website">${escaped(t.honeypot)}</label><input id="website" name="website" tabindex="-1" autocomplete="off"></div>
${row('name', t.name, 'autocomplete="name" maxlength="100"')}
<fieldset><legend>${escaped(t.contact)} <span class="must">${escaped(t.required)}</span></legend>
<p class="help" id="contact-help">${escaped(t.contactHelp)}</p>
${row('phone', t.phone, 'type="tel" autocomplete="tel" maxlength="40"')}
${row('email', t.email, 'type="email" autocomplete="email" maxlength="254"')}
</fieldset>
${row('order', t.order, 'autocomplete="off" maxlength="100"')}
<div class="row"><label for="text">${escaped(t.text)} <span class="must">${escaped(t.required)}</span></label>
<p class="help" id="text-help">${escaped(t.textHelp)}</p>
<textarea id="text" name="text" rows="6" maxlength="5000" required${described(['text-help', ...(error('text') ? ['text-error'] : [])])}${invalid(error('text'))}>
${escaped(values.text)}</textarea>${message('text', error('text'))}</div>
<div class="row"><label for="files">${escaped(t.files)}</label>
<p class="help" id="files-help">${escaped(t.filesHelp)}${Object.keys(problems).length > 0 ? ` ${escaped(t.filesAgain)}` : ''}</p>
<input id="files" name="files" type="file" multiple accept="image/jpeg,image/png,image/gif,image/webp,image/heic,video/mp4,application/pdf"${described(['files-help', ...(error('files') ? ['files-error'] : [])])}${invalid(error('files'))}>${message('files', error('files'))}</div>
<button type="submit">${escaped(t.send)}</button>
</form>`,
  )
}

/** `number` null: received, and in no ticket that could be named. */
export function thanksPage({ language, name }: Pick<PageOptions, 'language' | 'name'>, number: number | null): string {
  const t = words[language]
  const told =
    number === null
      ? ''
      : `<p>${escaped(t.number)} <strong class="number">#${number}</strong></p><p>${escaped(t.keep)}</p>`
  return shell(
    language,
    `${t.thanks} · ${name}`,
    `<div role="status"><h1>${escaped(t.thanks)}</h1>${told}<p>${escaped(t.reply)}</p></div>
<p><a href="?lang=${language}">${escaped(t.another)}</a></p>`,
  )
}

export function waitPage({ language, name }: Pick<PageOptions, 'language' | 'name'>): string {
  const t = words[language]
  return shell(
    language,
    `${t.wait} · ${name}`,
    `<div role="alert"><h1>${escaped(t.wait)}</h1><p>${escaped(t.waitHelp)}</p></div>`,
  )
}

const described = (ids: readonly string[]) => (ids.length > 0 ? ` aria-describedby="${ids.join(' ')}"` : '')
const invalid = (wrong: string | undefined) => (wrong ? ' aria-invalid="true"' : '')
const message = (at: string, wrong: string | undefined) =>
  wrong ? `<p class="error" id="${at}-error">${escaped(wrong)}</p>` : ''

/** As the page has them. */
const order = ['form', 'name', 'phone', 'email', 'order', 'text', 'files'] as const

/** What is wrong, first thing, with the way to each field. */
function summary(t: Words, problems: Problems): string {
  const list = order.flatMap((at) => (problems[at] ? [[at, problems[at]] as const] : []))
  if (list.length === 0) return ''
  const line = ([at, code]: (typeof list)[number]) =>
    at === 'form' ? `<li>${escaped(t.error[code])}</li>` : `<li><a href="#${at}">${escaped(t.error[code])}</a></li>`
  return `<div class="summary" role="alert" tabindex="-1" autofocus><h2>${escaped(t.errors)}</h2><ul>${list.map(line).join('')}</ul></div>`
}

function shell(language: Language, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${escaped(title)}</title><link rel="stylesheet" href="form.css"></head>
<body><main>${body}</main></body></html>`
}
