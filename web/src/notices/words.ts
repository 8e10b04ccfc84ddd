/** What a notice says, wherever it is shown: in the bell, on its page, in a notification of the browser. */
import type { TFunction } from 'i18next'
import type { Notice } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'

type Said = Pick<Notice, 'kind' | 'state' | 'name' | 'by' | 'clock' | 'dueAt'>

export function noticeWords({ kind, state, name, by, clock, dueAt }: Said, t: TFunction, language: string): string {
  if (kind === 'delivery') return t(state === 'unknown' ? 'notify.unknown' : 'notify.failed', { name })
  if (kind === 'mine' || kind === 'unassigned' || kind === 'mention' || kind === 'task') {
    return t(`notify.${kind}`, { name })
  }
  return t(`notices.kind.${kind}`, {
    by: by ?? '',
    promise: clock ? t(`promise.kind.${clock}`) : '',
    time: dueAt ? fullTime(new Date(dueAt), language) : '',
  })
}
