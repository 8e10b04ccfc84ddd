import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ChannelLogLine } from '../api/wire.ts'
import { figure } from '../i18n/format.ts'
import { Pill } from '../ui/Pill.tsx'
import styles from './Accounts.module.css'
import { isFailed } from './support-text.ts'

/** One exchange: in a line what it was and how it ended; behind it, what was said. */
export function LogLine({ line, isOpen }: { readonly line: ChannelLogLine; readonly isOpen: boolean }) {
  const { t, i18n } = useTranslation()
  const { at, method, url, status, durationMs, ticketId, request, response, error } = line
  const failed = isFailed(line)
  const parts = [
    ['request', request],
    ['response', response],
    ['error', error],
  ] as const
  return (
    <details className={styles.line} data-failed={failed || undefined} open={isOpen}>
      <summary>
        <time dateTime={at}>{exactTime(at, i18n.language)}</time>
        <span className={styles.address}>
          {method} {url}
        </span>
        <Pill tone={failed ? 'danger' : 'neutral'} icon={failed ? 'warning' : 'done'}>
          {status === null ? t('log.noAnswer') : String(status)}
        </Pill>
        <span className={styles.faint}>{t('log.took', { ms: figure(durationMs, i18n.language) })}</span>
      </summary>
      <div className={styles.body}>
        {ticketId && (
          <p>
            <Link to="/tickets/$ticketId" params={{ ticketId }} className={styles.link}>
              {t('log.toTicket')}
            </Link>
          </p>
        )}
        {parts.every(([, text]) => text === null) && <p className={styles.faint}>{t('log.nothingSaid')}</p>}
        {parts.map(
          ([name, text]) =>
            text !== null && (
              <div key={name}>
                <h4>{t(`log.${name}`)}</h4>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
                <pre className={styles.raw} tabIndex={0}>
                  {text}
                </pre>
              </div>
            ),
        )}
      </div>
    </details>
  )
}

/** With its milliseconds: what came first matters here. */
function exactTime(at: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  }).format(new Date(at))
}
