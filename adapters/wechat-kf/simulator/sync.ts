/** `kf/sync_msg`: what was written to a service account in the last three days, page by page. Numbers of its own. */
import type { Clock, Company, Line } from './company.ts'
import { refusals } from './refusal.ts'

type Body = Readonly<Record<string, unknown>>

const keptSeconds = 3 * 86_400
const tokenGoodMs = 600_000
/** "A strict limit" without a token; how strict is told nowhere. */
const unaskedAMinute = 20

export interface Sync {
  page(body: Body): object
  /** Pages of at most so many lines; null: of as many as are asked for. */
  shorten(lines: number | null): void
  /** So many pages are empty, and say that there is more. */
  empty(pages: number): void
  /** What was given as cursors is refused from now on. */
  forgetCursors(): void
}

export function createSync(company: Company, clock: Clock): Sync {
  let most: number | null = null
  let emptyPages = 0
  let generation = 0
  let unasked: number[] = []

  function checkToken(token: unknown): void {
    const now = clock.now()
    if (token !== undefined && token !== '') {
      const given = company.callTokens.get(String(token))
      if (given === undefined || now > given + tokenGoodMs) throw refusals.msgToken
      return
    }
    unasked = unasked.filter((at) => at > now - 60_000)
    if (unasked.length >= unaskedAMinute) throw refusals.tooOften
    unasked.push(now)
  }

  function startOf(lines: readonly Line[], cursor: unknown): number {
    if (cursor === undefined || cursor === '') {
      const oldest = Math.floor(clock.now() / 1000) - keptSeconds
      const first = lines.findIndex(({ send_time }) => send_time >= oldest)
      return first === -1 ? lines.length : first
    }
    const [, of, at] = /^4gw7-(\d+)-(\d+)$/u.exec(String(cursor)) ?? []
    if (of !== String(generation) || at === undefined) throw refusals.parameter
    return Number(at)
  }

  return {
    page({ cursor, token, limit = 1000, open_kfid, voice_format = 0 }) {
      const lines = company.lines.get(String(open_kfid))
      if (!lines) throw refusals.kfId
      if (company.accounts.get(String(open_kfid))?.managed === false) throw refusals.forbidden
      if (typeof limit !== 'number' || limit < 1 || limit > 1000) throw refusals.parameter
      if (voice_format !== 0 && voice_format !== 1) throw refusals.parameter
      checkToken(token)
      const start = startOf(lines, cursor)
      const isEmpty = emptyPages > 0
      if (isEmpty) emptyPages -= 1
      const size = isEmpty ? 0 : Math.min(limit, most ?? limit)
      const msg_list = lines.slice(start, start + size)
      const end = start + msg_list.length
      // Even an empty page that is not the last leads on: its cursor is another one.
      const next_cursor = `4gw7-${generation}-${isEmpty ? `${'0'.repeat(emptyPages + 1)}${end}` : end}`
      return { errcode: 0, errmsg: 'ok', next_cursor, has_more: isEmpty || end < lines.length ? 1 : 0, msg_list }
    },
    shorten(lines) {
      most = lines
    },
    empty(pages) {
      emptyPages = pages
    },
    forgetCursors() {
      generation += 1
    },
  }
}
