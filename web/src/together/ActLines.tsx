import { useTranslation } from 'react-i18next'
import type { RemedyKind, RemedyState, TicketResult, TogetherAct } from '../api/wire.ts'
import { fullTime } from '../i18n/format.ts'
import { Icon } from '../ui/Icon.tsx'
import type { IconName } from '../ui/icons.ts'
import styles from './Together.module.css'

/** What was done on the ticket beside its messages: one line each, no bubble. */
export function ActLines({ acts }: { readonly acts: readonly TogetherAct[] }) {
  const { t, i18n } = useTranslation()
  const words = useActWords()
  return acts.map((act) => (
    <p key={act.id} className={styles.act}>
      <Icon name={iconOf(act.kind)} size={15} />
      <span>
        <bdi>{words(act)}</bdi>{' '}
        <small>{t('togetherAct.by', { name: act.by.name, time: fullTime(new Date(act.at), i18n.language) })}</small>
      </span>
    </p>
  ))
}

function iconOf(kind: string): IconName {
  if (kind.startsWith('task_')) return 'people'
  if (kind.startsWith('escalat')) return 'flag'
  if (kind.startsWith('remedy_')) return 'ticket'
  if (kind.startsWith('approval_')) return 'eye'
  return kind === 'result_set' ? 'doneAll' : 'note'
}

const kinds = [
  'task_opened',
  'task_done',
  'task_returned',
  'task_cancelled',
  'escalated',
  'escalation_answered',
  'escalation_ended',
  'remedy_added',
  'remedy_changed',
  'result_set',
  'approval_asked',
  'approval_given',
  'approval_changed',
  'approval_returned',
  'approval_refused',
  'approval_late',
  'approval_withdrawn',
] as const

function useActWords() {
  const { t, i18n } = useTranslation()
  return ({ kind, detail }: TogetherAct): string => {
    const known = kinds.find((one) => one === kind)
    if (!known) return t('togetherAct.unknown', { kind })
    const text = (name: string) => String(detail[name] ?? '')
    return t(`togetherAct.${known}`, {
      text: text('text'),
      reason: text('reason'),
      answer: text('answer'),
      comment: text('comment'),
      department: i18n.language === 'en' ? text('en') : text('zh'),
      to: detail.to === null ? t('escalation.anySupervisor') : text('to'),
      kind: known.startsWith('remedy_') ? t(`remedy.kind.${text('kind') as RemedyKind}`) : '',
      state: known.startsWith('remedy_') ? t(`remedy.state.${text('state') as RemedyState}`) : '',
      outcome: known === 'result_set' ? t(`result.outcome.${text('outcome') as TicketResult['outcome']}`) : '',
    })
  }
}
