import { useTranslation } from 'react-i18next'
import type { Colleague, MacroActs } from '../api/wire.ts'

/** What a macro does, in one line. */
export function useActsText(colleagues: readonly Colleague[]) {
  const { t } = useTranslation()
  return ({ status, priority, assignee, addTags, removeTags, snoozeForMs, note, reply }: MacroActs): string => {
    const who =
      assignee === 'me'
        ? t('macro.whoRuns')
        : assignee
          ? (colleagues.find(({ id }) => id === assignee)?.name ?? assignee)
          : t('ticket.nobody')
    return [
      status && t('ticket.statusLabel', { status: t(`status.${status}`) }),
      priority && t('ticket.priorityLabel', { priority: t(`priority.${priority}`) }),
      assignee !== undefined && t('ticket.assigneeLabel', { name: who }),
      ...(addTags ?? []).map((tag) => `+ ${tag}`),
      ...(removeTags ?? []).map((tag) => `− ${tag}`),
      snoozeForMs !== undefined && `${t('ticket.snooze')} ${t('macro.hours', { count: snoozeForMs / 3_600_000 })}`,
      reply !== undefined && t('macro.replyIs', { text: reply }),
      note !== undefined && t('macro.noteIs', { text: note }),
    ]
      .filter(Boolean)
      .join(' · ')
  }
}
