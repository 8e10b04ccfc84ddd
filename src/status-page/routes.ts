/**
 * `/status`: how a ticket stands, for its customer. Everybody may come here, so everything is closed until the visitor has
 * proved that the ticket is theirs; what is answered before that is the same for right and wrong.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { answerByLink } from '../automatic/answer.ts'
import { readAnswerToken } from '../automatic/links.ts'
import type { Language } from '../automatic/texts.ts'
import type { App, Deps } from '../deps.ts'
import { addressOf } from '../http/limits.ts'
import { isSameOrigin } from '../http/origin.ts'
import { Refused } from '../problem.ts'
import { answerBody, answeredBody, readQuestion } from './answer-page.ts'
import { countTry } from './guess.ts'
import { type Html, html, renderPage, statusPolicy } from './html.ts'
import { type CalledDeps, callForAnswer } from './nobody.ts'
import { askForProof, endSession, proveWith, ticketOfSession } from './proof.ts'
import { isGenuine, recordOf } from './record.ts'
import { style } from './style.ts'
import { readTicket, type ShownTicket, ticketBody } from './ticket.ts'
import { words } from './words.ts'

const minute = 60_000
const visitCookie = 'hx_visit'
const sessionCookie = 'hx_status'

const Query = z.object({
  lang: z.enum(['zh', 'en']).optional().catch(undefined),
  c: z.string().max(100).optional().catch(undefined),
  wrong: z.string().optional().catch(undefined),
  done: z.string().optional().catch(undefined),
})
const hide = { hide: true, querystring: Query } as const

/** Tries of one address: a whole office may stand behind it. */
const ofAddress = (request: FastifyRequest) => ({
  key: `address:${addressOf(request)}`,
  free: 20,
  mostMs: 60 * minute,
})

export interface StatusPageDeps extends Deps, Pick<CalledDeps, 'whenCustomerCalls'> {}

export async function statusPageRoutes(app: App, deps: StatusPageDeps): Promise<void> {
  const isSecure = deps.config.url?.startsWith('https:') ?? false
  const ownHost = deps.config.url ? new URL(deps.config.url).host : null

  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 8 * 1_048_576 },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  app.addHook('onRequest', async (request, reply) => {
    if (request.method === 'POST' && !isSameOrigin(request, ownHost)) {
      throw new Refused(403, 'foreign_origin', 'The request comes from another site.')
    }
    reply.headers({ 'cache-control': 'no-store', 'content-security-policy': statusPolicy })
  })

  const page = (
    request: FastifyRequest,
    reply: FastifyReply,
    title: (t: (typeof words)[Language]) => string,
    body: (language: Language) => Html,
  ) => {
    const language = languageOf(request)
    const here = request.url.replace(/([?&])lang=[^&]*&?/gu, '$1').replace(/[?&]$/u, '')
    reply.type('text/html; charset=utf-8').header('content-language', language === 'zh' ? 'zh-CN' : 'en')
    return reply.send(renderPage({ language, title: title(words[language]), body: body(language), here }))
  }
  const wait = (request: FastifyRequest, reply: FastifyReply, ms: number) => {
    reply.code(429).header('retry-after', Math.ceil(ms / 1_000))
    return page(
      request,
      reply,
      (t) => t.waitTitle,
      (language) =>
        html`<h1>${words[language].waitTitle}</h1><p class="note bad" role="alert">${words[language].wait(Math.ceil(ms / minute))}</p>`,
    )
  }
  const keep = (reply: FastifyReply, name: string, value: string, seconds: number) =>
    reply.header(
      'set-cookie',
      `${name}=${value}; Path=/status; HttpOnly; SameSite=Strict; Max-Age=${seconds}${isSecure ? '; Secure' : ''}`,
    )
  const go = (reply: FastifyReply, request: FastifyRequest, to: string) =>
    reply.redirect(`${to}${to.includes('?') ? '&' : '?'}lang=${languageOf(request)}`, 303)

  app.get('/status/style.css', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(style),
  )

  app.get('/status', { schema: hide }, async (request, reply) =>
    page(
      request,
      reply,
      (t) => t.codeTitle,
      (language) => codeBody(language, request.query.c ?? '', request.query.wrong === 'session'),
    ),
  )

  app.post(
    '/status',
    { schema: { ...hide, body: z.object({ code: z.string().max(200).default('') }) } },
    async (request, reply) => {
      const typed = request.body.code
      const ofCode = { key: `code:${typed.toUpperCase().replace(/[^0-9A-Z]/gu, '')}`, free: 5, mostMs: 60 * minute }
      const waitMs = await countTry(deps, [ofAddress(request), ofCode])
      if (waitMs !== null) return wait(request, reply, waitMs)
      keep(reply, visitCookie, await askForProof(deps, typed), 600)
      return go(reply, request, '/status/proof')
    },
  )

  app.get('/status/proof', { schema: hide }, async (request, reply) =>
    page(
      request,
      reply,
      (t) => t.proofTitle,
      (language) => proofBody(language, request.query.wrong === 'code'),
    ),
  )

  app.post(
    '/status/proof',
    { schema: { ...hide, body: z.object({ digits: z.string().max(50).default('') }) } },
    async (request, reply) => {
      const waitMs = await countTry(deps, [{ ...ofAddress(request), key: `proof:${addressOf(request)}` }])
      if (waitMs !== null) return wait(request, reply, waitMs)
      const session = await proveWith(deps, cookieOf(request, visitCookie), request.body.digits)
      if (session === null) return go(reply, request, '/status/proof?wrong=code')
      keep(reply, sessionCookie, session, 1_800)
      return go(reply, request, '/status/ticket')
    },
  )

  /** The visitor's ticket; null: they were sent to prove themselves. */
  async function own(request: FastifyRequest, reply: FastifyReply): Promise<ShownTicket | null> {
    const id = await ticketOfSession(deps, cookieOf(request, sessionCookie))
    const ticket = id === null ? null : await readTicket(deps, id)
    if (!ticket) go(reply, request, '/status?wrong=session')
    return ticket
  }

  app.get('/status/ticket', { schema: hide }, async (request, reply) => {
    const ticket = await own(request, reply)
    if (!ticket) return reply
    return page(
      request,
      reply,
      (t) => t.ticketTitle(ticket.number),
      (language) => ticketBody(ticket, language, request.query.done === 'called' && ticket.calledToday),
    )
  })

  app.post('/status/nobody', { schema: hide }, async (request, reply) => {
    const ticket = await own(request, reply)
    if (!ticket) return reply
    await callForAnswer(deps, ticket.id)
    return go(reply, request, '/status/ticket?done=called')
  })

  app.post('/status/leave', { schema: hide }, async (request, reply) => {
    await endSession(deps, cookieOf(request, sessionCookie))
    keep(reply, sessionCookie, '', 0)
    return go(reply, request, '/status')
  })

  app.get('/status/record', { schema: hide }, async (request, reply) => {
    const ticket = await own(request, reply)
    if (!ticket) return reply
    const record = await recordOf(deps, ticket, languageOf(request))
    return page(
      request,
      reply,
      (t) => `${t.recordTitle} #${ticket.number}`,
      (language) =>
        html`<h1 class="noprint">${words[language].recordTitle}</h1>
<p class="row noprint"><a class="button quiet" href="/status/record.txt?lang=${language}" download>${words[language].download}</a><a class="button quiet" href="/status/ticket?lang=${language}">${words[language].back}</a></p>
<section class="card"><pre>${record}</pre></section>`,
    )
  })

  app.get('/status/record.txt', { schema: hide }, async (request, reply) => {
    const ticket = await own(request, reply)
    if (!ticket) return reply
    return reply
      .type('text/plain; charset=utf-8')
      .header('content-disposition', `attachment; filename="ticket-${ticket.number}.txt"`)
      .send(await recordOf(deps, ticket, languageOf(request)))
  })

  app.get('/status/verify', { schema: hide }, async (request, reply) =>
    page(
      request,
      reply,
      (t) => t.verifyTitle,
      (language) => verifyBody(language, null),
    ),
  )

  app.post(
    '/status/verify',
    { schema: { ...hide, body: z.object({ record: z.string().default('') }) } },
    async (request, reply) => {
      const waitMs = await countTry(deps, [{ ...ofAddress(request), key: `verify:${addressOf(request)}`, free: 60 }])
      if (waitMs !== null) return wait(request, reply, waitMs)
      const genuine = isGenuine(deps.seal, request.body.record)
      return page(
        request,
        reply,
        (t) => t.verifyTitle,
        (language) => verifyBody(language, genuine),
      )
    },
  )

  const token = z.object({ token: z.string().max(100) })
  app.get('/status/answer/:token', { schema: { ...hide, params: token } }, async (request, reply) => {
    const id = readAnswerToken(deps.seal, request.params.token)
    const question = id === null ? null : await readQuestion(deps, id)
    if (!question) reply.code(404)
    const { done } = request.query
    return page(
      request,
      reply,
      (t) => (question ? t.ticketTitle(question.number) : t.gone),
      (language) =>
        question && done !== undefined
          ? answeredBody(language, done, request.params.token)
          : answerBody(language, question, request.params.token),
    )
  })

  app.post(
    '/status/answer/:token',
    {
      schema: {
        ...hide,
        params: token,
        body: z.object({ value: z.coerce.number().int(), comment: z.string().max(4000).default('') }),
      },
    },
    async (request, reply) => {
      const id = readAnswerToken(deps.seal, request.params.token)
      const result = id && (await answerByLink(deps, id, request.body))
      const to = `/status/answer/${encodeURIComponent(request.params.token)}`
      return go(reply, request, !result || result === 'gone' ? to : `${to}?done=${result}`)
    },
  )
}

function codeBody(language: Language, code: string, signedOut: boolean): Html {
  const t = words[language]
  return html`<h1>${t.codeTitle}</h1>
${signedOut ? html`<p class="note bad" role="status">${t.signedOut}</p>` : null}
<p class="lead">${t.codeLead}</p>
<form class="card" method="post" action="/status?lang=${language}">
<label for="code">${t.codeLabel}</label>
<input class="code" type="text" id="code" name="code" value="${code}" required maxlength="60" autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="code-help">
<p class="help" id="code-help">${t.codeHelp}</p>
<p class="row"><button type="submit">${t.codeSubmit}</button></p>
</form>`
}

function proofBody(language: Language, wrong: boolean): Html {
  const t = words[language]
  return html`<h1>${t.proofTitle}</h1>
<p class="lead">${t.proofLead}</p>
${wrong ? html`<p class="note bad" role="alert" id="wrong">${t.proofWrong}</p>` : null}
<form class="card" method="post" action="/status/proof?lang=${language}">
<label for="digits">${t.proofLabel}</label>
<input class="code" type="text" id="digits" name="digits" required inputmode="numeric" maxlength="20" autocomplete="one-time-code"${wrong ? html` aria-invalid="true" aria-describedby="wrong"` : null}>
<p class="row"><button type="submit">${t.proofSubmit}</button></p>
</form>
<p><a href="/status?lang=${language}">${t.proofAgain}</a></p>`
}

function verifyBody(language: Language, genuine: boolean | null): Html {
  const t = words[language]
  return html`<h1>${t.verifyTitle}</h1>
<p class="lead">${t.verifyLead}</p>
${genuine === null ? null : genuine ? html`<p class="note" role="status">${t.genuine}</p>` : html`<p class="note bad" role="alert">${t.altered}</p>`}
<form class="card" method="post" action="/status/verify?lang=${language}">
<label for="record">${t.verifyLabel}</label>
<textarea id="record" name="record" required></textarea>
<p class="row"><button type="submit">${t.verifySubmit}</button></p>
</form>`
}

/** Chosen by a link, or what the browser asks for. */
function languageOf(request: FastifyRequest): Language {
  const chosen = (request.query as { lang?: Language }).lang
  if (chosen) return chosen
  const first = /^[\s,]*([a-z]+)/iu.exec(request.headers['accept-language'] ?? '')?.[1]?.toLowerCase()
  return first === undefined || first === 'zh' ? 'zh' : 'en'
}

/** Empty: there is none. */
function cookieOf(request: FastifyRequest, name: string): string {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key, value = ''] = pair.trim().split('=')
    if (key === name) return value.slice(0, 100)
  }
  return ''
}
