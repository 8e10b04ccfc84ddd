/** Every HTTP request to the simulator: `/bot<token>/<method>`, `/file/bot<token>/<path>`, `/_control/<name>`. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answer, misanswer, refusalIn } from './answer.ts'
import { BodyTooLarge, BodyUnreadable, readAll, readArguments } from './body.ts'
import type { Faults } from './faults.ts'
import type { Ledger } from './ledger.ts'
import { methodName, perform } from './methods.ts'
import { bad, Refusal } from './refusal.ts'
import type { BotState } from './state.ts'

export interface Served {
  readonly bots: ReadonlyMap<string, BotState>
  readonly ledger: Ledger
  readonly faults: Faults
  readonly speed: number
  /** Undefined: there is no such control. */
  readonly control: (name: string, body: unknown) => unknown
}

export async function serve(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const url = new URL(request.url ?? '/', 'http://simulator')
    const path = decodeURIComponent(url.pathname)
    const controlled = /^\/_control\/(\w+)$/u.exec(path)
    if (controlled) return await serveControl(served, controlled[1]!, request, response)
    const file = /^\/file\/bot([^/]+)\/(.+)$/u.exec(path)
    if (file) return serveFile(served, file[1]!, file[2]!, response)
    const call = /^\/bot([^/]*)\/(.*)$/u.exec(path)
    if (!call) throw new Refusal(404, 'Not Found')
    await serveCall(served, { token: call[1]!, given: call[2]!, query: url.searchParams }, request, response)
  } catch (error) {
    // A mistake in here must be seen by the test that meets it, and be no answer of Telegram's.
    if (error instanceof URIError) return answer(response, 404, new Refusal(404, 'Not Found').body(), null)
    const refusal = error instanceof Refusal ? error : new Refusal(500, `simulator: ${String(error)}`)
    answer(response, refusal.code, refusal.body(), null)
  }
}

async function serveCall(
  { bots, ledger, faults, speed }: Served,
  { token, given, query }: { token: string; given: string; query: URLSearchParams },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const args = await readArguments(request, query).catch((error: unknown) => {
    if (error instanceof BodyTooLarge) throw new Refusal(413, 'Request Entity Too Large')
    if (error instanceof BodyUnreadable) throw bad(error.message)
    throw error
  })
  const method = methodName(given === '' ? (args.params.method ?? '') : given) ?? given
  const bot = bots.get(token)
  const chatId = args.params.chat_id ?? null
  const text = args.params.text ?? args.params.caption ?? null
  const entry = ledger.call({ botId: bot?.id ?? null, method, chatId, text })
  const call = { token, method, chatId }
  // A caller that has gone away does not stop Telegram: what was asked is done.
  await faults.pass(call, 'before')
  const fault = faults.take(call)
  try {
    const refused = fault ? refusalIn(fault) : null
    if (refused) throw refused
    if (fault && fault.kind !== 'refuse' && !fault.accepted) return misanswer(response, fault, null, entry)
    const result = await perform({ bot: authorised(bot, token), method, args, ledger, speed, closed: gone.signal })
    await faults.pass(call, 'after')
    if (fault) return misanswer(response, fault, result, entry)
    answer(response, 200, { ok: true, result }, entry)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    answer(response, error.code, error.body(), entry)
  }
}

/** ClientManager.cpp of tdlib/telegram-bot-api @01a3679 */
function authorised(bot: BotState | undefined, token: string): BotState {
  if (!/^[1-9]\d*:./u.test(token) || token.length > 80) throw new Refusal(401, 'Unauthorized: invalid token specified')
  if (!bot || bot.revoked) throw new Refusal(401, 'Unauthorized')
  return bot
}

function serveFile({ bots }: Served, token: string, path: string, response: ServerResponse): void {
  const bot = bots.get(token)
  const file = bot && [...bot.files.values()].find(({ file_path }) => file_path === path)
  if (!file) throw new Refusal(404, 'Not Found')
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': file.bytes.length })
  response.end(file.bytes)
}

async function serveControl(
  { control }: Served,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const body = await readAll(request)
    const result = control(name, body.length > 0 ? JSON.parse(body.toString('utf8')) : undefined)
    if (result === undefined) answer(response, 404, { error: `there is no control ${name}` }, null)
    else answer(response, 200, result as object, null)
  } catch (error) {
    answer(response, 400, { error: error instanceof Error ? error.message : 'failed' }, null)
  }
}
