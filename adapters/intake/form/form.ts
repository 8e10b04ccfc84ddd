/** The website form: the page, its style sheet, and what comes back. */
import type { Caller, WebhookResult } from '#channel/adapter.ts'
import { WebhookMalformed } from '#channel/errors.ts'
import { createLimit } from '../limits.ts'
import { parse } from '../parse.ts'
import { problem } from '../problem.ts'
import { type Settings, sitesIn } from '../settings.ts'
import { css } from './css.ts'
import { formPage, thanksPage, waitPage } from './page.ts'
import { payloadOf, problemsOf, readForm } from './read.ts'
import { type Language, languageOf, words } from './texts.ts'
import { mintToken, readToken } from './token.ts'

const hour = 3_600_000

export function createForm({ name, settings }: { readonly name: string; readonly settings: Settings }) {
  const posts = createLimit(settings.postsPerHour, hour)
  const views = createLimit(300, 60_000)

  /** Nothing runs. Only the sites named may show it in a frame. */
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${sitesIn(settings.sites).join(' ') || "'none'"}`,
  ].join('; ')
  const blank = (language: Language, now: Date) => formPage({ language, name, token: mintToken(settings.secret, now) })
  const wait = (language: Language, seconds: number) =>
    page(429, waitPage({ language, name }), { 'retry-after': String(seconds) })

  return {
    serves: (path: string) => path === 'form' || path === 'form.css',
    async webhook(
      path: string,
      request: Request,
      receivedAt: Date,
      caller: Caller | undefined,
    ): Promise<WebhookResult> {
      const { method } = request
      if (path === 'form.css' && method === 'GET') return answer(styleSheet())
      if (path !== 'form' || (method !== 'GET' && method !== 'POST')) {
        return answer(problem(405, 'method_not_allowed', 'Not here.', { allow: path === 'form' ? 'GET, POST' : 'GET' }))
      }
      const asked = new URL(request.url).searchParams.get('lang')
      const language = languageOf(asked, request.headers.get('accept-language'), settings.language)
      const address = caller?.address
      if (method === 'GET') {
        const waits = address === undefined ? null : views.take(address, receivedAt)
        return waits === null ? answer(page(200, blank(language, receivedAt))) : answer(wait(language, waits))
      }
      const waits = address === undefined ? null : posts.take(address, receivedAt)
      return waits === null ? submit(request, language, receivedAt) : answer(wait(language, waits))
    },
  }

  async function submit(request: Request, language: Language, receivedAt: Date): Promise<WebhookResult> {
    if (!request.headers.get('content-type')?.toLowerCase().startsWith('multipart/form-data')) {
      return answer(problem(415, 'unsupported_media_type', 'Post the form.'))
    }
    const filled = readForm(await formDataOf(request))
    // A person leaves it empty, and a program that fills in everything need not learn why nobody answers it.
    if (filled.honey !== '') return answer(page(200, thanksPage({ language, name }, null)))
    const problems = await problemsOf(filled, settings.country)
    const id = readToken(settings.secret, filled.token, receivedAt)
    if (id === null) problems.form ??= 'expired'
    if (id === null || Object.keys(problems).length > 0) {
      const { values } = filled
      const token = mintToken(settings.secret, receivedAt)
      return answer(page(422, formPage({ language, name, token, values, problems })))
    }
    const events = parse(await payloadOf(filled, id, settings, words[language], receivedAt))
    return {
      events,
      response: page(200, thanksPage({ language, name }, null)),
      respond: ([placed]) => page(200, thanksPage({ language, name }, placed?.ticket.number ?? null)),
    }
  }

  function page(status: number, html: string, headers: Record<string, string> = {}): Response {
    return new Response(html, {
      status,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policy,
        'cross-origin-resource-policy': 'cross-origin',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        vary: 'accept-language',
        ...headers,
      },
    })
  }
}

const styleSheet = () =>
  new Response(css, {
    headers: {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=300',
      'cross-origin-resource-policy': 'cross-origin',
    },
  })

async function formDataOf(request: Request): Promise<FormData> {
  try {
    return await request.formData()
  } catch (cause) {
    throw new WebhookMalformed('the body is no form', { cause })
  }
}

const answer = (response: Response): WebhookResult => ({ events: [], response })
