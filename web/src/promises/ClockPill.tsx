import { useTranslation } from 'react-i18next'
import type { Clock, Ticket } from '../api/wire.ts'
import { exactSpan, fullTime } from '../i18n/format.ts'
import { Pill } from '../ui/Pill.tsx'
import { useNow } from '../ui/use-now.ts'

/** What is promised next and how long there is for it; the row of a list. */
export function ClockPill({ clock }: { readonly clock: NonNullable<Ticket['clock']> }) {
  const { t, i18n } = useTranslation()
  const now = useNow(30_000)
  const left = Date.parse(clock.dueAt) - now
  const isSoon = clock.warnAt !== null && Date.parse(clock.warnAt) <= now
  const span = exactSpan(Math.abs(left), i18n.language)
  const kind = t(`promise.kind.${clock.kind}`)
  return (
    <Pill tone={left <= 0 ? 'danger' : isSoon ? 'doubt' : 'neutral'} icon={left <= 0 ? 'warning' : 'clock'}>
      <span title={t('promise.by', { time: fullTime(new Date(clock.dueAt), i18n.language) })}>
        {t(left <= 0 ? 'promise.over' : 'promise.left', { kind, span })}
      </span>
    </Pill>
  )
}

/** One promise in words: what came of it, or how long there is. */
export function ClockWords({ clock }: { readonly clock: Clock }) {
  const { t, i18n } = useTranslation()
  const now = useNow(30_000)
  const time = (at: string) => fullTime(new Date(at), i18n.language)
  const span = (ms: number) => exactSpan(Math.abs(ms), i18n.language)
  if (clock.stoppedAt) return t(`promise.ended.${clock.state as 'met'}`, { time: time(clock.stoppedAt) })
  if (clock.leftMs !== null) return t('promise.paused', { span: span(clock.leftMs) })
  if (!clock.dueAt) return t('promise.noTime')
  const left = Date.parse(clock.dueAt) - now
  return t(left > 0 ? 'promise.dueAt' : 'promise.wasDueAt', { span: span(left), time: time(clock.dueAt) })
}
