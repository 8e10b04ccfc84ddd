/** What was done to a conversation, in words. Pure but for the language. */
import type { TFunction } from 'i18next'
import type { Priority, Status, TicketAct } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'

interface FromTo {
  readonly from?: unknown
  readonly to?: unknown
}

/** Null: nothing that is shown between messages. */
export function actText(act: TicketAct, t: TFunction, language: string, nameOf: (id: string) => string): string | null {
  const { action, detail, by } = act
  const name = by.name
  const number = Number(detail.number ?? 0)
  switch (action) {
    case 'ticket.changed': {
      const parts = changesText(detail as Record<string, FromTo>, t, language, nameOf, by.id)
      if (parts.length === 0) return null
      const what = parts.join(language === 'en' ? ', ' : '，')
      if (detail.undoes !== undefined) return t('act.undid', { name, what })
      if (typeof detail.macro === 'string') return t('act.macro', { name, macro: detail.macro, what })
      return t(detail.bulk === undefined ? 'act.changed' : 'act.bulk', { name, what })
    }
    case 'ticket.merged':
      return t('act.merged', { name, number })
    case 'ticket.unmerged':
      return t('act.unmerged', { name, number })
    case 'ticket.unmerged_from':
      return t('act.unmergedFrom', { name, number })
    case 'ticket.split':
      return t('act.split', { name, number, count: Number(detail.messages ?? 0) })
    case 'ticket.split_from':
      return t('act.splitFrom', { name, number, count: Number(detail.messages ?? 0) })
    case 'ticket.unsplit':
      return t('act.unsplit', { name, number })
    case 'ticket.linked':
      return t('act.linked', { name, number })
    case 'ticket.unlinked':
      return t('act.unlinked', { name, number })
    default:
      return null
  }
}

function changesText(
  detail: Readonly<Record<string, FromTo | undefined>>,
  t: TFunction,
  language: string,
  nameOf: (id: string) => string,
  actor: string,
): string[] {
  const { status, priority, assigneeId, tags, category, snoozedUntil } = detail
  const parts: string[] = []
  if (status) parts.push(t('act.status', { status: t(`status.${status.to as Status}`) }))
  if (assigneeId) {
    if (assigneeId.to === null) parts.push(t('act.unassigned'))
    else if (assigneeId.to === actor) parts.push(t('act.claimed'))
    else parts.push(t('act.assigned', { to: nameOf(String(assigneeId.to)) }))
  }
  if (priority) parts.push(t('act.priority', { priority: t(`priority.${priority.to as Priority}`) }))
  if (tags) parts.push(...tagsText(tags, t))
  if (category) parts.push(category.to ? t('act.category', { category: String(category.to) }) : t('act.noCategory'))
  if (snoozedUntil) {
    parts.push(
      snoozedUntil.to
        ? t('act.snoozed', { time: fullTime(new Date(String(snoozedUntil.to)), language) })
        : t('act.woken'),
    )
  }
  return parts
}

function tagsText({ from, to }: FromTo, t: TFunction): string[] {
  const [before, after] = [listOf(from), listOf(to)]
  const added = after.filter((tag) => !before.includes(tag))
  const gone = before.filter((tag) => !after.includes(tag))
  return [
    ...(added.length > 0 ? [t('act.tagged', { tags: added.join(', ') })] : []),
    ...(gone.length > 0 ? [t('act.untagged', { tags: gone.join(', ') })] : []),
  ]
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
