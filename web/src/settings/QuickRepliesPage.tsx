import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keys } from '../api/keys.ts'
import { brandsQuery, quickRepliesQuery } from '../api/queries.ts'
import { request } from '../api/request.ts'
import type { QuickReply } from '../api/wire.ts'
import { problemText } from '../i18n/problem-text.ts'
import { queryClient } from '../query-client.ts'
import { findQuick } from '../quick/slash.ts'
import { Button } from '../ui/Button.tsx'
import { Confirm } from '../ui/Confirm.tsx'
import { Empty } from '../ui/Empty.tsx'
import { ErrorNote } from '../ui/ErrorNote.tsx'
import { Pill } from '../ui/Pill.tsx'
import { Spinner } from '../ui/Spinner.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/toast.ts'
import { QuickReplyDialog } from './QuickReplyDialog.tsx'
import styles from './Settings.module.css'
import { SettingsPage } from './SettingsPage.tsx'

export function QuickRepliesPage() {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(quickRepliesQuery)
  const { data: brands = [] } = useQuery(brandsQuery)
  const [words, setWords] = useState('')
  const [edited, setEdited] = useState<QuickReply | 'new' | null>(null)
  const [leaving, setLeaving] = useState<QuickReply | null>(null)
  const deleting = useMutation({
    mutationFn: (reply: QuickReply) => request(`/api/quick-replies/${reply.id}`, { method: 'DELETE' }),
    onSuccess: (_, reply) => toast(t('quick.deleted', { name: reply.title })),
    onError: (failure) => toast(problemText(failure, t), { tone: 'danger' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.quickReplies }),
  })
  const found = data && findQuick(data, words.trim())
  const add = (
    <Button look="primary" icon="plus" onClick={() => setEdited('new')}>
      {t('quick.add')}
    </Button>
  )
  return (
    <SettingsPage title={t('settings.quickReplies')} intro={t('quick.intro')} action={data?.length ? add : undefined}>
      {error && <ErrorNote error={error} onRetry={refetch} />}
      {!data && !error && <Spinner label={t('common.loading')} />}
      {data?.length === 0 && (
        <Empty icon="quick" title={t('quick.none')} action={add}>
          {t('quick.noneHelp')}
        </Empty>
      )}
      {data && data.length > 5 && (
        <TextField label={t('quick.search')} value={words} onChange={setWords} type="search" />
      )}
      {found && data.length > 0 && (
        <ul className={styles.cards}>
          {found.map((reply) => (
            <li key={reply.id} className={styles.card}>
              <div className={styles.cardTop}>
                <h2 className={styles.cardName}>
                  <bdi>{reply.title}</bdi> <small>/{reply.shortcut}</small>
                </h2>
                <Pill tone={reply.shared ? 'accent' : 'neutral'}>
                  {reply.shared
                    ? (brands.find(({ id }) => id === reply.brandId)?.name ?? t('quick.shared'))
                    : t('quick.own')}
                </Pill>
                {reply.mine && (
                  <>
                    <Button
                      small
                      icon="edit"
                      onClick={() => setEdited(reply)}
                      aria-label={`${t('common.edit')} ${reply.title}`}
                    >
                      {t('common.edit')}
                    </Button>
                    <Button
                      small
                      icon="trash"
                      onClick={() => setLeaving(reply)}
                      aria-label={`${t('common.delete')} ${reply.title}`}
                    >
                      {t('common.delete')}
                    </Button>
                  </>
                )}
              </div>
              {reply.zh && (
                <p className={styles.words} lang="zh-CN">
                  {reply.zh}
                </p>
              )}
              {reply.en && (
                <p className={styles.words} lang="en">
                  {reply.en}
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
      {found?.length === 0 && data && data.length > 0 && <p role="status">{t('queue.empty.found.title')}</p>}
      {edited && (
        <QuickReplyDialog reply={edited === 'new' ? null : edited} brands={brands} onClose={() => setEdited(null)} />
      )}
      <Confirm
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title={t('quick.deleteTitle', { name: leaving?.title ?? '' })}
        action={t('common.delete')}
        danger
        onConfirm={() => leaving && deleting.mutate(leaving)}
      >
        {t('quick.deleteBody')}
      </Confirm>
    </SettingsPage>
  )
}
