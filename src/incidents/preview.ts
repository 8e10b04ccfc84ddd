/** What the prepared answer would do in each ticket, before it is sent: asked of all, written nowhere. */
import { sql } from 'drizzle-orm'
import type { Connections, OpenAccount } from '../accounts/connections.ts'
import type { Actor } from '../auth/actor.ts'
import type { Bilingual } from '../channel/errors.ts'
import type { Surface } from '../channel/events.ts'
import { refuseReply } from '../channel/refuse.ts'
import type { Db } from '../db/client.ts'
import { languageOf } from '../mentions/language.ts'
import { planParts } from '../outbound/plan.ts'
import { standingOf } from '../outbound/standing.ts'
import type { AnswerPreview, AnswerTexts } from '../wire-incidents.ts'
import { requireIncident, ticketRefs, uuids } from './refs.ts'

export interface PreviewDeps {
  readonly db: Db
  readonly connections: Connections
  readonly now: () => Date
}

const atOnce = 500
const listed = 200

/** The customer's own language, as far as there is a text in it. */
export function chooseText(texts: AnswerTexts, customersWords: string): { language: 'zh' | 'en'; text: string } {
  const found = languageOf(customersWords)
  const language = found === 'zh' || (found === 'und' && texts.zh !== '') ? 'zh' : 'en'
  if (texts[language] !== '') return { language, text: texts[language] }
  return language === 'zh' ? { language: 'en', text: texts.en } : { language: 'zh', text: texts.zh }
}

export interface Target {
  [column: string]: unknown
  ticket_id: string
  status: string
  words: string
  thread_id: string | null
  account_id: string | null
  surface: Surface | null
}

/** Of each ticket the message that a reply would answer, as `chooseTarget` picks it, and what its customer wrote. */
export async function targetsOf(db: Db, ticketIds: readonly string[]): Promise<Target[]> {
  return db.execute<Target>(sql`
    select t.id as ticket_id, t.status, coalesce(said.words, '') as words, target.thread_id, target.account_id, target.surface
    from tickets t
    left join lateral (
      select th.id as thread_id, th.account_id, th.surface from messages m join threads th on th.id = m.thread_id
      where m.ticket_id = t.id and m.direction = 'inbound' and m.deleted_at is null
      order by m.replyable desc, m.ordered_at desc, m.sequence desc nulls last, m.id desc limit 1
    ) target on true
    left join lateral (
      select string_agg(text, ' ') as words from (
        select text from messages m where m.ticket_id = t.id and m.direction = 'inbound' and m.deleted_at is null
        order by m.ordered_at desc, m.id desc limit 5
      ) newest
    ) said on true
    where t.id = any(${uuids(ticketIds)})`)
}

/** Throws 404. */
export async function previewAnswer(
  deps: PreviewDeps,
  actor: Actor,
  incidentId: string,
  texts: AnswerTexts,
): Promise<AnswerPreview> {
  await requireIncident(deps.db, actor, incidentId)
  const members = await deps.db.execute<{ ticket_id: string }>(
    sql`select ticket_id from incident_tickets where incident_id = ${incidentId} order by ticket_id`,
  )
  const ids = members.map((row) => row.ticket_id)
  const looked: Looked[] = []
  for (let at = 0; at < ids.length; at += atOnce) looked.push(...(await look(deps, ids.slice(at, at + atOnce), texts)))
  const cannot = looked.filter(({ refusal }) => refusal !== null)
  const can = looked.filter(({ refusal }) => refusal === null)
  const first = [...cannot, ...can].slice(0, listed)
  const refs = await ticketRefs(
    deps.db,
    actor,
    first.map(({ ticketId }) => ticketId),
  )
  const byId = new Map(first.map((one) => [one.ticketId, one]))
  return {
    can: can.length,
    cannot: cannot.length,
    tickets: refs.map((ref) => {
      const { ticketId: _, ...one } = byId.get(ref.id)!
      return { ...ref, ...one }
    }),
  }
}

interface Looked {
  readonly ticketId: string
  readonly language: 'zh' | 'en'
  readonly surface: Surface | null
  readonly parts: number
  readonly byHand: boolean
  readonly refusal: { readonly code: string; readonly reason: Bilingual | null } | null
}

async function look(deps: PreviewDeps, ids: readonly string[], texts: AnswerTexts): Promise<Looked[]> {
  const targets = await targetsOf(deps.db, ids)
  const accounts = new Map<string, OpenAccount | null>()
  for (const { account_id: id } of targets) {
    if (id !== null && !accounts.has(id)) accounts.set(id, await deps.connections.get(id))
  }
  const threadIds = targets.flatMap(({ thread_id: id }) => id ?? [])
  const standings = await standingOf(deps.db, threadIds, (id) => accounts.get(id)?.adapter.capabilities ?? null)
  return targets.map((target) => {
    const { language, text } = chooseText(texts, target.words)
    const account = target.account_id === null ? null : (accounts.get(target.account_id) ?? null)
    const surface = target.surface && account?.adapter.capabilities.surfaces[target.surface]
    const standing = target.thread_id === null ? undefined : standings.get(target.thread_id)
    const refuse = (code: string, reason: Bilingual | null = null) => ({ code, reason })
    const refusal =
      target.status === 'closed'
        ? refuse('ticket_closed')
        : !standing
          ? refuse('no_target')
          : !account
            ? refuse('account_gone')
            : refusalOf(refuseReply(account.adapter.capabilities, standing, { text, media: [] }, deps.now()))
    return {
      ticketId: target.ticket_id,
      language,
      surface: target.surface,
      parts: surface ? planParts(surface, text, []).length : 0,
      byHand: surface ? surface.byHand !== undefined : false,
      refusal,
    }
  })
}

function refusalOf(refusal: ReturnType<typeof refuseReply>): Looked['refusal'] {
  if (!refusal) return null
  const { reason } = refusal.details
  return { code: refusal.code, reason: typeof reason === 'object' ? reason : null }
}
