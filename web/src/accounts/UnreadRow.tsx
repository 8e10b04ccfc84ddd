import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { request } from '../api/request.ts'
import type { UnreadContent, UnreadItem } from '../api/wire.ts'
import { fileSize, fullTime } from '../i18n/format.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import styles from './Accounts.module.css'

interface UnreadRowProps {
  readonly accountId: string
  readonly item: UnreadItem
  readonly isBusy: boolean
  readonly onReplay: () => void
  readonly onDiscard: () => void
  readonly onRestore: () => void
}

export function UnreadRow({ accountId, item, isBusy, onReplay, onDiscard, onRestore }: UnreadRowProps) {
  const { t, i18n } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  const { id, kind, reason, attempts, bytes, receivedAt, discarded } = item
  return (
    <>
      <div className={styles.top}>
        <time dateTime={receivedAt}>{fullTime(new Date(receivedAt), i18n.language)}</time>
        <bdi className={styles.reason}>{reason}</bdi>
        <span className={styles.faint}>
          {[
            t(`unread.kinds.${kind}`),
            fileSize(bytes, i18n.language),
            attempts > 0 && t('unread.attempts', { count: attempts }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </div>
      <div className={styles.actions}>
        <Button small icon="eye" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {t(isOpen ? 'unread.hide' : 'unread.look')}
        </Button>
        {discarded ? (
          <Button small icon="undo" onClick={onRestore}>
            {t('unread.restore')}
          </Button>
        ) : (
          <>
            <Button small disabled={isBusy} onClick={onReplay}>
              {t('accounts.replay')}
            </Button>
            <Button small icon="trash" disabled={isBusy} onClick={onDiscard}>
              {t('unread.discard')}
            </Button>
          </>
        )}
      </div>
      {isOpen && <Content accountId={accountId} id={id} />}
    </>
  )
}

/** Asked for only when somebody looks: that is written down. */
function Content({ accountId, id }: { readonly accountId: string; readonly id: string }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery({
    queryKey: keys.unreadContent(accountId, id),
    queryFn: ({ signal }) => request<UnreadContent>(`/api/accounts/${accountId}/unread/items/${id}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  if (error) return <ErrorNote error={error} onRetry={refetch} />
  if (!data) return <Spinner label={t('common.loading')} />
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre className={styles.raw} tabIndex={0}>
        {data.text}
      </pre>
      <p className={styles.faint}>{t(data.cut ? 'unread.cut' : 'unread.redacted')}</p>
    </>
  )
}
