/** The built desk: hashed files for ever, the page never, and any unknown page address is the desk's to route. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../deps.ts'
import { deskPolicy, newNonce } from './headers.ts'
import { sendProblem } from './problems.ts'

/** Where the built desk is, as it becomes known: the server answers before the build is done. See `desk-build.ts`. */
export interface DeskFiles {
  readonly state: 'building' | 'ready' | 'failed'
  readonly root: string | null
}

const yearMs = 365 * 86_400_000
const topLevel = '/:file(^[\\w-]+\\.(?:svg|js|png|ico|txt|webmanifest)$)'

export async function serveDesk(app: App, desk: DeskFiles | null): Promise<void> {
  if (desk) {
    await app.register(fastifyStatic, { serve: false, preCompressed: true })
    app.get('/assets/*', { schema: { hide: true }, logLevel: 'warn' }, (request, reply) =>
      // Vite puts a hash of the content into the name.
      sendFile(desk, request, reply, `assets/${(request.params as { '*': string })['*']}`, {
        maxAge: yearMs,
        immutable: true,
      }),
    )
    app.get(topLevel, { schema: { hide: true }, logLevel: 'warn' }, (request, reply) =>
      sendFile(desk, request, reply, (request.params as { file: string }).file, { maxAge: 3_600_000 }),
    )
  }
  app.setNotFoundHandler(async (request, reply) => {
    if (desk && isPage(request)) return sendPage(desk, reply)
    return sendProblem(request, reply, { status: 404, code: 'not_found', title: 'There is nothing here.' })
  })
}

/** `/api` and its like answer programs, which must not be given a page. */
function isPage(request: FastifyRequest): boolean {
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const isOurs = /^\/(?:api|webhooks|health|metrics|assets)(?:[/?]|$)/u.test(request.url)
  return isRead && !isOurs && (request.headers.accept ?? '').includes('text/html')
}

function sendFile(
  desk: DeskFiles,
  request: FastifyRequest,
  reply: FastifyReply,
  file: string,
  options: { maxAge: number; immutable?: boolean },
): FastifyReply {
  if (!desk.root)
    return sendProblem(request, reply, { status: 404, code: 'not_found', title: 'There is nothing here.' })
  return reply.sendFile(file, desk.root, { ...options, cacheControl: true })
}

async function sendPage(desk: DeskFiles, reply: FastifyReply): Promise<FastifyReply> {
  const nonce = newNonce()
  reply.headers({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': deskPolicy(nonce),
    'cache-control': 'no-store',
  })
  const page = desk.root ? await readPage(desk.root) : null
  if (page !== null) return reply.code(200).send(page.replaceAll('__CSP_NONCE__', nonce))
  const failed = desk.state === 'failed'
  return reply
    .code(503)
    .headers(failed ? {} : { refresh: '2', 'retry-after': '2' })
    .send(failed ? failedPage : buildingPage)
}

let cached: { root: string; page: string } | null = null
/** A build's folder never changes once it is there. */
async function readPage(root: string): Promise<string> {
  if (cached?.root !== root) cached = { root, page: await readFile(join(root, 'index.html'), 'utf8') }
  return cached.page
}

const plainPage = (zh: string, en: string) =>
  `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>回信 Huixin</title><p>${zh}<p lang="en">${en}`
const buildingPage = plainPage(
  '工作台正在准备中，此页会自动刷新。',
  'The desk is being built. This page reloads by itself.',
)
const failedPage = plainPage(
  '工作台未能构建，原因见服务器日志；接口照常工作。',
  'The desk could not be built; the server’s log says why. The API works as usual.',
)
